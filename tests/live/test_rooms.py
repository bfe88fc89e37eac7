"""Rooms through the served studio: who may write, versions and their authors, changes from outside, hostile messages."""

from __future__ import annotations

import json
import re
import subprocess
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Text
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from curriculum_studio.live import frames, people
from curriculum_studio.live.rooms import MOST_OF_PERSON
from curriculum_studio.live.updates import Reader, number
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import open_studio
from curriculum_studio.web import keeper
from tests.laws.test_serving import SLOW, Browser
from tests.live.clients import PATH, PLACE, Clients
from tests.live.test_convergence import in_git, wait_for_version


def until(holds: object, seconds: float = SLOW) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_who_only_comments_cannot_write_through_the_socket(browsers: Clients, shared: Path) -> None:
    studio = open_studio(shared)
    rui = studio.people.add("Rui", "rui", "reviewer", sample=True).key
    before = browsers.open("reader", "rui")
    assert before == in_git(shared)
    browsers.open("writer", "ada")
    assert browsers.ask("seen", name="reader")["right"] == "comment"

    def refusals() -> list[tuple[str, str, str]]:
        rows = [one for one in studio.audit.entries(500) if one.act == "was refused a change"]
        return [(one.actor, one.about, one.detail["address"]) for one in rows]

    browsers.ask("insert", name="reader", at=0, words="Forged words ")
    assert until(lambda: browsers.ask("seen", name="reader")["refused"] == ["right"])
    assert until(refusals)
    # Going on trying changes nothing either, and fills the record with no second entry.
    browsers.ask("raw", name="reader", bytes=[2, 0, 1, 1, 1, 5, 0, 4, 1, 4, *b"text", 1, 65, 0])
    browsers.ask("insert", name="writer", at=-1, words="Ada goes on.\n")
    assert browsers.ask("saved", names=["writer"])["ok"]
    assert browsers.text("writer") == before + "Ada goes on.\n"
    assert refusals() == [(rui, PATH, f"/live/{PLACE}")]
    wait_for_version(browsers, shared, "writer", PATH, before + "Ada goes on.\n")
    assert refusals() == [(rui, PATH, f"/live/{PLACE}")]
    assert "refused" in (shared.parent / "serve.log").read_text()
    studio.close()
    # What a browser sends of its own accord when it comes (the other message that Yjs writes with) is refused the same.
    told = len(browsers.ask("seen", name="reader")["refused"])
    browsers.ask("rejoin", names=["reader"])
    assert until(lambda: len(browsers.ask("seen", name="reader")["refused"]) > told)
    assert "Forged words" not in browsers.text("writer")
    browsers.ask("close", names=["reader", "writer"])


def test_who_somebody_is_and_where_is_said_by_the_room(browsers: Clients) -> None:
    for name in ("ada", "carla"):
        browsers.open(name, name)
    forged = {"part": "Warm-up", "name": "Dana", "person": "p-dana", "colour": 7, "id": 1, "writes": False}
    browsers.ask("show", name="carla", place=forged)

    def carla() -> dict[str, Any]:
        return next(one for one in browsers.ask("seen", name="ada")["people"] if one["name"] == "Carla")

    assert until(lambda: carla()["place"] == {"part": "Warm-up"})
    seen = browsers.ask("seen", name="ada")["people"]
    assert sorted(one["name"] for one in seen) == ["Ada", "Carla"]
    assert len({one["colour"] for one in seen}) == 2
    assert carla()["writes"]
    browsers.ask("close", names=["ada", "carla"])


def dial(browsers: Clients, person: str, **more: Any) -> ClientConnection:
    """A connection of a program that says what it likes."""
    where = browsers.where()
    headers = {"Cookie": browsers.cookie(person)} if person else {}
    more.setdefault("origin", where["origin"])
    return connect(
        where["url"], additional_headers=headers, compression=None, proxy=None, max_size=None, **more
    )


def end_of(one: ClientConnection) -> int | None:
    """The code with which the room ends a connection."""
    try:
        while True:
            one.recv(timeout=SLOW)
    except ConnectionClosed as error:
        return error.rcvd.code if error.rcvd else None


