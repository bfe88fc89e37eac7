"""Cycles of improvement (plan, do, study, act): a change idea, what is predicted before any data, what happened, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from curriculum_studio.domain.errors import Refused

Stage = Literal["plan", "do", "study", "act"]
DECISIONS: Mapping[str, str] = {
    "adopt": "adopt: we keep it",
    "adapt": "adapt: we change it and try again",
    "abandon": "abandon: we let it go",
}
MOST_WORDS = 2000
_MISSING = {
    "idea": "Say what you want to try.",
    "prediction": "Say what you expect to happen, in a form that could turn out wrong.",
    "measure": "Say how you will know.",
}


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle. What was planned is never changed once it has begun; moments are seconds since 1970, 0 for not yet.

    `goal` is the charter's goal that it serves, `unit` the id of its unit, `flag` the flag that it answers ("" for none),
    `before` the cycle that it goes on from, `results` the key of the results that were looked at.
    """

    key: str
    unit: str
    goal: str
    flag: str
    before: str
    idea: str
    prediction: str
    measure: str
    person: str
    planned: int
    begun: int = 0
    happened: str = ""
    results: str = ""
    studied: int = 0
    decision: str = ""
    learned: str = ""
    decided: int = 0

    @property
    def stage(self) -> Stage:
        """What is being done now; `act` once it was decided."""
        if self.decided:
            return "act"
        if self.studied:
            return "study"
        return "do" if self.begun else "plan"

    @property
    def waits_for(self) -> str:
        """What has to happen next, in words."""
        return {
            "plan": "waits to be begun",
            "do": "waits for what happened",
            "study": "waits for a decision",
            "act": "decided",
        }[self.stage]


def planned(one: Cycle) -> Cycle:
    """A plan that is whole. Raises `Refused` with what is missing."""
    words = {name: getattr(one, name).strip() for name in _MISSING}
    for name, sentence in _MISSING.items():
        _sized(words[name], sentence)
    if not one.goal:
        raise Refused("Say which goal of the charter it serves. Nothing was changed.")
    return replace(one, idea=words["idea"], prediction=words["prediction"], measure=words["measure"])


def replanned(one: Cycle, plan: Cycle) -> Cycle:
    """The cycle with another plan, before it has begun. Raises `Refused` with what is missing."""
    _at(one, "plan")
    new = planned(plan)
    return replace(
        one, unit=new.unit, goal=new.goal, idea=new.idea, prediction=new.prediction, measure=new.measure
    )


def _sized(words: str, missing: str) -> None:
    if not words:
        raise Refused(f"{missing} Nothing was changed.")
    if len(words) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was changed.")


def begun(one: Cycle, now: int) -> Cycle:
    """The cycle once it has begun: from now on its prediction stands."""
    _at(one, "plan")
    return replace(one, begun=now)


def studied(one: Cycle, happened: str, results: tuple[str, int] | None, now: int) -> Cycle:
    """The cycle once it is written down what happened. `results` are those that were looked at: their key, and when they came in.
    What was in before the cycle began was no secret to whoever predicted it."""
    _at(one, "do")
    if results is not None and results[1] < one.begun:
        raise Refused(
            "These results were in before the cycle began: nothing can be predicted of them. Choose later ones, or none. Nothing was changed."
        )
    _sized(happened.strip(), "Say what happened, beside what you predicted.")
    return replace(one, happened=happened.strip(), results=results[0] if results else "", studied=now)


def decided(one: Cycle, decision: str, learned: str, now: int) -> Cycle:
    """The cycle once it is decided."""
    _at(one, "study")
    if decision not in DECISIONS:
        raise Refused("Choose adopt, adapt or abandon. Nothing was changed.")
    _sized(learned.strip(), "Say what you learned.")
    return replace(one, decision=decision, learned=learned.strip(), decided=now)


def _at(one: Cycle, stage: Stage) -> None:
    if one.stage != stage:
        raise Refused("This cycle has moved on meanwhile. Look at it again. Nothing was changed.")
