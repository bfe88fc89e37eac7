"""The record of review as JSON files: threads as W3C Web Annotations, verdicts and requests beside them; strict when read back.

One file for each: `threads/ab/<key>.json`, `verdicts/ab/<key>.json`, `requests/ab/<key>.json`, where `ab` are the first two
characters behind the key's dash. Whatever is not exactly as the studio writes it is refused with the reason.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from curriculum_studio.domain.anchors import CONTEXT, LONGEST, Anchor, Place
from curriculum_studio.domain.approvals import Verdict
from curriculum_studio.domain.errors import FormatError
from curriculum_studio.domain.reviews import MOST_WORDS, Remark, Thread

KINDS = {"threads": "t", "verdicts": "v", "requests": "q"}
"""The folders of the record, and the letter with which keys in each begin."""

Key = Annotated[str, Field(pattern=r"^[tvq]-[0-9a-f]{12,32}$")]
Who = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Nobody = Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")]
Oid = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
When = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Day = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")]
Path = Annotated[str, Field(min_length=1, max_length=400)]
Words = Annotated[str, Field(max_length=MOST_WORDS)]
Long = Annotated[str, Field(max_length=LONGEST + MOST_WORDS)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


_Model = TypeVar("_Model", bound=_Strict)


class Quote(_Strict):
    """The exact words, and up to 64 characters on each side."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    prefix: Annotated[str, Field(max_length=CONTEXT)]
    suffix: Annotated[str, Field(max_length=CONTEXT)]


class Position(_Strict):
    """Where the words stand: code points of the text, the end not included."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: Count
    end: Count


class Target(_Strict):
    """What is meant: a text by its id, in the state that had these bytes; without selectors a whole part or text."""

    source: Annotated[str, Field(pattern=r"^text:.{1,400}$")]
    state: Oid
    part: Annotated[str, Field(max_length=80)]
    selector: tuple[Quote, Position] | tuple[()]
    whole_start: Count = 0


class Said(_Strict):
    """What somebody said, in order; the first is the annotation's own words."""

    type: Literal["TextualBody"] = "TextualBody"
    purpose: Literal["commenting", "replying"]
    creator: Who
    created: When
    value: Words


class LastSeen(_Strict):
    """Where the words were last found, and whether they are gone now."""

    state: Oid
    start: Count
    end: Count
    lost: bool


class ThreadFile(_Strict):
    """A thread: a W3C annotation, with what came of it."""

    context: Literal["http://www.w3.org/ns/anno.jsonld"] = Field(
        default="http://www.w3.org/ns/anno.jsonld", alias="@context"
    )
    id: Key
    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["commenting", "editing"]
    creator: Who
    created: When
    target: Target
    body: tuple[Said, ...]
    replacement: Long | None
    path: Path
    seen: LastSeen
    status: Literal["open", "resolved", "accepted", "refused"]
    reason: Annotated[str, Field(max_length=200)]
    closed_by: Nobody
    closed: When | Literal[""]
    assigned: Nobody


class VerdictFile(_Strict):
    """What somebody found of a text, bound to its bytes and those of its pictures."""

    id: Key
    type: Literal["Verdict"] = "Verdict"
    source: Annotated[str, Field(pattern=r"^text:.{1,400}$")]
    path: Path
    state: Oid
    closure: Digest
    creator: Who
    role: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
    author: bool
    verdict: Literal["approved", "changes"]
    words: Words
    created: When


class Asked(_Strict):
    """Somebody who was asked; `answered` is empty before they did."""

    person: Who
    answered: When | Literal[""]


class RequestFile(_Strict):
    """Somebody asked others to review a text."""

    id: Key
    type: Literal["ReviewRequest"] = "ReviewRequest"
    source: Annotated[str, Field(pattern=r"^text:.{1,400}$")]
    path: Path
    creator: Who
    created: When
    question: Annotated[str, Field(max_length=1000)]
    rubric: Annotated[str, Field(max_length=80)]
    due: Day
    closed: When | Literal[""]
    asked: tuple[Asked, ...]


def place_of(key: str) -> str:
    """The path of a thread, verdict or request in the record."""
    folder = next(name for name, letter in KINDS.items() if key.startswith(f"{letter}-"))
    return f"{folder}/{key[2:4]}/{key}.json"