def test_only_a_page_of_our_own_reaches_a_room(browsers: Clients) -> None:
    own = browsers.where()["origin"]
    for origin in ("http://evil.example", f"{own}0", f"{own}.evil.example", "null", None):
        with pytest.raises(InvalidStatus) as refused:
            dial(browsers, "ada", origin=origin)
        assert refused.value.response.status_code == 403, origin
    with pytest.raises(InvalidStatus):
        dial(browsers, "")


def test_frames_sockets_and_haste_have_their_limits(browsers: Clients) -> None:
    before = browsers.open("ada", "ada")
    for content, code in ((b"\x02" + b"x" * (1 << 20), 1009), ("words in letters", 1003)):
        with dial(browsers, "dana") as one:
            one.send(content)
            assert end_of(one) == code
    with ExitStack() as many:
        refused = None
        for _ in range(MOST_OF_PERSON + 1):
            try:
                many.enter_context(dial(browsers, "dana"))
            except InvalidStatus as error:
                refused = error.response.status_code
        assert refused == 503
    with dial(browsers, "dana") as one:
        one.send(frames.join(0, "", [], b""))
        one.recv(timeout=SLOW)
        told = len(browsers.ask("seen", name="ada")["shown"])
        for number in range(400):
            one.send(bytes([frames.PRESENCE]) + json.dumps({"part": f"{number}"}).encode())
        one.send(bytes([frames.ALIVE]))
        while one.recv(timeout=SLOW)[0] != frames.ALIVE:
            pass
        # All of them were read by now; what was more than a hand does was told to nobody.
        time.sleep(0.2)
        assert len(browsers.ask("seen", name="ada")["shown"]) - told < 200
    browsers.ask("insert", name="ada", at=-1, words="All the same.\n")
    assert browsers.ask("saved", names=["ada"])["ok"]
    assert browsers.text("ada") == before + "All the same.\n"
    browsers.ask("close", names=["ada"])


def test_who_writes_faster_than_any_hand_is_slowed_and_loses_nothing(browsers: Clients, shared: Path) -> None:
    before = browsers.open("ada", "ada")
    with dial(browsers, "dana") as one:
        one.send(frames.join(0, "", [], b""))
        welcome = Reader(one.recv(timeout=SLOW))
        assert welcome.byte() == frames.WELCOME
        for _ in range(3):
            for _ in range(welcome.number()):
                welcome.byte()
        doc: Doc[Text] = Doc()
        text = doc.get("text", type=Text)
        doc.apply_update(welcome.rest())
        kept = 0

        def write(first: int, last: int) -> None:
            nonlocal kept
            for count in range(first, last + 1):
                state = doc.get_state()
                text.insert(len(str(text).encode()), f"w{count}.")
                one.send(bytes([frames.UPDATE]) + number(count - 1) + number(count) + doc.get_update(state))
            while kept < last:
                heard = Reader(one.recv(timeout=SLOW))
                if heard.byte() == frames.KEPT:
                    kept = heard.number()

        began = time.monotonic()
        over = 3 * int(people._RATE)
        most = int(people._BURST) + over
        write(1, most)
        write(most + 1, most + 1)
        # What is more than a burst has to be waited for, a person's rate long.
        assert time.monotonic() - began > 0.8 * over / people._RATE
        most += 1
    words = "".join(f"w{count}." for count in range(1, most + 1))
    assert until(lambda: browsers.text("ada") == before + words)
    browsers.ask("close", names=["ada"])
    assert until(lambda: in_git(shared) == before + words), "the next test begins with no words under way"


def test_who_wrote_too_much_is_told_until_it_is_less(browsers: Clients) -> None:
    before = browsers.open("ada", "ada", merges=True)
    browsers.open("carla", "carla")
    browsers.ask("insert", name="ada", at=-1, words="One sentence.\n")
    browsers.ask("insert", name="ada", at=0, words="x" * 300_000)
    assert until(lambda: "One sentence." in browsers.text("carla"))
    assert until(lambda: browsers.ask("text", name="ada")["state"] == "refused")
    # What was kept before it is no reason to be quiet about it.
    time.sleep(0.3)
    assert browsers.ask("text", name="ada")["state"] == "refused"
    browsers.ask("remove", name="ada", at=0, length=300_000)
    browsers.ask("insert", name="ada", at=-1, words="Another.\n")
    assert browsers.ask("saved", names=["ada"])["ok"], browsers.ask("seen", name="ada")
    wanted = before + "One sentence.\nAnother.\n"
    assert until(lambda: browsers.text("carla") == wanted == browsers.text("ada"))
    browsers.ask("close", names=["ada", "carla"])


