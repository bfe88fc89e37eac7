"""Whose words are whose: what somebody else may do under a number that is not theirs, and what a version from outside may not."""

from __future__ import annotations

import asyncio
import random
import threading
from pathlib import Path

import pytest
from pycrdt import Doc, Text

from curriculum_studio.live import frames, journal_writer
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.text import blob_of
from curriculum_studio.live.updates import number, state_vector
from tests.live.inside import DOCUMENT, TEXT, Browser, Heard, grant, opened, until


def forged(browser: Browser, writer: int, words: str, *, anew: bool = False) -> bytes:
    """What somebody would send who goes on under another's number, from what a browser has or (`anew`) from its beginning."""
    doc: Doc[Text] = Doc(client_id=writer)
    text = doc.get("text", type=Text)
    if not anew:
        doc.apply_update(browser.doc.get_update())
    before = doc.get_state()
    text.insert(0, words)
    return doc.get_update(before)


def test_nobody_writes_under_the_number_of_one_who_is_there(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben")
        ada.write("Ada's words. ")
        await room.written()
        words = "What Ada never said, and more of it than she ever wrote. "
        for anew in (False, True):
            ben.send(forged(ada, ada.doc.client_id, words, anew=anew), 0)
            await room.written()
            assert ben.told(frames.REFUSED)
            ben.line.frames.clear()
        ada.write("She goes on. ")
        await until(lambda: ada.kept == 2)
        assert str(room.text) == TEXT + "Ada's words. She goes on. "
        rooms.end()

    asyncio.run(main())


def test_a_number_stays_its_writers_while_an_old_connection_of_theirs_ends(tmp_path: Path) -> None:
    """A lost connection is often noticed after the next one has come."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben")
        old = ada.member
        ada.join(rooms)
        rooms.leave(old)
        ben.send(forged(ben, ada.doc.client_id, "Forged. "))
        assert ben.told(frames.REFUSED)
        ada.write("One. ")
        await until(lambda: ada.kept == 1)
        assert [entry.kind for entry in room.entries] == ["edit"]
        rooms.leave(ada.member)
        rooms.leave(ben.member)
        # Of those who came and went without a word nothing is kept.
        for _ in range(100):
            rooms.leave(Browser(rooms, "ben").member)
        assert set(room.owners._back) == {ada.doc.client_id}
        rooms.end()

    asyncio.run(main())


@pytest.mark.parametrize("words", ["F", "Forged. ", "Forged, and longer than all that she wrote. "])
def test_words_under_the_number_of_one_who_is_away_take_none_of_theirs(tmp_path: Path, words: str) -> None:
    """After a start anew nobody can say whose words they are until the writer is back: then it shows, and the writer begins anew."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben")
        ada.write("One. ")
        await until(lambda: ada.kept == 1)
        ben.read()
        rooms.end()
        ada.typed("Written far away. ")
        ada.count += 1
        rooms = Rooms(tmp_path / "journal.db", lambda _: None)
        room = await rooms.room(DOCUMENT)
        ben.join(rooms)
        ben.send(forged(ben, ada.doc.client_id, words))
        await room.written()
        ada.join(rooms)
        ada.send_all()
        await until(lambda: ada.told(frames.REFUSED))
        await room.written()
        assert ada.kept == 1
        assert str(room.text) == words + TEXT + "One. "
        rooms.end()

    asyncio.run(main())


