"""Publishing from the studio: what would change and for whom, what stops it, the release, and the way back."""

from __future__ import annotations

import fcntl
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.access import Access
from curriculum_studio.actions.approvals import releasable, unapproved
from curriculum_studio.actions.lessons import author_of
from curriculum_studio.actions.statements import keep_statements, unrated
from curriculum_studio.domain.approvals import Reason
from curriculum_studio.domain.errors import NotFound, Refused, StudioError
from curriculum_studio.domain.findings import Finding, grave
from curriculum_studio.domain.kinds import Edition
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.check import check_all
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.publishing.build import Report, publish
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.storage.content_reading import ContentSnapshot
from curriculum_studio.studio import Studio

EDITIONS: tuple[Edition, ...] = ("student", "family", "teacher")
_BACK = "Back to “"
_STALE = 30.0
"""Seconds after which a publication that says nothing more is taken for one that was killed."""


@dataclass(frozen=True, slots=True)
class PageChange:
    """A text whose publication would change something: what kind of change, and for which readers."""

    path: str
    title: str
    what: str
    readers: tuple[str, ...]
    draft: bool = False
    """Whether it is a lesson that stands in no section, so that nobody sees it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a release would change since the last one, and every finding; `ready` is false where one is grave."""

    changes: tuple[PageChange, ...]
    findings: tuple[Finding, ...]
    released: str | None
    reasons: tuple[Reason, ...] = ()
    """What lacks an approval or a rating, where they are needed."""

    @property
    def ready(self) -> bool:
        """Whether nothing stops it."""
        return not self.reasons and not grave(list(self.findings))


@dataclass(frozen=True, slots=True)
class Progress:
    """How a publication stands: at work (`step`, `done` of `total`), or ended with its figures or with `error`."""

    working: bool
    step: str = ""
    done: int = 0
    total: int = 0
    built: int = 0
    reused: int = 0
    removed: int = 0
    seconds: float = 0.0
    error: str = ""
    at: float = 0.0


def preview_release(studio: Studio) -> Preview:
    """Compares the working text with what is released."""
    snapshot, curriculum = studio.curriculum()
    released = studio.content.published()
    old = studio.snapshot(released) if released else None
    findings = check_all(curriculum.facts, curriculum, framework(snapshot, curriculum.framework), snapshot)
    before = {path: old.blob(path) for path in old} if old is not None else {}
    now = {path: snapshot.blob(path) for path in snapshot}
    past = studio.curriculum(released)[1] if released else None
    rows = [
        _change(path, curriculum, past, path in before, path in now)
        for path in sorted({*before, *now})
        if before.get(path) != now.get(path)
    ]
    return Preview(tuple(rows), tuple(findings), released, tuple(_reasons(studio, snapshot, curriculum)))


def _reasons(studio: Studio, snapshot: ContentSnapshot, curriculum: Curriculum) -> list[Reason]:
    """Everything that people have still to do: approvals, and ratings where the curriculum asks for them."""
    return [*unapproved(studio, snapshot, curriculum), *unrated(studio, curriculum)]


def _change(path: str, curriculum: Curriculum, past: Curriculum | None, was: bool, is_: bool) -> PageChange:
    new, old = curriculum.facts.get(path), past.facts.get(path) if past else None
    what = "new" if not was else "taken away" if not is_ else "changed"
    facts = new or old
    if facts is None:
        return PageChange(path, path, what, EDITIONS)
    seen = [name for name in EDITIONS if curriculum.address(path, name) is not None or (past and past.address(path, name) is not None)]  # fmt: skip
    if new is not None and old is not None:
        differ = [a != b for a, b in zip(new.digests, old.digests, strict=True)]
        changed = dict(zip(EDITIONS, differ, strict=True))
        # The front page of each site shows the units in their order, which stands in no part of the text.
        listed = new.kind == "curriculum" and new.units != old.units
        seen = [name for name in seen if changed[name] or listed]
    draft = facts.kind == "lesson" and path not in curriculum.placed
    return PageChange(path, facts.title or path, what, tuple(seen), draft)


def publish_release(
    studio: Studio, person: Person, note: str, tell: Callable[[str, int, int], None] | None = None
) -> Report:
    """Releases the working text and puts all editions in place; nothing changes where a finding is grave."""
    _may_publish(person)
    snapshot = studio.snapshot()
    _check_approved(studio, snapshot)
    report = _build(studio, snapshot, tell)
    if report.done:
        _release(studio, person, snapshot, note or "Published")
    return report


def take_back(
    studio: Studio, person: Person, version: str, tell: Callable[[str, int, int], None] | None = None
) -> Report:
    """Publishes an earlier release again, as a new one; the working text stays as it is. Raises `NotFound`."""
    _may_publish(person)
    if not studio.content.was_released(version):
        raise NotFound("There is no such release.")
    snapshot = studio.snapshot(version)
    _check_approved(studio, snapshot)
    report = _build(studio, snapshot, tell)
    if report.done:
        _release(studio, person, snapshot, _note_back(studio.content.version(version)))
    return report


