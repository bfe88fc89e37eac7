"""What comes in from a folder on somebody's own computer: who may take and send, and what a push becomes."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.access import Access, note_refusal
from curriculum_studio.actions.lessons import author_of
from curriculum_studio.actions.rooms import let_rooms_follow
from curriculum_studio.actions.search import follow
from curriculum_studio.domain.errors import EditConflict, Refused, StoreError
from curriculum_studio.domain.findings import Finding
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.curriculum import Curriculum, curriculum_of, is_text
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.storage.content_changes import Landed
from curriculum_studio.storage.content_lines import FLUSH, banded, line
from curriculum_studio.storage.content_push import MAIN, Push, refusal_of
from curriculum_studio.storage.content_quarantine import Quarantine
from curriculum_studio.studio import Studio

FOLDER_LINES: Mapping[str, str] = {
    "check": "curriculum-studio check curriculum",
    "send": 'cd curriculum\ngit add --all\ngit commit -m "What I changed"\ngit push',
    "fetch": "git pull --rebase",
}
"""What one types to check, to send and to fetch; `docs/folder.md` and a test have the same lines."""


def clone_line(person: Person, address: str) -> str:
    """The line that brings the curriculum to a person's computer, with the name and key under which they write."""
    who = f"-c user.name={shlex.quote(person.name)} -c user.email={person.key}@studio.invalid"
    scheme, _, rest = address.partition("://")
    return f"git clone {who} {scheme}://{person.key}@{rest}"


JUST_NOW = 120
"""Seconds after fetching in which a push counts as made upon the newest version: what others save meanwhile is merged with it."""
SHOWN = 40
"""Findings that are printed to whoever sends; a terminal holds no more, and the check says them all."""


def may_take(studio: Studio, person: Person) -> None:
    """Raises `Refused` where a person may not take the whole curriculum along: somebody keeps a unit private from them."""
    if not Access(studio, person).reads_all():
        raise Refused(
            "A team keeps a unit private that you may not read, and a folder would hold everything. "
            "Read and write in the studio, or ask a lead to bring you into that team."
        )


def sees_record(person: Person) -> bool:
    """Whether the record of reviews is shown to a person from outside."""
    return person.role in ("lead", "administrator")


def note_taken(studio: Studio, key: str) -> None:
    """Notes that a token takes the newest version along now."""
    tip = studio.content.tip()
    if tip is not None:
        studio.tokens.note_fetch(key, tip, int(time.time()))


def offer_to_receive(studio: Studio, key: str) -> bytes:
    """What a program is told before it sends: the working text as its token took it along, if that was just now."""
    return studio.content.door.offer_to_receive(studio.tokens.fetched(key, int(time.time()) - JUST_NOW))


# What comes in ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a push: a reason for each name that was refused ("" where it was taken), and sentences for the sender."""

    names: Mapping[str, str]
    says: tuple[str, ...]


def receive_push(
    studio: Studio, person: Person, read: Callable[[int], bytes], token: str = ""
) -> Iterator[bytes]:
    """Takes a push in, or refuses it with every reason; gives the answer as it goes over the wire. `token` is the key of the
    token with which it came.

    Nothing of the store changes before all of it has been looked at.
    """
    with studio.content.quarantined() as place:
        try:
            place.read_commands(read)
        except Refused as error:
            yield line(f"ERR {error}\n".encode()) + FLUSH
            return
        yield from _wire(_answer(studio, person, place, read, token), place)


def _answer(
    studio: Studio, person: Person, place: Quarantine, read: Callable[[int], bytes], token: str
) -> Answer:
    names = {name: refusal_of(name, new) for name, (_, new) in place.commands.items()}
    try:
        if any(int(new, 16) for _, new in place.commands.values()):
            place.take_pack(read)
        if names.get(MAIN) != "":
            return Answer(names, tuple(dict.fromkeys(names.values())))
        says = _take_in(studio, person, place, token)
    except (Refused, EditConflict, StoreError) as error:
        why = "\n".join(_said(error))
        names = {name: reason or "refused, see above" for name, reason in names.items()}
        return Answer(names, (*why.split("\n"), "Nothing was changed in the studio."))
    return Answer(names, (*says, *(why for why in names.values() if why)))


def _said(error: Exception) -> Iterator[str]:
    if isinstance(error, EditConflict):
        yield f"Somebody saved other words in the same place of {error.path} a moment ago. Type: git pull --rebase, then send again."
    else:
        yield str(error)


def _take_in(studio: Studio, person: Person, place: Quarantine, token: str) -> tuple[str, ...]:
    push = studio.content.looked_at(place, author_of(person))
    if push is None:
        return ("All of this is in the studio already.",)
    _check_rights(studio, person, push)
    findings = _findings(studio, push)
    at = datetime.now(UTC)
    landed = studio.content.land(push, author_of(person), _note(push), at)
    # Who has sent a version has it: an older one that they took along does not stand for the newest to them any more.
    studio.tokens.note_fetch(token, push.new, int(at.timestamp()))
    after_push(studio, person, landed, at)
    return _told(push, landed, findings)