def thread_file(thread: Thread) -> bytes:
    """A thread as its file."""
    anchor = thread.anchor
    selectors = (
        (Quote(exact=anchor.quote, prefix=anchor.prefix, suffix=anchor.suffix), Position(start=anchor.start, end=anchor.end))
        if anchor.quote
        else ()
    )  # fmt: skip
    body = tuple(
        Said(
            purpose="replying" if n else "commenting",
            creator=one.person,
            created=_iso(one.at),
            value=one.text,
        )
        for n, one in enumerate(thread.remarks)
    )
    whole_start = 0 if anchor.quote else anchor.start
    made = ThreadFile(
        id=thread.key, motivation="editing" if thread.kind == "suggestion" else "commenting", creator=thread.person,
        created=_iso(thread.at), body=body, replacement=thread.replacement, path=thread.path,
        target=Target(source=f"text:{thread.text}", state=anchor.blob, part=anchor.part, selector=selectors, whole_start=whole_start),
        seen=LastSeen(state=thread.place.blob, start=thread.place.start, end=thread.place.end, lost=thread.lost),
        status=thread.state, reason=thread.reason, closed_by=thread.closed_by, closed=_iso(thread.closed_at),
        assigned=thread.assigned,
    )  # fmt: skip
    return _bytes(made)


def verdict_file(verdict: Verdict) -> bytes:
    """A verdict as its file."""
    return _bytes(
        VerdictFile(
            id=verdict.key, source=f"text:{verdict.text}", path=verdict.path, state=verdict.blob, closure=verdict.closure,
            creator=verdict.person, role=verdict.role, author=verdict.author, verdict=verdict.verdict,
            words=verdict.words, created=_iso(verdict.at),
        )
    )  # fmt: skip


def read_thread(path: str, content: bytes) -> Thread:
    """The thread of a file. Raises `FormatError` with the reason."""
    one = _read(path, content, ThreadFile)
    if (one.motivation == "editing") != (one.replacement is not None):
        raise FormatError(f"{path}: the motivation does not go with what is suggested.")
    quote, prefix, suffix, start = "", "", "", one.target.whole_start
    if one.target.selector:
        words, position = one.target.selector
        quote, prefix, suffix, start = words.exact, words.prefix, words.suffix, position.start
        if position.end - position.start != len(quote):
            raise FormatError(f"{path}: the position is not as long as the words.")
    if (one.status == "open") != (one.closed == ""):
        raise FormatError(f"{path}: the state does not go with the time of closing.")
    anchor = Anchor(quote, prefix, suffix, start, one.target.state, one.target.part)
    remarks = tuple(Remark(said.creator, said.value, _time(path, said.created)) for said in one.body)
    return Thread(
        one.id, one.target.source[5:], one.path, anchor, Place(one.seen.state, one.seen.start, one.seen.end), one.creator,
        _time(path, one.created), one.replacement, one.seen.lost, one.status, one.reason, one.closed_by,
        _time(path, one.closed), one.assigned, remarks,
    )  # fmt: skip


def read_verdict(path: str, content: bytes) -> Verdict:
    """The verdict of a file. Raises `FormatError` with the reason."""
    one = _read(path, content, VerdictFile)
    return Verdict(
        one.id, one.source[5:], one.path, one.state, one.closure, one.creator, one.role, one.author, one.verdict,
        one.words, _time(path, one.created),
    )  # fmt: skip


def read_request(path: str, content: bytes) -> RequestFile:
    """The request of a file. Raises `FormatError` with the reason."""
    return _read(path, content, RequestFile)


def seconds(path: str, word: str) -> int:
    """A time of the record in seconds since 1970, 0 for none."""
    return _time(path, word)


def request_file(one: RequestFile) -> bytes:
    """A request as its file."""
    return _bytes(one)


def schemas() -> dict[str, Any]:
    """The JSON schema of each kind of file, as it is published in the documentation."""
    kinds: dict[str, type[BaseModel]] = {"thread": ThreadFile, "verdict": VerdictFile, "request": RequestFile}
    return {name: kind.model_json_schema(by_alias=True) for name, kind in kinds.items()}


def iso(at: int) -> str:
    """A time as the record writes it, "" for none."""
    return _iso(at)


def _read(path: str, content: bytes, kind: type[_Model]) -> _Model:
    try:
        found = kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(one) for one in first["loc"])
        raise FormatError(f"{path}: {where or 'the file'}: {first['msg']}.") from error
    key = str(getattr(found, "id", ""))
    if path != place_of(key):
        raise FormatError(f"{path}: the file says that it is {key}.")
    return found


def _bytes(made: BaseModel) -> bytes:
    shown = made.model_dump(by_alias=True, mode="json")
    return (json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _time(path: str, word: str) -> int:
    if not word:
        return 0
    try:
        return int(datetime.strptime(word, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise FormatError(f"{path}: {word} is no time.") from error