def _note_back(version: Version) -> str:
    """The note of a release that repeats an earlier one: by its own note, and its day without a time, which is another one for readers
    elsewhere."""
    note = version.note.split("\n")[0]
    return note if note.startswith(_BACK) else f"{_BACK}{note}”, of {version.at:%-d %B %Y}"


def _build(studio: Studio, snapshot: ContentSnapshot, tell: Callable[[str, int, int], None] | None) -> Report:
    settings = studio.settings
    reports = f"{settings.address.rstrip('/')}/report" if settings.reader_reports and settings.address else ""
    return publish(snapshot, settings.sites, EDITIONS, reports=reports, every_finding=False, progress=tell)


def _check_approved(studio: Studio, snapshot: ContentSnapshot) -> None:
    """Raises `Refused` with every reason where a text of a version lacks an approval or a rating that is needed."""
    found = _reasons(studio, snapshot, studio.curriculum(snapshot.version)[1])
    if found:
        # How a publication ended is told to everybody: what a team keeps private is not named.
        anybody = Access(studio, Person("", "", "reviewer"))
        open_ = [one for one in found if anybody.reads(one.path)]
        told = " ".join(f"“{one.title}”: {one.why}" for one in open_[:20])
        more = f" And {len(open_) - 20} more." if len(open_) > 20 else ""
        more += " Something in units that their teams keep private." if len(open_) < len(found) else ""
        raise Refused(f"Nothing was published: {told}{more}".replace(":  ", ": "))


def _release(studio: Studio, person: Person, snapshot: ContentSnapshot, note: str) -> None:
    released = studio.content.published()
    tree = releasable(studio, snapshot)
    if released is None or (
        snapshot.changed_since(released) if tree is None else dict(studio.snapshot(released).blobs) != tree
    ):
        version = studio.content.release(
            snapshot.blobs if tree is None else tree, author_of(person), note, datetime.now(UTC)
        )
        keep_statements(studio, version)
        studio.audit.note(person.key, "published", "", note=note.split("\n")[0])


def releases(studio: Studio, limit: int = 30) -> list[Version]:
    """The releases, the newest first, each with its notes."""
    return studio.content.releases(limit)


def _may_publish(person: Person) -> None:
    if not person.may("publish"):
        raise Refused(
            "Publishing is for leads, coaches and administrators. Ask one of them. Nothing was changed."
        )


# Long work ----------------------------------------------------------------------------------------------------


def begin(
    studio: Studio, work: Callable[[Callable[[str, int, int], None]], Report], wait: float = 3.0
) -> None:
    """Runs a publication beside the request; returns when it has ended, or after `wait` seconds.

    `progress` tells how it stands, to every process. Raises `Refused` where another one is at work.
    """
    place = studio.settings.folder / ".publishing.json"
    entered, ended = threading.Event(), threading.Event()
    refused: list[StudioError] = []

    def run() -> None:
        try:
            with _alone(place):
                entered.set()
                _run(place, work)
        except Refused as error:
            refused.append(error)
        finally:
            entered.set()
            ended.set()

    threading.Thread(target=run, name="publishing").start()
    entered.wait()
    ended.wait(wait)
    if refused:
        raise refused[0]


def _run(place: Path, work: Callable[[Callable[[str, int, int], None]], Report]) -> None:
    last = [0.0]

    def tell(step: str, done: int, total: int) -> None:
        now = time.time()
        if now - last[0] > 0.3:
            last[0] = now
            _write(place, Progress(True, step, done, total, at=now))

    _write(place, Progress(True, "starting", at=time.time()))
    try:
        report = work(tell)
    except StudioError as fault:
        _write(place, Progress(False, error=str(fault), at=time.time()))
        return
    error = (
        "" if report.done else "Nothing was published: mend what stops it first. The sites are as they were."
    )
    _write(
        place,
        Progress(
            False, "", 0, 0, report.built, report.reused, report.removed, report.seconds, error, time.time()
        ),
    )


def progress(studio: Studio) -> Progress | None:
    """How the last publication stands; None before the first."""
    try:
        found = Progress(**json.loads((studio.settings.folder / ".publishing.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if found.working and time.time() - found.at > _STALE and not _is_running(studio):
        return Progress(False, error="The last publication was cut off. The sites are whole; publish again.")
    return found


def _is_running(studio: Studio) -> bool:
    try:
        with _alone(studio.settings.folder / ".publishing.json"):
            return False
    except Refused:
        return True


def _write(place: Path, now: Progress) -> None:
    fresh = place.with_suffix(".fresh")
    fresh.write_text(json.dumps(asdict(now)), "utf-8")
    fresh.replace(place)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with place.with_suffix(".lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("A publication is at work already. Wait until it has ended.") from error
        yield