def test_what_is_sent_again_is_taken_for_what_it_was(tmp_path: Path) -> None:
    """An answer was lost; meanwhile others wrote in between and took some of it out. Prints its seed."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben")
        for turn in range(20):
            told = ada.kept
            for _ in range(rng.randint(1, 4)):
                ada.write(rng.choice(["a", "é🙂b", "𝔸 word "]))
            await room.written()
            ben.read()
            at = len(str(ben.text)[: rng.randrange(len(str(ben.text)))].encode())
            before = ben.doc.get_state()
            del ben.text[at : at + len(str(ben.text).encode()[at:].decode()[0].encode())]
            ben.text.insert(at, "ü")
            ben.send(ben.doc.get_update(before))
            await room.written()
            rooms.leave(ada.member)
            # It never heard of any of it.
            ada.line.frames.clear()
            ada._kept = told
            ada.join(rooms)
            ada.send_all()
            await until(lambda: ada.kept == ada.count or ada.told(frames.REFUSED))
            assert not ada.told(frames.REFUSED), turn
            assert str(ada.text) == str(room.text)
        rooms.end()

    asyncio.run(main())


def test_what_is_sent_again_takes_no_space_a_second_time(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        ada = Browser(rooms, "ada")
        ada.write("x" * 200_000)
        await until(lambda: ada.kept == 1)
        rooms.leave(ada.member)
        ada.line.frames.clear()
        ada._kept = 0
        ada.typed("One more word. ")
        ada.count += 1
        ada.join(rooms)
        ada.send_all()
        await until(lambda: ada.kept == ada.count or ada.told(frames.REFUSED))
        assert not ada.told(frames.REFUSED)
        rooms.end()

    asyncio.run(main())


@pytest.mark.parametrize("writer", [0, 1 << 32, (1 << 53) - 1])
def test_whatever_a_browser_says_of_itself_concerns_nobody_else(tmp_path: Path, writer: int) -> None:
    """Numbers that nobody has, the studio's own, somebody else's; more of them than anybody wrote."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada = Browser(rooms, "ada")
        ada.write("One. ")
        await until(lambda: ada.kept == 1)
        (studio,) = (key for key, owner in room.owners.known.items() if not owner)
        for clock in (0, (1 << 32) - 1, 1 << 32, (1 << 53) - 1):
            known = dict.fromkeys((writer, studio, ada.doc.client_id), clock)
            line = Heard()
            ben = rooms.enter(grant("ben"), line)
            rooms.hear(ben, frames.join((1 << 53) - 1, room.epoch, list(known), state_vector(known)))
            assert line.frames[0][0] == frames.WELCOME
            for one in known:
                made = (
                    bytes([1, 1])
                    + number(one)
                    + number(room.applied.get(one, 0))
                    + b"\x04\x01\x04text\x01F\0"
                )
                rooms.hear(ben, bytes([frames.UPDATE, 0, 1]) + made)
            rooms.leave(ben)
        await room.written()
        ada.write("Two. ")
        await until(lambda: ada.kept == 2)
        # Under a number that is nobody's it wrote as whoever writes.
        assert str(room.text).replace("F", "") == TEXT + "One. Two. "
        assert room.owners.known[studio] == ""
        assert room.owners.known[ada.doc.client_id] == "p-ada"
        rooms.end()

    asyncio.run(main())


# Versions from outside ---------------------------------------------------------------------------------------


def test_a_version_from_outside_is_seen_by_nobody_before_the_disk_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or, lost by the disk and seen by a browser, it would come in again as a part of the next version, and stand twice."""
    synced, sync = threading.Event(), journal_writer._sync

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada = Browser(rooms, "ada")

        def slow(file: int) -> None:
            synced.wait(120)
            sync(file)

        monkeypatch.setattr(journal_writer, "_sync", slow)
        new = "Outside. " + TEXT
        change = [(0, 0, "Outside. ")]
        coming = asyncio.create_task(
            rooms.amend(DOCUMENT, room.blob, blob_of(new), change, ("p-dana", "Dana"), "", "asked")
        )
        ada.write("One. ")
        await until(lambda: str(room.text) == TEXT + "One. ")
        await asyncio.sleep(0.05)
        ben = Browser(rooms, "ben")
        assert str(ben.text) == TEXT + "One. "
        assert not ada.told(frames.UPDATE)
        synced.set()
        await coming
        for one in (ada, ben):
            one.read()
            assert str(one.text) == new + "One. " == str(room.text)
        rooms.end()

    asyncio.run(main())


def test_a_character_that_came_from_outside_is_cut_by_nobody(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        change = [(0, 0, "🦆")]
        await rooms.amend(DOCUMENT, room.blob, blob_of("🦆" + TEXT), change, ("p-dana", "Dana"), "", "asked")
        ben = Browser(rooms, "ben")
        (duck,) = (writer for writer, clock in room.applied.items() if clock == 2)
        sides = number(duck) + b"\0" + number(duck) + b"\1"
        ben.send(bytes([1, 1, 99, 0, 0xC4]) + sides + b"\1A\0")
        await room.written()
        assert ben.told(frames.REFUSED)
        assert str(room.text) == "🦆" + TEXT
        rooms.end()

    asyncio.run(main())


def test_versions_from_outside_that_go_to_and_fro_come_in_once_each(tmp_path: Path) -> None:
    """A, B, A, B, each asked for twice, as after a lost answer, with somebody writing and the room opened anew between."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        texts = [TEXT, "Outside. " + TEXT]
        for turn in range(5):
            old, new = texts[turn % 2], texts[(turn + 1) % 2]
            change = [(0, 0, "Outside. ")] if turn % 2 == 0 else [(0, len("Outside. "), "")]
            ada = Browser(rooms, "ada")
            ada.write(f"⟦{turn}⟧")
            for _ in range(2):
                await rooms.amend(
                    DOCUMENT, blob_of(old), blob_of(new), change, ("p-dana", "Dana"), "", f"asked {turn}"
                )
                if turn % 2:
                    await (await rooms.room(DOCUMENT)).written()
                    rooms.leave(ada.member)
                    rooms.end()
                    rooms = Rooms(tmp_path / "journal.db", lambda _: None)
            room = await rooms.room(DOCUMENT)
            await room.written()
            words = "".join(f"⟦{one}⟧" for one in range(turn + 1))
            assert str(room.text) == new + words
            offer = await room.offer()
            assert offer["text"] == new + words
        rooms.end()

    asyncio.run(main())
