"""One check for everyone: reads a curriculum and says everything that is amiss, all at once.

The editor's margin, the command line, the publish gate and the store's doorman call these same functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from curriculum_studio.domain.alignment import coverage
from curriculum_studio.domain.coherence import out_of_order
from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.check_document import nearest
from curriculum_studio.formats.claims import claims_of, taught
from curriculum_studio.formats.curriculum import RESERVED, Curriculum, curriculum_of, is_text
from curriculum_studio.formats.facts import Claim, Facts, Use, facts_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.links import Target, resolve
from curriculum_studio.formats.pictures import SUFFIXES, PictureError, clean_picture

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*", re.IGNORECASE)
_RELATIONS = frozenset({"building-on", "addressing", "building-toward", "assesses"})


def curriculum_in(snapshot: Snapshot) -> Curriculum:
    """A curriculum read whole, with the facts of each of its texts."""
    facts = {
        path: facts_of(read_document(path, snapshot[path])) for path in sorted(snapshot) if is_text(path)
    }
    return curriculum_of(facts, snapshot)


def check(snapshot: Snapshot, only: str | None = None) -> list[Finding]:
    """Every finding of a curriculum, or those of one of its files, in the order of file, line and column."""
    return check_curriculum(curriculum_in(snapshot), snapshot, only)


def check_curriculum(curriculum: Curriculum, snapshot: Snapshot, only: str | None = None) -> list[Finding]:
    """The same of a curriculum that was read already."""
    known = framework(snapshot, curriculum.framework)
    paths = [only] if only is not None else sorted(snapshot)
    return sorted(
        found for path in paths if path in snapshot for found in check_file(path, curriculum, known, snapshot)
    )


def check_file(
    path: str, curriculum: Curriculum, known: Framework | None, snapshot: Snapshot
) -> Iterator[Finding]:
    """All findings of one file: its own, and those that need the rest of the curriculum."""
    yield from _path(path)
    facts = curriculum.facts.get(path)
    if facts is None:
        yield from _other_file(path, curriculum)
        return
    yield from facts.findings
    if not facts.readable:
        return
    yield from _identity(facts, curriculum)
    yield from _links(facts, curriculum)
    yield from _pictures(facts, curriculum, snapshot)
    yield from _goals(facts, curriculum)
    yield from _misconceptions(facts, curriculum)
    if facts.kind == "lesson" and path not in curriculum.placed:
        yield finding("lesson-draft", path)
    if facts.kind == "curriculum":
        yield from _asked_for(facts, curriculum, known)
    if facts.kind == "unit":
        yield from _sections(facts, curriculum)
        yield from _order(facts, curriculum, known)
    if facts.kind == "translation":
        yield from _translation(facts, curriculum)
    if facts.claims:
        yield from _standards(facts, curriculum, known)
    if facts.kind == "lesson":
        yield from _assessed(facts, curriculum)


def _path(path: str) -> Iterator[Finding]:
    names = path.split("/")
    for name in names:
        if not _NAME.fullmatch(name) or name in (".", "..") or len(name) > 100:
            reason = "it holds something other than letters, digits, hyphens and dots."
            yield finding("path-name", path, reason=reason)
            return
    if len(names) > 1 and names[0] in RESERVED and not (names[0] == "standards" and len(names) == 2):
        yield finding("path-name", path, reason=f"the site keeps “{names[0]}” for itself.")


def _other_file(path: str, curriculum: Curriculum) -> Iterator[Finding]:
    suffix = path.rpartition(".")[2].lower()
    if suffix in SUFFIXES:
        if path not in curriculum.shown_pictures:
            yield finding("picture-unused", path)
    elif not path.startswith(("standards/", "rubrics/")) and path not in ("LICENSE", "README.md"):
        yield finding("file-unknown", path, hint="Lessons end in .md and stand in a unit's folder.")


def _identity(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    paths = curriculum.by_id.get(facts.id, ()) if facts.kind != "translation" else ()
    if len(paths) > 1:
        other = next(path for path in paths if path != facts.path)
        yield finding("id-twice", facts.path, 2, 1, id=facts.id, other=other)


def _links(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    for use in facts.links:
        target = resolve(facts.path, use.target)
        place = (facts.path, use.line, use.column)
        if target.kind == "refused":
            yield finding("link-refused", *place, target=use.target)
        elif target.kind == "outside":
            yield finding("path-outside", *place, target=use.target)
        elif target.kind == "file":
            yield from _file_link(use, target, place, curriculum)


def _file_link(
    use: Use, target: Target, place: tuple[str, int, int], curriculum: Curriculum
) -> Iterator[Finding]:
    there = curriculum.facts.get(target.path)
    if target.path not in curriculum.files:
        near = nearest(target.path, curriculum.files)
        yield finding(
            "link-missing", *place, target=use.target, hint=near or "Mend the link, or take it away."
        )
        return
    seen: str = "sft"
    if there is not None and target.part:
        parts = curriculum.parts(target.path)
        if target.part not in parts:
            hint = nearest(target.part, parts) or "Give the part that is meant this id."
            yield finding("link-missing", *place, target=use.target, hint=hint)
            return
        seen = parts[target.part]
    for edition in ("student", "family"):
        if edition[0] in use.seen and (
            edition[0] not in seen or curriculum.address(target.path, edition) is None
        ):
            yield finding("link-dropped", *place, target=use.target)
            return


def _pictures(facts: Facts, curriculum: Curriculum, snapshot: Snapshot) -> Iterator[Finding]:
    for use in facts.pictures:
        target = resolve(facts.path, use.target)
        place = (facts.path, use.line, use.column)
        if target.kind in ("web", "refused"):
            yield finding(
                "picture-refused", *place, target=use.target, reason="it lies outside the curriculum."
            )
        elif target.kind == "outside":
            yield finding("path-outside", *place, target=use.target)
        elif target.path not in curriculum.files:
            yield finding("picture-missing", *place, target=use.target)
        else:
            try:
                clean_picture(target.path, snapshot[target.path])
            except PictureError as error:
                yield finding("picture-refused", *place, target=use.target, reason=str(error))


def _goals(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    charter = curriculum.facts.get("charter.md")
    if not facts.goals or charter is None:
        return
    for use in facts.goals:
        if use.target not in charter.charter_goals:
            hint = f"The charter has {', '.join(charter.charter_goals) or 'no goals'}."
            yield finding("goal-unknown", facts.path, use.line, use.column, id=use.target, hint=hint)


def _misconceptions(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    source = curriculum.translated_from(facts.path) if facts.kind == "translation" else None
    there = curriculum.facts[source] if source else facts
    explained, where = frozenset(there.misconceptions), "in this lesson"
    if there.kind == "assessment":
        # What a wrong answer of an assessment may show, the lessons of the unit explain.
        explained, where = frozenset(curriculum.misconceptions(facts.path)), "in the lessons of this unit"
    for use in facts.uses_misconceptions:
        if use.target not in {*explained, *there.parts, *facts.parts}:
            hint = nearest(use.target, explained) or "Write a part `### Misconception: … {#m-…}`."
            words = {"id": use.target, "where": where, "hint": hint}
            yield finding("misconception-unknown", facts.path, use.line, use.column, **words)


def _sections(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    folder = facts.path.rpartition("/")[0]
    seen: set[str] = set()
    for section in facts.sections:
        for use in section.lessons:
            name = use.target.removesuffix(".md")
            if name in seen:
                yield finding("lesson-twice", facts.path, use.line, use.column, name=name)
            seen.add(name)
            path = f"{folder}/{name}.md" if folder else f"{name}.md"
            if path not in curriculum.facts:
                lessons = frozenset(
                    p.rpartition("/")[2][:-3] for p in curriculum.facts if p.startswith(f"{folder}/")
                )
                hint = nearest(name, lessons) or "Write it, or take the name away."
                yield finding("lesson-absent", facts.path, use.line, use.column, name=name, hint=hint)


def _order(facts: Facts, curriculum: Curriculum, known: Framework | None) -> Iterator[Finding]:
    """Lessons of a unit that come before what they rest on."""
    unit = next((one for one in curriculum.units if one.facts.path == facts.path), None)
    if unit is None or known is None:
        return
    paths = [path for section in unit.sections for path in section.lessons]
    codes = [
        [code for claim, code in claims_of(curriculum, path, known) if claim.relation == "addressing"]
        for path in paths
    ]
    places = {use.target.removesuffix(".md"): use for section in facts.sections for use in section.lessons}
    for place, code, later, before in out_of_order(known, codes):
        use = places.get(paths[place].rpartition("/")[2][:-3])
        yield finding(
            "lesson-order", facts.path, *((use.line, use.column) if use else (1, 1)), code=code, before=before,
            lesson=curriculum.facts[paths[place]].title, later=curriculum.facts[paths[later]].title,
        )  # fmt: skip


def _translation(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    source = curriculum.translated_from(facts.path)
    if source is None:
        yield finding("translation-orphan", facts.path, 2, 1, id=facts.translates[0])
        return
    there = curriculum.facts[source]
    if facts.translates[1:] != (there.student_hash, there.whole_hash):
        yield finding(
            "translation-stale",
            facts.path,
            2,
            1,
            id=there.id,
            student=there.student_hash,
            whole=there.whole_hash,
        )


def unit_grade(facts: Facts, curriculum: Curriculum) -> str:
    """The grade of the unit to which a file belongs, or its own."""
    unit = curriculum.unit_of.get(facts.path)
    return unit.facts.grade if unit is not None else facts.grade


def _standards(facts: Facts, curriculum: Curriculum, known: Framework | None) -> Iterator[Finding]:
    if known is None:
        if facts.kind == "unit" or facts.kind == "lesson":
            yield finding("framework-missing", facts.path, id=curriculum.framework)
        return
    grade = unit_grade(facts, curriculum)
    own = _own_claims(facts, curriculum)
    addressed = [found.code for c in own if c.relation == "addressing" and (found := known.find(c.code))]
    for claim in own:
        place = (facts.path, claim.line, claim.column)
        found = known.find(claim.code)
        if found is None:
            near = known.nearest(claim.code)
            hint = f"Did you mean “{near}”?" if near else "Look the code up on the standards page."
            yield finding("standard-unknown", *place, framework=known.title, code=claim.code, hint=hint)
        elif (
            claim.relation == "addressing"
            and grade
            and found.grade != grade
            and grade not in found.grade.split("-")
        ):
            yield finding("standard-grade", *place, code=claim.code, found=found.grade, grade=grade)
        elif claim.relation == "building-on" and addressed and not _before(known, found.code, addressed):
            yield finding("standard-order", *place, code=claim.code)
        elif claim.relation not in _RELATIONS and claim.relation not in ("practises", "assesses"):
            hint = nearest(claim.relation, _RELATIONS)
            yield finding("unknown-key", *place, key=claim.relation, hint=hint)


def _before(known: Framework, code: str, addressed: Iterable[str]) -> bool:
    return any(known.is_prerequisite(code, one) for one in addressed)


def _own_claims(facts: Facts, curriculum: Curriculum) -> list[Claim]:
    """The claims on the framework that the curriculum follows: the same code in another one is another standard."""
    return [one for one in facts.claims if one.framework in ("", curriculum.framework)]


def _assessed(facts: Facts, curriculum: Curriculum) -> Iterator[Finding]:
    own = _own_claims(facts, curriculum)
    tested = {claim.code for claim in own if claim.relation in ("practises", "assesses")}
    for claim in own:
        if claim.relation == "addressing" and not any(_within(code, claim.code) for code in tested):
            yield finding("target-untested", facts.path, claim.line, claim.column, code=claim.code)


def _within(code: str, addressed: str) -> bool:
    return code == addressed or code.startswith(f"{addressed}.") or addressed.startswith(f"{code}.")


def _asked_for(facts: Facts, curriculum: Curriculum, known: Framework | None) -> Iterator[Finding]:
    """What the curriculum asks of its coverage, where it falls short. Ratings are asked for where people are known."""
    gate = curriculum.gate
    if gate is None or known is None or not (gate.assessed or gate.taught or gate.major is not None):
        return
    found = coverage(known, taught(curriculum, known))
    for code, asked, lacking in (
        ("coverage-assessed", gate.assessed, found.unassessed),
        ("coverage-taught", gate.taught, found.gaps),
    ):
        if asked and lacking:
            codes = ", ".join(lacking[:12]) + (" …" if len(lacking) > 12 else "")
            yield finding(code, facts.path, *facts.asks_at, count=len(lacking), codes=codes)
    share = found.major_share
    if gate.major is not None and (share is None or share < gate.major):
        # Rounded down: a share that falls short never reads as if it did not.
        shown = f"{int(1000 * share) / 10:g}" if share is not None else "0"
        yield finding("coverage-major", facts.path, *facts.asks_at, share=shown, asked=f"{float(100 * gate.major):g}")  # fmt: skip


def check_all(
    facts: Mapping[str, Facts], curriculum: Curriculum, known: Framework | None, snapshot: Snapshot
) -> list[Finding]:
    """Every finding of a curriculum whose facts are at hand."""
    paths = {*facts, *curriculum.files}
    return sorted(found for path in paths for found in check_file(path, curriculum, known, snapshot))
