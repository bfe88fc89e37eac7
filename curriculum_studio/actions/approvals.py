"""What people do so that a text may be published: ask for reviews, say what they find, and see every reason why it is not ready."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from curriculum_studio.access import Access, check_right
from curriculum_studio.actions.lessons import find_findings, read_lesson
from curriculum_studio.actions.reviews import follow_threads, readers
from curriculum_studio.domain.approvals import (
    Finding,
    Policy,
    Reason,
    Standing,
    State,
    Verdict,
    closure_of,
    reasons,
    standing,
    state_of,
)
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.approvals import approvals_needed
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.facts import text_key
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.links import resolve
from curriculum_studio.storage.approvals import Request
from curriculum_studio.storage.content_reading import ContentSnapshot
from curriculum_studio.studio import Studio

_LOOKED_BACK = 50


@dataclass(frozen=True, slots=True)
class Approval:
    """How a text stands on its way to the sites, and who was asked about it."""

    path: str
    state: State
    standing: Standing
    requests: tuple[Request, ...]
    verdicts: tuple[Verdict, ...]
    approved_blob: str
    """The words that were last approved, "" where none were."""


_ROOT = "curriculum.md"


def policy_of(studio: Studio, snapshot: ContentSnapshot) -> Policy:
    """What publishing a version needs: whether approvals are needed is for a lead to say; how many, for the version's own
    `curriculum.md` where it says so, so that the rule is a text that is approved as all are."""
    policy = studio.approvals.policy()
    said = said_in(snapshot)
    return replace(policy, teachers=said[0], researchers=said[1]) if said else policy


def said_in(snapshot: ContentSnapshot) -> tuple[int, int] | None:
    """How many teachers and researchers `curriculum.md` asks for; None where it asks for nobody."""
    return approvals_needed(read_document(_ROOT, snapshot[_ROOT]).header) if _ROOT in snapshot else None


def closure(snapshot: ContentSnapshot, curriculum: Curriculum, path: str) -> str:
    """What a verdict on a text binds to: its bytes and those of its pictures."""
    shown = {
        to.path
        for use in curriculum.facts[path].pictures
        if (to := resolve(path, use.target)).kind == "file" and to.path in snapshot
    }
    return closure_of(snapshot.blob(path), {one: snapshot.blob(one) for one in shown})


def approval_of(studio: Studio, path: str) -> Approval:
    """Where a text stands. Raises `NotFound`."""
    snapshot, curriculum = studio.curriculum()
    facts = curriculum.facts.get(path)
    if facts is None:
        raise NotFound("There is no such text.")
    key, policy = text_key(facts), policy_of(studio, snapshot)
    verdicts = studio.approvals.of_text(key)
    stands = standing(facts.kind, closure(snapshot, curriculum, path), verdicts, policy)
    requests = studio.approvals.requests(text=key)
    released = studio.content.published()
    published = released is not None and _blob_in(studio.snapshot(released), path) == snapshot.blob(path)
    state = state_of(stands, policy, asked=bool(requests), published=published)
    past = [one.blob for one in verdicts if one.verdict == "approved"]
    return Approval(path, state, stands, tuple(requests), tuple(verdicts), past[-1] if past else "")


def _blob_in(snapshot: ContentSnapshot, path: str) -> str:
    return snapshot.blob(path) if path in snapshot else ""


def states_of_texts(studio: Studio, paths: Sequence[str]) -> dict[str, State]:
    """Where each of some texts stands: for the page of a unit."""
    snapshot, curriculum = studio.curriculum()
    policy, released = policy_of(studio, snapshot), studio.content.published()
    known = [path for path in paths if path in curriculum.facts]
    keys = {path: text_key(curriculum.facts[path]) for path in known}
    verdicts = studio.approvals.of_texts(keys.values())
    asked = {one.text for one in studio.approvals.requests()}
    out = studio.snapshot(released) if released else None
    return {
        path: state_of(
            standing(
                curriculum.facts[path].kind, closure(snapshot, curriculum, path), verdicts.get(keys[path], ()), policy
            ),
            policy,
            asked=keys[path] in asked,
            published=out is not None and _blob_in(out, path) == snapshot.blob(path),
        )
        for path in known
    }  # fmt: skip


def ask_for_review(
    studio: Studio, person: Person, path: str, people: Sequence[str], question: str, rubric: str, due: str
) -> str:
    """Asks people to review a text, with a question or a rubric, until a day ("" for none). Gives the request's key."""
    check_right(studio, person, "write", path, "Only who writes here asks for reviews. Nothing was changed.")
    allowed = readers(studio, path)
    chosen = [one for one in dict.fromkeys(people) if one in allowed and one != person.key]
    if not chosen:
        raise Refused("Choose at least one other person who may see this text. Nothing was sent yet.")
    if due:
        try:
            day = date.fromisoformat(due)
        except ValueError as error:
            raise Refused("The day is not one. Nothing was sent yet.") from error
        if day < datetime.now(UTC).date():
            raise Refused("That day is past. Nothing was sent yet.")
    key = text_key(studio.curriculum()[1].facts[path])
    return studio.approvals.ask(key, path, person.key, chosen, question.strip()[:1000], rubric[:80], due)


