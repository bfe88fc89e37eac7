"""When a text is approved: who counts, what it is bound to, and every reason that is told."""

from __future__ import annotations

from itertools import count

import pytest

from curriculum_studio.domain.approvals import (
    Policy,
    Verdict,
    closure_of,
    reasons,
    rolled_up,
    standing,
    state_of,
)

_NUMBERS = count(1)
POLICY = Policy(True)


def verdict(
    person: str, role: str, said: str = "approved", closure: str = "c1", *, author: bool = False
) -> Verdict:
    n = next(_NUMBERS)
    return Verdict(f"v-{n}", "x", "x.md", "b", closure, person, role, author, said, "", n)  # type: ignore[arg-type]


def missing(*given: Verdict, kind: str = "lesson", policy: Policy = POLICY) -> tuple[str, ...]:
    return standing(kind, "c1", given, policy).missing  # type: ignore[arg-type]


def test_a_lesson_needs_a_teacher_who_did_not_write_it_and_a_researcher() -> None:
    ben, carla = verdict("ben", "teacher"), verdict("carla", "researcher")
    assert len(missing()) == 2
    assert missing(ben) == ("the approval of a researcher",)
    assert missing(carla, verdict("ada", "teacher", author=True)) == (
        "the approval of a teacher who did not write it",
    )
    assert not missing(ben, carla)
    assert standing("lesson", "c1", [ben, carla], POLICY).approved
    assert len(missing(verdict("dana", "lead"))) == 2


def test_two_teachers_are_two_people() -> None:
    policy = Policy(True, 2, 0)
    assert missing(verdict("ben", "teacher"), verdict("ben", "teacher"), policy=policy)
    assert not missing(verdict("ben", "teacher"), verdict("zoe", "teacher"), policy=policy)


@pytest.mark.parametrize(
    "kind", ["unit", "assessment", "professional-learning", "glossary", "charter", "curriculum"]
)
def test_every_other_page_needs_one_lead(kind: str) -> None:
    assert missing(verdict("ben", "teacher"), verdict("carla", "researcher"), kind=kind) == (
        "the approval of a lead",
    )
    assert not missing(verdict("dana", "lead"), kind=kind)


def test_an_approval_of_other_words_or_pictures_is_stale() -> None:
    stands = standing("lesson", "c2", [verdict("ben", "teacher"), verdict("carla", "researcher")], POLICY)
    assert not stands.approved
    assert {one.person for one in stands.stale} == {"ben", "carla"}
    (reason,) = reasons("x.md", "X", stands, {"ben": "Ben", "carla": "Carla"})
    assert "It changed since Ben and Carla approved it." in reason.why
    assert closure_of("b", {"p.svg": "1"}) != closure_of("b", {"p.svg": "2"})
    assert closure_of("b", {}) != closure_of("c", {})


def test_the_newest_verdict_of_each_person_counts() -> None:
    ben, carla = verdict("ben", "teacher"), verdict("carla", "researcher")
    stands = standing("lesson", "c1", [ben, carla, verdict("ben", "teacher", "changes")], POLICY)
    assert not stands.approved
    told = [one.why for one in reasons("x.md", "X", stands, {"ben": "Ben"})]
    assert told[0] == "Ben asks for changes."
    assert len(told) == 2
    again = standing("lesson", "c1", [ben, carla, verdict("ben", "teacher", "changes"), verdict("ben", "teacher")], POLICY)  # fmt: skip
    assert again.approved


def test_states_follow_the_way() -> None:
    none = standing("lesson", "c1", [], POLICY)
    whole = standing("lesson", "c1", [verdict("ben", "teacher"), verdict("carla", "researcher")], POLICY)
    back = standing("lesson", "c1", [verdict("ben", "teacher", "changes")], POLICY)
    assert state_of(none, POLICY, asked=False, published=False) == "draft"
    assert state_of(none, POLICY, asked=True, published=False) == "in review"
    assert state_of(back, POLICY, asked=True, published=False) == "changes requested"
    assert state_of(whole, POLICY, asked=False, published=False) == "approved"
    assert state_of(whole, POLICY, asked=False, published=True) == "published"
    assert state_of(none, Policy(), asked=False, published=True) == "published"
    assert rolled_up(["draft", "published", "draft"]) == {"draft": 2, "published": 1}
