"""What one browser sends, or one piece of work does, and must not reach the others. Random ones print their seed."""

from __future__ import annotations

import asyncio
import random
import socket
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from curriculum_studio.live import frames, journal
from curriculum_studio.live.journal_writer import Batch, Journal
from curriculum_studio.live.room import Room
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.sockets import Socket
from curriculum_studio.live.text import SharedText, blob_of
from curriculum_studio.live.updates import number, read_update
from tests.live.inside import DOCUMENT, TEXT, Browser, grant, opened, until


@pytest.mark.parametrize(
    "words", [b'{"ask":"\\ud800","head":"\\ud800"}', b'{"note":1e999,"head":[-Infinity]}']
)
def test_words_that_nobody_could_read_end_at_their_own_connection(tmp_path: Path, words: bytes) -> None:
    """A text cut in the middle of an emoji stands in JSON, and in no file, no other message and no journal."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        ada = Browser(rooms, "ada")
        for kind in (frames.NAME, frames.PRESENCE):
            other = Browser(rooms, "ben")
            other.hear(bytes([kind]) + words)
            ada.write("Ada goes on. ")
            assert other.line.ended == 1007
        await until(lambda: ada.kept == 2)
        Browser(rooms, "carla")
        offer = await (await rooms.room(DOCUMENT)).offer()
        assert offer["text"] == TEXT + 2 * "Ada goes on. "
        rooms.end()

    asyncio.run(main())


def test_work_that_fails_in_any_way_is_told_to_all_who_wait(tmp_path: Path) -> None:
    def failing(_: object) -> None:
        raise OverflowError("too large for the file")

    async def main() -> None:
        answers: list[Any] = []

        def settled(batch: Batch) -> None:
            for one, found in batch:
                one.answer(found)

        book = Journal(tmp_path / "journal.db", lambda _: None, settled, lambda _: None)
        for work in (journal.unsettled(), failing):
            book.ask(work, answers.append)
        await until(lambda: len(answers) == 2)
        assert [type(one) for one in answers] == [OverflowError, OverflowError]
        book.ask(journal.unsettled(), answers.append)
        await until(lambda: len(answers) == 3)
        assert answers[2] == []
        book.close()

    asyncio.run(main())


def test_who_cannot_take_an_answer_keeps_nobody_from_theirs(tmp_path: Path) -> None:
    def failing(_: object) -> None:
        raise RuntimeError("not taken")

    async def main() -> None:
        rooms = await opened(tmp_path)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben")
        for _ in range(3):
            rooms._book.ask(journal.unsettled(), failing, failing)
            ada.write("A word. ")
        await until(lambda: ada.kept == 3)
        assert ben.told(frames.UPDATE)
        rooms.end()

    asyncio.run(main())


def test_a_room_that_begins_anew_goes_on_with_what_is_on_its_way(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        ada = Browser(rooms, "ada")
        ada.write("One. ")
        room = await rooms.room(DOCUMENT)
        room.again()
        await until(lambda: ada.kept == 1)
        ada.line.frames.clear()
        ada.write("Two. ")
        await until(lambda: ada.kept == 2)
        assert not ada.told(frames.AGAIN)
        assert str(room.text) == TEXT + "One. Two. "
        rooms.end()

    asyncio.run(main())


def test_a_paste_fits_where_the_text_has_room_for_its_bytes(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        ada = Browser(rooms, "ada")
        ada.write("x" * 250_000)
        await until(lambda: ada.kept == 1)
        ada.write("é" * 10_000)
        assert ada.told(frames.REFUSED)
        rooms.end()

    asyncio.run(main())


def test_what_is_on_its_way_and_what_comes_from_outside_take_their_space(tmp_path: Path) -> None:
    """A text may become no longer than a version of it can be, however many long pieces come at one go."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada = Browser(rooms, "ada")
        ada.write("x" * 100_000)
        ada.write("y" * 100_000)
        ada.write("z" * 100_000)
        await room.written()
        assert ada.told(frames.REFUSED)
        assert str(room.text) == TEXT + "x" * 100_000 + "y" * 100_000

        ada.write("It fits. ")
        offer = await room.offer()
        assert await room.settle(offer["blob"])
        more = "A version from outside. " * 2000
        change, person = [(0, 0, more)], ("p-dana", "Dana")
        await rooms.amend(DOCUMENT, room.blob, blob_of(more + offer["text"]), change, person, "", "asked")
        ben = Browser(rooms, "ben")
        ben.write("b" * 20_000)
        assert ben.told(frames.REFUSED)
        rooms.end()

    asyncio.run(main())


