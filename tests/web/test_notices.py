"""Being told: in the studio and by mail, each kind as each person chooses, with the reason in the first line and nothing private."""

from __future__ import annotations

import socketserver
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from curriculum_studio.actions.approvals import ask_for_review, give_verdict
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.notices import choose_notices, mails_due, send_mails
from curriculum_studio.actions.review_lists import follow_everywhere
from curriculum_studio.actions.reviews import Choice, assign_thread, close_thread, reply, start_thread
from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.domain.notices import KINDS, Mail, reason
from curriculum_studio.storage.mail import Later, send_mail
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in, token_of, who

PATH = "grade-6/ratios/01-introducing-ratios.md"
WORDS = Choice("Nothing is calculated yet")


def test_a_mention_is_told_at_home_and_by_mail_with_the_reason_first(studio: Studio, app: Flask) -> None:
    ada = who(studio, "ada")
    choose_notices(studio, ada, {}, "ada@example.org")
    start_thread(studio, who(studio, "carla"), PATH, WORDS, "Is this so, @Ada?")
    home = signed_in(app, "ada").get("/").get_data(as_text=True)
    assert "Carla mentions you on “Introducing ratios”." in home
    sent: list[Mail] = []
    assert send_mails(studio, datetime.now(UTC), sent.append) == 1
    assert sent[0].to == "ada@example.org"
    assert sent[0].text.split("\n")[0] == "Carla mentions you on “Introducing ratios”."
    assert "/threads/t-" in sent[0].text
    assert send_mails(studio, datetime.now(UTC), sent.append) == 0


def test_without_an_address_there_is_no_mail(studio: Studio) -> None:
    start_thread(studio, who(studio, "carla"), PATH, WORDS, "@Ada?")
    assert mails_due(studio, datetime.now(UTC), "") == []
    choose_notices(studio, who(studio, "ada"), {}, "ada@example.org")
    assert mails_due(studio, datetime.now(UTC), "") == []


def test_each_kind_is_told_as_chosen(studio: Studio) -> None:
    carla, ada = who(studio, "carla"), who(studio, "ada")
    choose_notices(studio, carla, {"reply": "digest", "mention": "studio"}, "carla@example.org")
    key = start_thread(studio, carla, PATH, WORDS, "Why?")
    reply(studio, ada, key, "Because.")
    reply(studio, ada, key, "And @Carla, look.")
    now = datetime.now(UTC)
    assert mails_due(studio, now.replace(hour=0), "") == []
    tomorrow = (now + timedelta(days=1)).replace(hour=7)
    ((mail, numbers),) = mails_due(studio, tomorrow, "https://s")
    assert mail.text.startswith("You chose to hear once a day: 1 thing happened")
    assert "Because." in mail.text
    assert "look" not in mail.text
    assert len(numbers) == 1


def test_each_kind_is_told_by_what_people_do_with_its_reason_in_the_first_line(studio: Studio) -> None:
    ada, ben, carla = (who(studio, name) for name in ("ada", "ben", "carla"))
    for one in (ada, ben, carla):
        choose_notices(studio, one, dict.fromkeys(KINDS, "mail"), f"{one.name.lower()}@example.org")
    now = datetime.now(UTC)
    key = start_thread(studio, carla, PATH, WORDS, "Is this so, @Ada?")
    reply(studio, ada, key, "Yes.")
    assign_thread(studio, carla, key, ben.key)
    ask_for_review(studio, ada, PATH, [ben.key], "Clear?", "", (now + timedelta(days=1)).date().isoformat())
    sent: list[Mail] = []
    send_mails(studio, now, sent.append)
    close_thread(studio, ada, key, "answered")
    give_verdict(studio, ben, PATH, studio.content.blob_id(PATH), "approved", "Good.")
    quote = "to see, to say and to draw"
    start_thread(studio, carla, PATH, Choice(quote), "All three?")
    text = studio.snapshot()[PATH].decode()
    save_version(studio, ada, PATH, text.replace(quote, ""), studio.content.blob_id(PATH), "x")
    follow_everywhere(studio, {})
    send_mails(studio, now, sent.append)
    first = sorted((one.to.partition("@")[0], one.text.split("\n")[0]) for one in sent)
    assert first == [
        ("ada", "Ben gave a verdict on “Introducing ratios”."),
        ("ada", "Carla mentions you on “Introducing ratios”."),
        ("ben", "Ada asks for your review of “Introducing ratios”."),
        ("ben", "Ada closed a thread of yours on “Introducing ratios”."),
        ("ben", "Carla asks you to look after a thread on “Introducing ratios”."),
        ("ben", "Your review of “Introducing ratios”, which Ada asked for, is due."),
        ("carla", "Ada answered on “Introducing ratios”."),
        ("carla", "Ada closed a thread of yours on “Introducing ratios”."),
        ("carla", "The words that you commented on in “Introducing ratios” are gone."),
    ]
    assert all(one.subject == one.text.split("\n")[0] for one in sent)


def test_a_mail_that_fails_is_tried_again(studio: Studio) -> None:
    choose_notices(studio, who(studio, "ada"), {}, "ada@example.org")
    start_thread(studio, who(studio, "carla"), PATH, WORDS, "@Ada")

    def fail(mail: Mail) -> None:
        raise StoreError("no")

    with pytest.raises(StoreError):
        send_mails(studio, datetime.now(UTC), fail)
    sent: list[Mail] = []
    assert send_mails(studio, datetime.now(UTC), sent.append) == 1


