"""What goes wrong under a room: a disk that is full, a browser whose copy differs, a journal that is gone. Nothing is lost or doubled."""

from __future__ import annotations

import resource
import time
from pathlib import Path

from tests.laws.test_serving import free_port, served
from tests.live.clients import PATH, clients
from tests.live.test_convergence import wait_for_version
from tests.live.test_restarts import kids, ready


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(workspace: Path, driver: Path) -> None:
    port = free_port()
    with served(workspace, port) as process, clients(driver, port) as browsers:
        ready(port)
        browsers.open("ada", "ada")
        browsers.open("carla", "carla")
        browsers.ask("insert", name="ada", at=-1, words="⟦before⟧\n")
        assert browsers.ask("saved", names=["ada", "carla"])["ok"]
        rooms = kids(process.pid)[0]
        soft, hard = resource.prlimit(rooms, resource.RLIMIT_FSIZE)
        resource.prlimit(rooms, resource.RLIMIT_FSIZE, (200, hard))
        for number in range(20):
            browsers.ask("insert", name="ada", at=-1, words=f"⟦full-{number}⟧\n")
        time.sleep(1)
        assert browsers.ask("text", name="ada")["state"] != "saved"
        assert "⟦full-0⟧" not in browsers.text("carla"), "what is not kept is told to nobody"
        resource.prlimit(rooms, resource.RLIMIT_FSIZE, (soft, hard))
        assert browsers.ask("saved", names=["ada", "carla"], within=60000)["ok"]
        text = browsers.text("carla")
        assert text == browsers.text("ada")
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
        end = time.monotonic() + 20
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
            assert browsers.ask("joined", names=["ada"], within=60000)["ok"]
            found = browsers.ask("seen", name="ada")
            # Its words are at hand, to be put in as text; of the other history nothing came in twice.
            assert found["elsewhere"] == 1
            assert found["left"] == "⟦away⟧" + before
            assert browsers.text("ada") == before