def end_request(studio: Studio, person: Person, key: str) -> str:
    """Ends a request; gives where its text lies. Who asked it, and who writes there, may. Raises `NotFound`."""
    request = studio.approvals.get_request(key)
    _, curriculum = studio.curriculum()
    path = curriculum.by_key.get(request.text)
    if path is None or not Access(studio, person).may("read", path):
        raise NotFound("There is no such request.")
    if person.key != request.person and not Access(studio, person).may("write", path):
        raise Refused("Only who asked ends this. Nothing was changed.")
    studio.approvals.end(key, person.key)
    return path


def give_verdict(
    studio: Studio, person: Person, path: str, blob: str, verdict: Finding, words: str
) -> Verdict:
    """Says whether a text is ready, of the very words (`blob`) that were on the page.

    Raises `Refused` where the text changed meanwhile, where changes are asked for without saying which, and where an
    approved text would still have open threads or findings that stop publishing: then with every reason.
    """
    check_right(studio, person, "verdict", path, "Your role gives no verdicts. Nothing was changed.")
    lesson = read_lesson(studio, path)
    if blob != lesson.blob:
        raise Refused("The text changed while you read it. Look at what changed, then say again.")
    if verdict == "changes" and not words.strip():
        raise Refused("Say what should change. Nothing was kept yet.")
    snapshot, curriculum = studio.curriculum()
    facts = curriculum.facts[path]
    if verdict == "approved":
        open_ = _still_open(studio, path)
        if open_:
            raise Refused("Not ready yet: " + " ".join(open_) + " Nothing was kept.")
    key = text_key(facts)
    given = Verdict(
        "", key, path, lesson.blob, closure(snapshot, curriculum, path), person.key, person.role,
        person.key in authors_since(studio, path, studio.approvals.of_text(key)), verdict, words.strip()[:4000], 0,
    )  # fmt: skip
    told = authors_since(studio, path, ()) & set(readers(studio, path))
    return studio.approvals.give(given, told)


def _still_open(studio: Studio, path: str) -> list[str]:
    """What an approval must not pass over, in sentences."""
    lesson = read_lesson(studio, path)
    found = []
    key = text_key(studio.curriculum()[1].facts[path])
    threads = [one for one in studio.reviews.of_text(key) if one.open]
    if count := len(follow_threads(studio, lesson, threads)):
        found.append(f"{count} {'thread is' if count == 1 else 'threads are'} open.")
    graves = [one for one in find_findings(studio, path, lesson.text) if one.severity == "grave"]
    found += [f"Line {one.line}: {one.message}" for one in graves[:5]]
    return found


