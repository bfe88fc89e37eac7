"""Mail that goes out: by SMTP where a server is set, else into the log of the studio, where it can be read."""

from __future__ import annotations

import smtplib
import sys
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from curriculum_studio.domain.errors import StoreError
from curriculum_studio.domain.notices import Mail

_SECONDS = 20


def send_mail(server: str, sender: str, mail: Mail) -> None:
    """Sends one mail. `server` is `smtp://` (with STARTTLS where it is offered) or `smtps://`, with user and password
    in it; "" prints the mail instead. Raises `StoreError` where it did not go out."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if not server:
        print(f"--- mail to {mail.to}\n{message['Subject']}\n\n{mail.text}\n---", file=sys.stderr, flush=True)
        return
    parts = urlsplit(server)
    host, port = parts.hostname or "localhost", parts.port
    try:
        if parts.scheme == "smtps":
            link: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=_SECONDS)
        else:
            link = smtplib.SMTP(host, port or 25, timeout=_SECONDS)
        with link:
            if parts.scheme != "smtps" and link.ehlo() and link.has_extn("starttls"):
                link.starttls()
            if parts.username:
                link.login(unquote(parts.username), unquote(parts.password or ""))
            link.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise StoreError("The mail could not be sent; it is tried again later.") from error