def test_what_turned_private_is_told_to_nobody(studio: Studio, app: Flask) -> None:
    choose_notices(studio, who(studio, "ben"), {}, "ben@example.org")
    start_thread(studio, who(studio, "carla"), PATH, WORDS, "Secret, @Ben")
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    assert mails_due(studio, datetime.now(UTC), "") == []
    for address in ("/", "/notices"):
        shown = signed_in(app, "ben").get(address).get_data(as_text=True)
        assert "Secret" not in shown
        assert "Introducing ratios" not in shown


def test_reminders_go_out_once_before_the_day(studio: Studio) -> None:
    ben = who(studio, "ben")
    choose_notices(studio, ben, {"request": "studio"}, "ben@example.org")
    now = datetime.now(UTC)
    ask_for_review(studio, who(studio, "ada"), PATH, [ben.key], "Clear?", "", (now + timedelta(days=5)).date().isoformat())  # fmt: skip
    sent: list[Mail] = []
    send_mails(studio, now, sent.append)
    assert not sent
    send_mails(studio, now + timedelta(days=4), sent.append)
    send_mails(studio, now + timedelta(days=5), sent.append)
    assert [one.text.split("\n")[0] for one in sent] == [
        "Your review of “Introducing ratios”, which Ada asked for, is due."
    ]


def test_choices_are_kept_and_bad_addresses_refused(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")

    def keep(address: str) -> int:
        form = {"csrf_token": token_of(ada, "/notices"), "address": address, "reply": "studio"}
        return ada.post("/notices", data=form).status_code

    assert keep("ada@example.org") == 303
    page = ada.get("/notices").get_data(as_text=True)
    assert 'value="ada@example.org"' in page
    for bad in ("ada", "a@b@c", "a b@c", "a@b,c@d"):
        assert keep(bad) == 400, bad
    with pytest.raises(Refused):
        choose_notices(studio, who(studio, "ada"), {}, "a@b.c\nBcc: x@y.z")
    start_thread(studio, who(studio, "carla"), PATH, WORDS, "@Ada")
    assert ">new<" in ada.get("/notices").get_data(as_text=True)
    assert send(ada, "/notices", "/notices/seen").status_code == 303
    assert ">new<" not in ada.get("/notices").get_data(as_text=True)


def test_every_kind_has_its_reason() -> None:
    assert len({reason(kind, "Ada", "T") for kind in KINDS}) == len(KINDS)


class _Door(socketserver.StreamRequestHandler):
    """A mail server that keeps what it is given."""

    def handle(self) -> None:
        taken: list[bytes] = self.server.taken  # type: ignore[attr-defined]
        answers: dict[bytes, bytes] = getattr(self.server, "answers", {})
        self.wfile.write(b"220 here\r\n")
        data = False
        for line in self.rfile:
            if data:
                taken.append(line)
                if line == b".\r\n":
                    data = False
                    self.wfile.write(b"250 ok\r\n")
                continue
            if (answer := answers.get(line[:4].upper())) is not None:
                self.wfile.write(answer)
            elif line.upper().startswith(b"DATA"):
                data = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


def test_mail_goes_out_by_smtp_and_a_dead_server_is_told() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Door) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        port = server.server_address[1]
        send_mail(
            f"smtp://127.0.0.1:{port}",
            "S <s@example.org>",
            Mail("ada@example.org", "Carla answered", "Carla answered.\n\né"),
        )
        thread.join(timeout=10)
        sent = b"".join(server.taken)  # type: ignore[attr-defined]
    assert b"To: ada@example.org" in sent
    assert b"Subject: Carla answered" in sent
    with pytest.raises(StoreError):
        send_mail(f"smtp://127.0.0.1:{port}", "S <s@example.org>", Mail("a@b.c", "x", "y"))


@pytest.mark.parametrize(
    ("command", "answer", "raised"),
    [
        (b"RCPT", b"550 nobody here\r\n", Refused),
        (b"RCPT", b"450 try again\r\n", Later),
        (b"DATA", b"554 not this\r\n", Refused),
        (b"DATA", b"451 not now\r\n", Later),
        (b"MAIL", b"530 who are you\r\n", StoreError),
    ],
)
def test_what_a_server_says_of_one_mail_is_told_from_what_it_says_of_all(
    command: bytes, answer: bytes, raised: type[Exception]
) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Door) as server:
        server.taken, server.answers = [], {command: answer}  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(raised) as found:
            send_mail(
                f"smtp://127.0.0.1:{server.server_address[1]}", "S <s@example.org>", Mail("a@b.c", "x", "y")
            )
        thread.join(timeout=60)
    assert found.type is raised


def test_an_address_in_letters_that_the_server_does_not_know_is_refused() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Door) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(Refused):
            send_mail(
                f"smtp://127.0.0.1:{server.server_address[1]}", "S <s@example.org>", Mail("é@b.c", "x", "y")
            )
        thread.join(timeout=60)


def test_an_address_that_no_server_takes_keeps_nobody_from_their_mail(studio: Studio) -> None:
    people = ("ada", "ben", "dana")
    for name in people:
        choose_notices(studio, who(studio, name), {}, f"{name}@example.org")
    start_thread(studio, who(studio, "carla"), PATH, WORDS, "@Ada, @Ben and @Dana?")
    tried: list[str] = []

    def send(mail: Mail) -> None:
        tried.append(mail.to.partition("@")[0])
        if mail.to.startswith("ada"):
            raise Refused("never")
        if mail.to.startswith("ben") and tried.count("ben") == 1:
            raise Later("not now")

    with pytest.raises(Later):
        send_mails(studio, datetime.now(UTC), send)
    assert sorted(tried) == sorted(people)
    assert send_mails(studio, datetime.now(UTC), send) == 1
    assert tried[3:] == ["ben"]


def test_without_a_server_the_mail_stands_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    send_mail("", "S <s@example.org>", Mail("ada@example.org", "Carla answered", "Carla answered."))
    assert "Carla answered." in capsys.readouterr().err
