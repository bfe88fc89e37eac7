"""The folder on one's own computer, tried as the chapter says: a served studio, Git itself, eight people saving meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

from curriculum_studio.actions.pushes import FOLDER_LINES, clone_line
from curriculum_studio.actions.search import Ask, catch_up, find
from curriculum_studio.domain.people import Person
from curriculum_studio.studio import open_studio
from tests.journeys.folder import Folder, surroundings, tokens
from tests.laws.test_serving import LESSONS, free_port, served, write_on
from tests.workspaces import new_sample

ROOT = Path(__file__).resolve().parents[2]
LESSON = "grade-6/ratios/01-introducing-ratios.md"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    new_sample(tmp_path / "work")
    return tmp_path / "work"


def fsck(workspace: Path) -> None:
    """The store is whole, nothing is left in its quarantine, and nothing waits to be cleaned by hand."""
    store = workspace / "curriculum.git"
    done = subprocess.run(["git", "-C", str(store), "fsck", "--full", "--strict"], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr
    assert not list(store.glob("quarantine/push-*"))
    assert not list(store.glob("**/*.lock"))


def typed(lines: str, at: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Lines as a person types them into a shell."""
    return subprocess.run(["sh", "-ec", lines], cwd=at, env=surroundings(home), capture_output=True, text=True, timeout=600, check=False)  # fmt: skip


def test_the_chapter_has_the_lines_of_the_page() -> None:
    chapter = (ROOT / "docs" / "folder.md").read_text("utf-8")
    blocks = re.findall(r"```\n(.*?)```", chapter, re.DOTALL)
    ada = Person("p-7f3k", "Ada", "teacher")
    assert clone_line(ada, "http://studio.example.org/git/curriculum.git") in blocks[0]
    assert blocks[1].strip() == f"{FOLDER_LINES['check']}\n{FOLDER_LINES['send']}"
    assert blocks[2].splitlines()[0] == FOLDER_LINES["fetch"]
    sly = Person("p-1", "O'Neill $(rm -rf /); `x`", "teacher")
    words = subprocess.run(["sh", "-c", clone_line(sly, "http://x/git").replace("git clone", "printf '%s\\n'")], capture_output=True, text=True, check=True)  # fmt: skip
    assert "user.name=O'Neill $(rm -rf /); `x`" in words.stdout


def test_the_chapter_as_written_while_eight_people_save(workspace: Path, tmp_path: Path) -> None:
    """Clone, change, check, send, fetch, twelve times over, while eight people save in the studio: nothing is lost on either side."""
    people = tokens(workspace, "dana")
    key, token = people["dana"]
    port, home = free_port(), tmp_path / "home"
    kept: list[str] = []
    sent: list[str] = []
    stop = threading.Event()
    with served(workspace, port):
        clone = clone_line(Person(key, "Dana", "lead"), f"http://127.0.0.1:{port}/git/curriculum.git")
        done = typed(clone.replace(f"{key}@127", f"{key}:{token}@127"), tmp_path, home)
        assert done.returncode == 0, done.stderr
        folder = Folder(tmp_path / "curriculum", home)
        writers = [
            threading.Thread(target=write_on, args=(port, "f", n, kept, [], stop, 1)) for n in range(8)
        ]
        for one in writers:
            one.start()
        try:
            for number in range(12):
                word = f"outside{number}"
                path = f"grade-6/ratios/{LESSONS[number % 3]}.md"
                folder.write(
                    path, folder.read(path).replace("\n## ", f"\nA line {word} from a folder.\n\n## ", 1)
                )
                checked = subprocess.run(["python", "-m", "curriculum_studio", *FOLDER_LINES["check"].split()[1:]], cwd=tmp_path, env={**surroundings(home), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False) if number == 0 else None  # fmt: skip
                assert checked is None or checked.returncode in (0, 1), checked.stderr
                done = typed(FOLDER_LINES["send"], tmp_path, home)
                tries = 0
                while done.returncode and tries < 400:
                    # Somebody saved since: theirs are fetched and it is sent again, as Git asks.
                    assert "fetch first" in done.stderr or "a moment ago" in done.stderr, done.stderr
                    done = typed(f"{FOLDER_LINES['fetch']}\ngit push", folder.place, home)
                    tries += 1
                assert done.returncode == 0, done.stderr
                assert "remote: Taken in: 1 file" in done.stderr
                sent.append(word)
                back = typed(FOLDER_LINES["fetch"], folder.place, home)
                assert back.returncode == 0, back.stderr + back.stdout
            # A fast machine has sent everything before they have saved much.
            until = time.monotonic() + 300
            while len(kept) < 20 and time.monotonic() < until:
                time.sleep(0.1)
        finally:
            stop.set()
            for one in writers:
                one.join()
    assert len(kept) >= 20
    studio = open_studio(workspace)
    try:
        texts = "".join(studio.content.read(f"grade-6/ratios/{name}.md").decode() for name in LESSONS)
        assert [word for word in (*kept, *sent) if word not in texts] == []
        notes = {version.note.split("\n")[0] for version in studio.content.recent(100_000)}
        assert set(kept) <= notes
        assert "What I changed" in notes
        assert "<<<<" not in texts
        assert len(studio.pushes.since(0)) == 12
        assert studio.audit.broken() is None
    finally:
        studio.close()
    fsck(workspace)


def test_what_is_sent_stands_in_the_history_and_is_found(workspace: Path, tmp_path: Path) -> None:
    people = tokens(workspace, "ada", "ben")
    port = free_port()
    with served(workspace, port):
        ada = Folder.clone(tmp_path / "ada", port, *people["ada"], "Ada")
        ada.write(LESSON, ada.read(LESSON) + "\nA zyzzogeton stands here.\n")
        ada.keep("A word for the search")
        ada.write(LESSON, ada.read(LESSON) + "\nAnd a second line.\n")
        # More than any form may have, and more than Git sends in one piece.
        (ada.place / "grade-6" / "ratios" / "large.png").write_bytes(os.urandom(8 * 1024 * 1024))
        ada.keep("A second version")
        code, said = ada.push()
        assert code == 0, said
        # What was sent is not taken back by force, not even while the version fetched before it is fresh.
        sent = ada.tip()
        ada.git("commit", "--amend", "-m", "Another second version")
        code, said = ada.push("--force", "origin", "HEAD:main")
        assert code == 1, said
        assert "Nothing was changed in the studio" in said
        ada.git("reset", "--hard", sent)
        assert ada.git("pull").stdout.strip() == "Already up to date."
        assert ada.git("status", "-sb").stdout.startswith("## main...origin/main\n")
        tip = ada.tip()
    studio = open_studio(workspace)
    try:
        assert studio.content.tip() == tip, "what was sent is the newest version itself"
        first, second = studio.content.history(LESSON, limit=2)
        assert (first.note, second.note) == ("A second version", "A word for the search")
        assert first.author.key == people["ada"][0]
        catch_up(studio)
        studio.search.flush(60)
        assert any(hit.path == LESSON for hit in find(studio, Ask("zyzzogeton")).found.hits)
    finally:
        studio.close()
    fsck(workspace)
