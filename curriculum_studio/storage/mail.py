"""Mail that goes out: by SMTP where a server is set, else into the log of the studio, where it can be read."""

from __future__ import annotations

import smtplib
import sys
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from curriculum_studio.domain.errors import Refused, StoreError, StudioError
from curriculum_studio.domain.notices import Mail

_SECONDS = 20
_NOT_SENT = "The mail could not be sent; it is tried again later."
_FOR_EVER = 500
"""From this code on a mail server means what it says; below it, it wants to be asked again."""


class Later(StoreError):
    """The server does not take this mail now; it takes others."""


def send_mail(server: str, sender: str, mail: Mail) -> None:
    """Sends one mail. `server` is `smtp://` (with STARTTLS where it is offered) or `smtps://`, with user and password
    in it; "" prints the mail instead.

    Raises `StoreError` where the server could not be used, `Later` where it takes others and this one some other time, and
    `Refused` where it will never take it."""
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
            _hand_in(link, message)
    except (OSError, smtplib.SMTPException) as error:
        raise StoreError(_NOT_SENT) from error


def _hand_in(link: smtplib.SMTP, message: EmailMessage) -> None:
    """Gives the server one mail; what it says of this one is not said of others."""
    try:
        link.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = min(code for code, _ in error.recipients.values())
        raise _answered(code) from error
    except smtplib.SMTPDataError as error:
        raise _answered(error.smtp_code) from error
    except smtplib.SMTPNotSupportedError as error:
        # An address in letters that this server does not know.
        raise _answered(_FOR_EVER) from error


def _answered(code: int) -> StudioError:
    return Refused("The mail server does not take this mail.") if code >= _FOR_EVER else Later(_NOT_SENT)
