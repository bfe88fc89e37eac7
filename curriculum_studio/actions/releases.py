"""Publishing from the studio: what would change, what stops it, and the release itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.actions.lessons import author_of
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.findings import Finding, grave
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.check import check_all
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.publishing.build import Report, publish
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Preview:
    """What a release would change since the last one, and every finding; `ready` is false where one is grave."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...]
    first: bool

    @property
    def ready(self) -> bool:
        """Whether nothing stops it."""
        return not grave(list(self.findings))

    @property
    def nothing(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.changed or self.removed)


def preview_release(studio: Studio) -> Preview:
    """Compares the working text with what is released."""
    snapshot, curriculum = studio.curriculum()
    released = studio.content.published()
    old = studio.snapshot(released) if released else None
    before = {path: old.blob(path) for path in old} if old is not None else {}
    now = {path: snapshot.blob(path) for path in snapshot}
    findings = check_all(curriculum.facts, curriculum, framework(snapshot, curriculum.framework), snapshot)
    return Preview(
        tuple(path for path in now if path not in before),
        tuple(path for path in now if path in before and before[path] != now[path]),
        tuple(path for path in before if path not in now),
        tuple(findings),
        released is None,
    )


def publish_release(studio: Studio, person: Person, note: str) -> Report:
    """Releases the working text and puts all editions in place; nothing changes where a finding is grave."""
    if not person.may("publish"):
        raise Refused("Publishing is for leads and coaches. Ask one of them.")
    snapshot, _ = studio.curriculum()
    report = publish(snapshot, studio.settings.sites, ("student", "family", "teacher"))
    if report.done:
        blobs = {path: snapshot.blob(path) for path in snapshot}
        released = studio.content.published()
        old = studio.snapshot(released) if released else None
        if old is None or blobs != {path: old.blob(path) for path in old}:
            studio.content.release(blobs, author_of(person), note or "Published", datetime.now(UTC))
    return report