def authors_since(studio: Studio, path: str, verdicts: Iterable[Verdict]) -> set[str]:
    """The keys of the people who wrote in a text since it was last approved; their suggestions count as writing."""
    last = max((one.at for one in verdicts if one.verdict == "approved"), default=0)
    lesson = read_lesson(studio, path)
    found: set[str] = set()
    for n, version in enumerate(
        studio.content.history(path, lesson_id=lesson.id or None, limit=_LOOKED_BACK)
    ):
        # Whoever wrote the newest version is an author, however long ago that was.
        if n and version.at.timestamp() < last:
            break
        found.add(version.author.key)
        found |= {one.key for one in version.others}
    return found


def set_policy(studio: Studio, person: Person, needed: bool, teachers: int, researchers: int) -> Policy:
    """Says whether publishing needs approvals, and whose. What is released when they are first asked for needs none."""
    if not person.may("policy"):
        raise Refused("Leads say what publishing needs. Nothing was changed.")
    if not (0 <= teachers <= 5 and 0 <= researchers <= 5 and teachers + researchers):
        raise Refused("Ask for one to five people of a role. Nothing was changed.")
    before = studio.approvals.policy()
    baseline = before.baseline if before.needed else studio.content.published() or ""
    policy = Policy(needed, teachers, researchers, baseline)
    studio.approvals.set_policy(policy, person.key)
    return policy


def unapproved(studio: Studio, snapshot: ContentSnapshot, curriculum: Curriculum) -> list[Reason]:
    """Every reason why a version may not be published: none where no approvals are needed."""
    policy = policy_of(studio, snapshot)
    if not policy.needed:
        return []
    names = {one.person.key: one.person.name for one in studio.people.all()}
    texts = [path for path in curriculum.facts if has_page(curriculum, path)]
    verdicts = studio.approvals.of_texts(text_key(curriculum.facts[path]) for path in texts)
    open_threads = studio.reviews.counts()
    standing_before = _baseline(studio, policy)
    found: list[Reason] = []
    for path in texts:
        facts, bound = curriculum.facts[path], closure(snapshot, curriculum, path)
        if bound in standing_before:
            continue
        key = text_key(facts)
        stands = standing(facts.kind, bound, verdicts.get(key, ()), policy)
        found += reasons(path, facts.title or path, stands, names, open_threads.get(key, 0))
    return found


def has_page(curriculum: Curriculum, path: str) -> bool:
    """Whether a text has a page in any edition; drafts have none, and are no part of a release while approvals are needed."""
    return any(curriculum.address(path, edition) is not None for edition in EDITIONS)


def _baseline(studio: Studio, policy: Policy) -> frozenset[str]:
    """The closures of what was released when approvals were first asked for."""
    if not policy.baseline:
        return frozenset()
    snapshot, curriculum = studio.curriculum(policy.baseline)
    return frozenset(closure(snapshot, curriculum, path) for path in curriculum.facts)


def releasable(studio: Studio, snapshot: ContentSnapshot) -> dict[str, str] | None:
    """The files of a release (path to blob) while approvals are needed: all but texts that have no page. None else."""
    if not studio.approvals.policy().needed:
        return None
    _, curriculum = studio.curriculum(snapshot.version)
    kept = dict(snapshot.blobs)
    for path in curriculum.facts:
        if not has_page(curriculum, path):
            kept.pop(path, None)
    return kept


def asked_of(studio: Studio, person: Person) -> list[tuple[Request, str]]:
    """The open requests that wait for somebody, with where each text lies."""
    _, curriculum = studio.curriculum()
    paths = curriculum.by_key
    access = Access(studio, person)
    return [
        (one, paths[one.text])
        for one in studio.approvals.requests()
        if one.awaits(person.key) and one.text in paths and access.may("read", paths[one.text])
    ]