def _check_rights(studio: Studio, person: Person, push: Push) -> None:
    access = Access(studio, person)
    may_take(studio, person)
    foreign = sorted(path for path in push.touched if not access.may("write", path))
    if foreign:
        note_refusal(studio, person.key, foreign[0], "/git/curriculum.git")
        shown = foreign[:10] + ([f"and {len(foreign) - 10} more"] if len(foreign) > 10 else [])
        raise Refused(
            "\n".join(["You may read these files, and not change them:", *(f"  {path}" for path in shown)])
        )


def _note(push: Push) -> str:
    """What stands in the history where several versions come in as one."""
    titles = [note.partition("\n")[0] for note in push.notes]
    own = [title for title in titles if not title.startswith("Merge ")] or ["Changes from outside"]
    return (
        own[0]
        if len(own) == 1
        else "\n".join([f"{own[-1]} (and {len(own) - 1} more from outside)", "", *own])
    )


def _findings(studio: Studio, push: Push) -> list[Finding]:
    """The findings of what is new. Raises `Refused` where a file brings an id that another one has."""
    snapshot, before = studio.curriculum() if studio.content.tip() else (None, None)
    texts = [path for path in push.files if is_text(path)]
    fresh = push.texts(texts)
    facts = dict(before.facts) if before else {}
    for path in texts:
        facts.pop(path, None)
    facts |= {path: facts_of(read_document(path, fresh[path])) for path in texts if path in fresh}
    gone = {path for path, (_, after) in push.files.items() if after is None}
    files = (set(snapshot or ()) | {path for path, (_, after) in push.files.items() if after}) - gone
    after = curriculum_of(facts, files)
    _check_ids(push, before, after)
    seen = _Seen(snapshot or {}, push, gone)
    codes = framework(seen, after.framework)
    return sorted(
        one for path in sorted(push.files) if path in files for one in check_file(path, after, codes, seen)
    )


class _Seen(Mapping[str, bytes]):
    """The working text as it would be with a push in it."""

    def __init__(self, before: Mapping[str, bytes], push: Push, gone: set[str]) -> None:
        self._before, self._push, self._gone = before, push, gone

    def __getitem__(self, path: str) -> bytes:
        if path in self._gone:
            raise KeyError(path)
        return self._push.content(path) if path in self._push.files else self._before[path]

    def __iter__(self) -> Iterator[str]:
        fresh = (path for path, (_, after) in self._push.files.items() if after)
        return iter(sorted(({*self._before, *fresh}) - self._gone))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, path: object) -> bool:
        return path not in self._gone and (path in self._push.files or path in self._before)


def _check_ids(push: Push, before: Curriculum | None, after: Curriculum) -> None:
    reasons = []
    for key, paths in after.by_id.items():
        new = [path for path in paths if path in push.files]
        old = set(before.by_id.get(key, ())) if before else set()
        if len(paths) > 1 and new and not set(paths) <= old:
            other = next(path for path in paths if path != new[0])
            reasons.append(
                f"{new[0]} has the id {key}, which {other} has already. Give the new file an id of its own, or take the line out."
            )
    if reasons:
        raise Refused("\n".join(reasons[:20]))


def after_push(studio: Studio, person: Person, landed: Landed, at: datetime) -> None:
    """After a push these files changed from blob A to blob B by person P: whatever follows the working text hears of it here."""
    paths = tuple(sorted(landed.blobs))
    # The text is safe by now; what follows it can be made anew at any time and must not make a push look refused.
    with suppress(StoreError):
        studio.pushes.note(landed.version, landed.before or "", person.key, int(at.timestamp()), paths)
    with suppress(StoreError):
        follow(studio, paths)
    with suppress(StoreError):
        # Those who are writing see it at once; beyond these, the rooms' keeper brings in what is new within a second.
        let_rooms_follow(studio, [path for path in paths if is_text(path)][:SHOWN])


def _told(push: Push, landed: Landed, findings: list[Finding]) -> tuple[str, ...]:
    count = len(landed.blobs)
    says = [f"Taken in: {count} {'file' if count == 1 else 'files'}."]
    if landed.version != push.new:
        says.append("Others saved meanwhile; both are kept. Type: git pull --rebase, to have theirs too.")
    stops = [one for one in findings if one.severity == "grave"]
    shown = [*stops, *(one for one in findings if one.severity == "warning")]
    if stops:
        says.append(f"{len(stops)} of these would stop publishing:")
    elif shown:
        says.append("The check says:")
    for one in shown[:SHOWN]:
        says += one.as_text().split("\n")
    if len(shown) > SHOWN:
        says.append(f"and {len(shown) - SHOWN} more: curriculum-studio check says them all.")
    return tuple(says)


def _wire(answer: Answer, place: Quarantine) -> Iterator[bytes]:
    rows = [b"unpack ok\n"]
    rows += [
        _plain(f"ng {name} {why}" if why else f"ok {name}").encode() + b"\n"
        for name, why in answer.names.items()
    ]
    report = b"".join(map(line, rows)) + FLUSH
    if "side-band-64k" not in place.capabilities:
        yield report
        return
    yield b"".join(banded(2, _plain(one).encode() + b"\n") for one in answer.says)
    if "report-status" in place.capabilities:
        yield banded(1, report)
    yield FLUSH


def _plain(sentence: str) -> str:
    """A sentence that cannot move the cursor of whoever reads it on a terminal."""
    return "".join(one if one.isprintable() else "�" for one in sentence)