def test_who_asks_for_versions_faster_than_any_hand_is_slowed_and_no_ask_is_forgotten(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben", "comment")
        ada.write("One. ")
        asks = [f"ask {number}" for number in range(1000)]
        for one in asks:
            ada.hear(frames.in_words(frames.NAME, {"ask": one, "note": one}))
        assert ada.line.held > 1
        ben.hear(frames.in_words(frames.NAME, {"ask": "not his to ask", "note": ""}))
        await until(lambda: ada.kept == 1)
        assert 0 < len(room.asks) < 50
        offer = await room.offer()
        assert offer["notes"] == list(room.asks)
        await room.settle(offer["blob"])
        told = [(one["kind"], ask) for one in ada.notices() for ask in one["asks"]]
        assert sorted(ask for _, ask in told) == sorted(asks)
        assert {kind for kind, _ in told} == {"version", "noversion"}
        assert [one["asks"] for one in ben.notices() if one["kind"] == "noversion"] == [["not his to ask"]]
        rooms.end()

    asyncio.run(main())


def test_whatever_ends_a_line_is_kept_as_it_is_and_equal_everywhere(tmp_path: Path) -> None:
    """A text from another system keeps its ends of lines. The one character that no version may hold is taken out, and half a
    character is refused."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        ada, ben = Browser(rooms, "ada"), Browser(rooms, "ben")
        ends = "a\r\nb\rc\u2028d\u2029e\x85f\vg\fh"
        ada.write(ends + "\0\0\ufeff")
        await until(lambda: ada.kept == 1)
        ben.read()
        ben.send(bytes([1, 1, 99, 0, 4, 1, 4]) + b"text" + b"\3\xed\xa0\x80\0")
        assert ben.told(frames.REFUSED)
        offer = await room.offer()
        assert offer["text"] == TEXT + ends + "\ufeff" == str(room.text)
        for one in (ada, ben):
            one.read()
            assert blob_of(str(one.text)) == offer["blob"]
        assert await room.settle(offer["blob"])
        rooms.end()
        rooms = Rooms(tmp_path / "journal.db", lambda _: None)
        assert blob_of(str((await rooms.room(DOCUMENT)).text)) == offer["blob"]
        rooms.end()

    asyncio.run(main())


# Connections -----------------------------------------------------------------------------------------------


async def dial(rooms: Rooms, person: str) -> tuple[ClientConnection, Socket]:
    """A connection that the web side handed over, and the rooms' end of it."""
    mine, theirs = socket.socketpair()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    _, end = await loop.connect_accepted_socket(lambda: Socket(rooms, b"", grant(person)), theirs)
    return await connect("ws://studio/", origin="http://studio", sock=mine, compression=None, proxy=None), end


async def joined(rooms: Rooms, person: str) -> tuple[Room, ClientConnection, Socket]:
    """Somebody in the room, over a connection."""
    room = await rooms.room(DOCUMENT)
    one, end = await dial(rooms, person)
    await one.send(frames.join(0, "", [], b""))
    await until(lambda: room.members)
    return room, one, end


def first_words(words: str) -> bytes:
    """What a browser puts on the wire for its first update."""
    made = SharedText.of(words).update()
    return bytes([0x82, 0x80 + len(made) + 3, 0, 0, 0, 0, frames.UPDATE, 0, 1]) + made


def test_who_has_gone_before_the_room_was_open_is_not_in_it(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        rooms._open.clear()
        rooms._book.pace = 0.3
        one, end = await dial(rooms, "ada")
        await one.send(frames.join(0, "", [], b""))
        await until(lambda: end._asked)
        end._transport.abort()
        room = await rooms.room(DOCUMENT)
        await asyncio.sleep(0.05)
        assert not room.members
        rooms.end()

    asyncio.run(main())


def test_who_has_no_right_any_more_writes_not_one_word(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        room, one, _ = await joined(rooms, "ada")
        rooms.right("p-ada", "s-ada", DOCUMENT, "")
        # A browser would hear of it and stop; this one goes on.
        one.transport.write(first_words("Words of one who may not. "))
        await one.wait_closed()
        await room.written()
        assert str(room.text) == TEXT
        rooms.end()

    asyncio.run(main())


def test_what_was_sent_right_before_the_end_is_heard(tmp_path: Path) -> None:
    """A tab that closes sends its last words and the end at once, and both are read at one go."""

    async def main() -> None:
        rooms = await opened(tmp_path)
        room, one, end = await joined(rooms, "ada")
        end.data_received(first_words("The last words. ") + bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]))
        await room.written()
        assert "The last words. " in str(room.text)
        one.transport.abort()
        rooms.end()

    asyncio.run(main())


def test_a_page_that_is_older_than_the_studio_is_told_so(tmp_path: Path) -> None:
    async def main() -> None:
        rooms = await opened(tmp_path)
        line = Browser(rooms, "ada").line
        member = rooms.enter(grant("ben"), line)
        rooms.hear(member, bytes([frames.JOIN, frames.PROTOCOL - 1, 0, 0]))
        assert line.ended == 4426
        assert not member.joined
        rooms.end()

    asyncio.run(main())


# Updates ---------------------------------------------------------------------------------------------------


def some_update(rng: random.Random, known: dict[int, int]) -> bytes:
    """Bytes that look like an update: pieces of several writers that build on anything, and places that are taken out."""
    writers = sorted(rng.sample([*known, 77, 78], rng.randint(1, 3)), reverse=True)
    ends = dict(known)

    def place() -> bytes:
        whose = rng.choice([*known, *writers])
        return number(whose) + number(rng.randint(0, max(0, ends.get(whose, 1) - 1)))

    out = number(len(writers))
    for writer in writers:
        start = known.get(writer, 0) - rng.choice([0, 0, min(2, known.get(writer, 0))])
        ends[writer] = start
        pieces = b""
        for _ in range(count := rng.randint(1, 3)):
            sides, words = rng.choice([0, 0x80, 0x40, 0xC0]), rng.choice(["a", "bcd", "é", "🙂", "x🙂y"])
            length = rng.choice([1, 2, 3, 1 << 31, (1 << 32) - 1]) if rng.random() < 0.2 else 0
            if length and rng.random() < 0.5:
                pieces += bytes([0]) + number(length)
            else:
                pieces += bytes([sides | (1 if length else 4)])
                pieces += b"".join(place() for side in (0x80, 0x40) if sides & side) or b"\x01\x04text"
                size = number(len(words.encode())) + words.encode()
                pieces += number(length) if length else size
                length = length or len(words.encode("utf-16-le")) // 2
            ends[writer] += length
        out += number(count) + number(writer) + number(start) + pieces
    if rng.random() < 0.5:
        return out + b"\0"
    return (
        out
        + number(1)
        + number(whose := rng.choice(writers))
        + b"\1"
        + number(rng.randint(0, ends[whose]))
        + b"\1"
    )


def test_no_update_that_is_taken_spoils_the_text_of_the_others(tmp_path: Path) -> None:
    """Whatever is acknowledged is in the text, and the room can be opened again from what the journal holds."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)

    async def main() -> None:
        rooms = await opened(tmp_path)
        room = await rooms.room(DOCUMENT)
        taken = 0
        for _ in range(150):
            ben = Browser(rooms, "ben")
            room.owners.known.clear()
            ben.send(some_update(rng, dict(room.applied)))
            await room.written()
            taken += len(room.entries)
            assert room.text.known() == room.applied
            read_update(room.text.update())
            rooms.leave(ben.member)
            if len(room.entries) > 6:
                room.entries.clear()
                room._load()
        assert taken
        Browser(rooms, "ada").write("Ada goes on.")
        await room.written()
        assert "Ada goes on." in str(room.text)
        rooms.end()

    asyncio.run(main())