def test_a_session_becomes_one_version_that_names_everybody(browsers: Clients, shared: Path) -> None:
    browsers.open("ada", "ada")
    browsers.open("carla", "carla")
    browsers.ask("insert", name="ada", at=-1, words="\nA sentence of Ada that is the longer one.\n")
    browsers.ask("insert", name="carla", at=-1, words="\nOne of Carla.\n")
    assert browsers.ask("saved", names=["ada", "carla"])["ok"]
    # What is saved of one is on its way to the other still.
    assert until(lambda: browsers.text("ada") == browsers.text("carla"))
    text = browsers.text("ada")
    browsers.ask("close", names=["ada", "carla"])
    assert until(lambda: in_git(shared) == text), "all have left: it becomes a version by itself"
    studio = open_studio(shared)
    last = studio.content.history(PATH, limit=1)[0]
    carla = studio.people.by_account("carla").person.key
    assert studio.content.history(PATH, author=carla)[0] == last
    studio.close()
    assert (last.author.name, [one.name for one in last.others]) == ("Ada", ["Carla"])
    assert last.writers == "Ada and Carla"
    assert last.note.startswith("Changed “")
    assert "Co-authored" not in last.note
    raw = ["git", "-C", str(shared / "curriculum.git"), "log", "-1", "--format=%B", "main"]
    assert (
        "Co-authored-by: Carla <p-" in subprocess.run(raw, capture_output=True, check=True, text=True).stdout
    )


def test_a_version_that_is_asked_for_is_made_once_whatever_is_lost(browsers: Clients, shared: Path) -> None:
    for name in ("ada", "carla"):
        browsers.open(name, name)

    def answered(name: str, count: int) -> bool:
        return until(lambda: len(browsers.ask("seen", name=name)["named"]) == count)

    def made(note: str) -> int:
        studio = open_studio(shared)
        try:
            return sum(note in version.note for version in studio.content.history(PATH, limit=20))
        finally:
            studio.close()

    # The answer is lost: asked again under the same name, the version that was made is the answer.
    browsers.ask("insert", name="ada", at=-1, words="Words of the first ask.\n")
    browsers.ask("name", name="ada", note="Asked once")
    browsers.ask("cut", name="ada")
    assert until(lambda: made("Asked once") == 1)
    browsers.ask("insert", name="carla", at=-1, words="Words that came after it.\n")
    assert browsers.ask("saved", names=["carla"])["ok"]
    browsers.ask("heal", name="ada")
    assert answered("ada", 1)
    assert browsers.ask("seen", name="ada")["naming"] is None
    # The ask itself is lost, and comes with the next connection; two who ask at once are both answered.
    browsers.ask("cut", name="ada")
    browsers.ask("name", name="ada", note="Asked far away")
    browsers.ask("heal", name="ada")
    browsers.ask("name", name="carla", note="Asked by another")
    assert answered("ada", 2)
    assert answered("carla", 1)
    time.sleep(2)
    assert (made("Asked once"), made("Asked far away") + made("Asked by another")) in [(1, 1), (1, 2)]
    browsers.ask("close", names=["ada", "carla"])


def test_a_version_from_outside_comes_into_the_open_room(browsers: Clients, shared: Path) -> None:
    browsers.open("ada", "ada")
    browsers.ask("insert", name="ada", at=-1, words="Typed while the other version was on its way.\n")
    assert browsers.ask("saved", names=["ada"])["ok"]
    studio = open_studio(shared)
    blob = studio.content.blob_id(PATH)
    old = studio.content.read(PATH).decode()
    new = old.replace("ratio", "RATIO FROM OUTSIDE", 1)
    assert new != old
    change = Change(PATH, new.encode(), blob)
    studio.content.save([change], Author("Ben", "p-ben"), "Pushed", datetime.now(UTC))
    studio.close()
    assert browsers.ask("told", name="ada", kind="outside")["ok"]
    text = browsers.text("ada")
    assert text == new + "Typed while the other version was on its way.\n"
    wait_for_version(browsers, shared, "ada", PATH, text)
    browsers.ask("close", names=["ada"])


