"""What goes wrong under a room: a disk that is full, a browser whose copy differs, a journal that is gone. Nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from curriculum_studio.domain.errors import NotFound, StoreError
from curriculum_studio.live.offline import let_go
from tests.laws.test_serving import SLOW, children, free_port, served
from tests.live.clients import PATH, clients, ready
from tests.live.inside import DOCUMENT, Browser, opened, until
from tests.live.test_convergence import in_git, wait_for_version


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(workspace: Path, driver: Path) -> None:
    port = free_port()
    with served(workspace, port) as process, clients(driver, port) as browsers:
        ready(port)
        browsers.open("ada", "ada")
        browsers.open("carla", "carla")
        browsers.ask("insert", name="ada", at=-1, words="⟦before⟧\n")
        assert browsers.ask("saved", names=["ada", "carla"])["ok"]
        rooms = children(process.pid)[0]
        soft, hard = resource.prlimit(rooms, resource.RLIMIT_FSIZE)
        resource.prlimit(rooms, resource.RLIMIT_FSIZE, (200, hard))
        for number in range(20):
            browsers.ask("insert", name="ada", at=-1, words=f"⟦full-{number}⟧\n")
        time.sleep(1)
        assert browsers.ask("text", name="ada")["state"] != "saved"
        assert "⟦full-0⟧" not in browsers.text("carla"), "what is not kept is told to nobody"
        resource.prlimit(rooms, resource.RLIMIT_FSIZE, (soft, hard))
        assert browsers.ask("saved", names=["ada", "carla"], within=SLOW * 1000)["ok"]
        # What is saved of one is on its way to the other still.
        end = time.monotonic() + SLOW
        while (text := browsers.text("carla")) != browsers.text("ada"):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert [n for n in range(20) if text.count(f"⟦full-{n}⟧") != 1] == []
        wait_for_version(browsers, workspace, "ada", PATH, text)


def test_a_browser_whose_copy_differs_begins_anew(workspace: Path, driver: Path) -> None:
    port = free_port()
    with served(workspace, port), clients(driver, port) as browsers:
        ready(port)
        text = browsers.open("ada", "ada")
        browsers.open("carla", "carla")
        browsers.ask("drift", name="carla", words="Words that nobody sent. ")
        assert browsers.text("carla") != text
        browsers.ask("insert", name="ada", at=-1, words="More.\n")
        assert browsers.ask("saved", names=["ada"])["ok"]
        wait_for_version(browsers, workspace, "ada", PATH, text + "More.\n")
        end = time.monotonic() + SLOW
        while (
            browsers.ask("seen", name="carla")["elsewhere"] == 0 or browsers.text("carla") != text + "More.\n"
        ):
            assert time.monotonic() < end
            time.sleep(0.05)
        assert "another text" in (workspace.parent / "serve.log").read_text()


def test_a_history_that_is_gone_is_never_put_onto_another(workspace: Path, driver: Path) -> None:
    port = free_port()
    with clients(driver, port) as browsers:
        with served(workspace, port):
            ready(port)
            before = browsers.open("ada", "ada")
            browsers.ask("cut", name="ada")
            browsers.ask("insert", name="ada", at=0, words="⟦away⟧")
        for path in workspace.glob("journal.db*"):
            path.unlink()
        with served(workspace, port):
            ready(port)
            browsers.ask("heal", name="ada")
            assert browsers.ask("joined", names=["ada"], within=SLOW * 1000)["ok"]
            found = browsers.ask("seen", name="ada")
            # Its words are at hand, to be put in as text; of the other history nothing came in twice.
            assert found["elsewhere"] == 1
            assert found["left"] == "⟦away⟧" + before
            assert browsers.text("ada") == before


def test_words_whose_answer_was_lost_with_their_history_stand_once(workspace: Path, driver: Path) -> None:
    port = free_port()
    with clients(driver, port) as browsers:
        with served(workspace, port):
            ready(port)
            browsers.open("ada", "ada", merges=True)
            browsers.open("carla", "carla")
            browsers.ask("insert", name="ada", at=-1, words="\nOne sentence.")
            assert browsers.ask("saved", names=["ada"])["ok"]
            browsers.ask("deafen", name="ada")
            browsers.ask("insert", name="ada", at=-1, words=" ⟦durable⟧")
            end = time.monotonic() + SLOW
            while "⟦durable⟧" not in browsers.text("carla"):
                assert time.monotonic() < end
                time.sleep(0.02)
            browsers.ask("cut", name="ada")
            browsers.ask("insert", name="ada", at=-1, words=" ⟦far⟧")
            browsers.ask("insert", name="carla", at=-1, words=" ⟦here⟧")
            assert browsers.ask("saved", names=["carla"])["ok"]
            text = browsers.text("carla")
            browsers.ask("close", names=["carla"])
            end = time.monotonic() + SLOW
            while in_git(workspace) != text:
                assert time.monotonic() < end
                time.sleep(0.05)
        let_go(workspace / "journal.db", [PATH])
        with served(workspace, port):
            ready(port)
            browsers.ask("heal", name="ada")
            assert browsers.ask("joined", names=["ada"], within=SLOW * 1000)["ok"]
            assert browsers.ask("saved", names=["ada"], within=SLOW * 1000)["ok"], browsers.ask(
                "seen", name="ada"
            )
            assert browsers.ask("seen", name="ada")["elsewhere"] == 1
            assert browsers.text("ada") == f"{text} ⟦far⟧"


def test_who_comes_back_with_another_history_is_there_though_others_never_stop(
    workspace: Path, driver: Path
) -> None:
    """The studio is asked where both sides changed something; nobody waits for a moment in which nobody writes."""
    port = free_port()
    with clients(driver, port) as browsers:
        with served(workspace, port):
            ready(port)
            browsers.open("ada", "ada", merges=True)
            browsers.ask("cut", name="ada")
            browsers.ask("insert", name="ada", at=-1, words="\n⟦away⟧\n")
        for path in workspace.glob("journal.db*"):
            path.unlink()
        with served(workspace, port):
            ready(port)
            for person in ("carla", "dana"):
                browsers.open(person, person)
                browsers.ask("tokens", name=person, prefix=person, every=5)
            browsers.ask("heal", name="ada")
            assert browsers.ask("joined", names=["ada"], within=SLOW * 1000)["ok"]
            end = time.monotonic() + SLOW
            while "⟦away⟧" not in browsers.text("carla"):
                assert time.monotonic() < end, browsers.ask("seen", name="ada")
                time.sleep(0.05)
            typed = [word for name in ("carla", "dana") for word in browsers.ask("stop", name=name)["typed"]]
            names = ["ada", "carla", "dana"]
            assert browsers.ask("saved", names=names, within=SLOW * 1000)["ok"]
            end = time.monotonic() + SLOW
            while len(texts := {browsers.text(name) for name in names}) > 1:
                assert time.monotonic() < end
                time.sleep(0.05)
            text = texts.pop()
            assert [word for word in [*typed, "⟦away⟧"] if text.count(word) != 1] == []


class Full:
    """A connection to a journal whose disk takes no more of one kind."""

    def __init__(self, connection: sqlite3.Connection, refused: str) -> None:
        self._connection, self._refused = connection, refused

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, words: str, *values: Any) -> Any:
        """Does it, or says that the disk is full."""
        if words.startswith(self._refused):
            raise sqlite3.OperationalError("database or disk is full")
        return self._connection.execute(words, *values)


def test_a_room_that_could_not_be_let_go_stands_as_it_was(tmp_path: Path) -> None:
    """Whoever was in it writes on, is told what is saved, and hears of whoever comes after."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        ada = Browser(rooms, "ada")
        connection = rooms._book._connection
        rooms._book._connection = Full(connection, "insert or replace into gone")  # type: ignore[assignment]
        with pytest.raises(StoreError):
            await rooms.forget(DOCUMENT)
        rooms._book._connection = connection
        assert (await rooms.room(DOCUMENT)).members == {ada.member}
        ben = Browser(rooms, "ben")
        ada.write("Ada goes on. ")
        ben.write("Ben too. ", 0)
        await until(lambda: ada.kept and ben.kept)
        for one in (ada, ben):
            one.read()
        assert str(ada.text) == str(ben.text)
        await rooms.forget(DOCUMENT)
        assert {ada.line.ended, ben.line.ended} == {4410}
        rooms.end()

    asyncio.run(main())


def test_a_room_that_two_let_go_at_once_is_let_go_once(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        async with rooms._opening[DOCUMENT]:
            both = [asyncio.create_task(rooms.forget(DOCUMENT)) for _ in range(2)]
            await asyncio.sleep(0)
        await asyncio.gather(*both)
        with pytest.raises(NotFound):
            await rooms.room(DOCUMENT)
        rooms.end()

    asyncio.run(main())