def test_a_right_that_is_taken_away_acts_within_five_seconds(browsers: Clients, shared: Path) -> None:
    browsers.open("carla", "carla")
    studio = open_studio(shared)
    carla = studio.people.by_account("carla").person
    studio.sessions.end(carla.key, "", "p-test")
    studio.close()
    began = time.monotonic()
    assert until(lambda: not browsers.ask("seen", name="carla")["joined"])
    # How long the machine takes is its affair; the studio asks who may still write this often.
    print(f"it acted after {time.monotonic() - began:.1f} s")
    assert keeper._WAIT + keeper._RIGHTS_SECONDS < 5
    browsers.ask("close", names=["carla"])
    del browsers._cookies["carla"]


def test_a_text_that_was_closed_is_written_on_once_it_is_there_again(browsers: Clients, shared: Path) -> None:
    """A move that fails, and a text that comes back from the bin: who stands in the editor goes on, with every word."""
    web, place = Browser(browsers.port), "grade-6/ratios/07-better-buy"
    web.sign_in("ada")
    before = browsers.open("ada", "ada", place=place, merges=True)

    def post(address: str, **form: str) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', web.get("/bin"))
        assert token
        code, page = web.post_page(address, csrf_token=token[1], **form)
        assert code < 500, page
        return page

    def state() -> tuple[str, str]:
        found = browsers.ask("seen", name="ada")
        return found["state"], found["why"]

    assert "in this unit already" in post(f"/units/{place}/move", to="grade-6/ratios#")
    assert browsers.ask("told", name="ada", kind="opened")["ok"]
    browsers.ask("insert", name="ada", at=-1, words="After the move that failed.\n")
    assert until(lambda: state() == ("saved", ""))
    post(f"/units/{place}/put-away")
    assert until(lambda: state() == ("refused", "closed"))
    browsers.ask("insert", name="ada", at=-1, words="Nobody could have this.\n")
    key = re.search(r'action="/bin/([^"]+)"', web.get("/bin"))
    assert key
    post(f"/bin/{key[1]}")
    browsers.ask("heal", name="ada")
    assert until(lambda: state() == ("saved", "")), browsers.ask("seen", name="ada")
    browsers.ask("insert", name="ada", at=-1, words="And on.\n")
    assert until(lambda: state() == ("saved", ""))
    text = browsers.text("ada")
    assert text == f"{before}After the move that failed.\nNobody could have this.\nAnd on.\n"
    browsers.ask("close", names=["ada"])
    assert until(lambda: in_git(shared, f"{place}.md") == text)


def test_hostile_messages_hurt_nobody_else(browsers: Clients, shared: Path) -> None:
    browsers.open("ada", "ada")
    hostile = [
        [], [0], [99, 1, 2], [1], [2], [2, 0, 1], [2, 0, 1, 255, 255, 255], [3, *b"{" * 50], [3, *b"[]"], [4, 255], [6],
        [2, 0, 1, 1, 1, 5, 0, 4, 1, 4, *b"evil", 1, 65, 0],
        [2, 0, 1, 1, 1, 5, 0, 8, 1, 4, *b"text", 1, 65, 0],
        [2, 0, 1, 1, 1, 5, 9, 4, 1, 4, *b"text", 1, 65, 0],
        [2, 0, 1, 0, 1, 5, 1, 3, 200, 200, 1],
        [2, 0, 1, 1, 2, 5, 0, 0x84, 5, 1, 1, 65, 0x84, 5, 0, 1, 65, 0],
        list(range(256)) * 40,
    ]  # fmt: skip
    before = browsers.text("ada")
    for count, bytes_ in enumerate(hostile):
        browsers.open(f"evil{count}", "dana")
        browsers.ask("raw", name=f"evil{count}", bytes=bytes_)
    time.sleep(0.3)
    browsers.ask("insert", name="ada", at=-1, words="Still here.\n")
    assert browsers.ask("saved", names=["ada"])["ok"]
    assert browsers.text("ada") == before + "Still here.\n"
    browsers.ask("close")
    assert PLACE in PATH
