"""Inquiries: what somebody found out about a unit, with how it was found out, the effect, and the tier of evidence that follows by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from curriculum_studio.domain.effects import Arm, Effect, hedges
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.identity import in_words

Tier = Literal["1", "2", "3", "4", ""]
DESIGNS: Mapping[str, str] = {
    "trial": "by lot: who was taught with it was drawn",
    "compared": "with a comparison group that was not drawn by lot",
    "correlational": "a correlation, with other differences held equal by statistics",
    "before-after": "one group before and after, nothing to compare with",
    "described": "described: interviews, observation, students’ work",
}
"""How something was found out, the strongest design first."""
ASSIGNED: Mapping[str, str] = {
    "students": "students",
    "classes": "classes",
    "schools": "schools",
    "nobody": "nobody was assigned",
}
MAKERS: Mapping[str, str] = {
    "independent": "made by others, also used elsewhere",
    "standardized": "a standardized test",
    "developer": "made by those who wrote the unit",
}
TIERS: Mapping[Tier, str] = {
    "1": "Tier 1: strong evidence",
    "2": "Tier 2: moderate evidence",
    "3": "Tier 3: promising evidence",
    "4": "Tier 4: demonstrates a rationale",
    "": "No tier",
}
LARGE, SITES = 350, 2
"""What U.S. Department of Education guidance calls a large sample over several sites: 350 students, two sites (Non-Regulatory
Guidance: Using Evidence to Strengthen Education Investments, 2016 and 2023)."""
ALIKE = 0.25
"""Groups that differ by more standard deviations than this at the start cannot be made equal by statistics; up to 0.05 they count as
equal: What Works Clearinghouse, Handbook, version 5.0."""
EQUAL = 0.05
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A finding. `unit` and `goal` are ids ("" for no goal), `version` that of the unit as it was taught.

    `treated` and `compared` are the groups of a design with two groups, None of others. `apart` is how many standard
    deviations the groups were apart at the start (None: not known), `adjusted` whether
    differences at the start were held equal by statistics. `positive` is what is reported of a correlation: the whole interval lies
    above 0. `rationale`: research gives a reason why it should work. `sites` counts schools or districts.
    """

    key: str
    unit: str
    goal: str
    version: str
    title: str
    finding: str
    design: str
    measure: str
    maker: str
    assigned: str
    sites: int
    treated: Arm | None
    compared: Arm | None
    apart: float | None
    adjusted: bool
    positive: bool
    rationale: bool
    source: str
    person: str
    at: int = 0
    changed: int = 0
    withdrawn: bool = False

    @property
    def n(self) -> int:
        """Students in all."""
        return sum(one.n for one in (self.treated, self.compared) if one is not None)

    @property
    def effect(self) -> Effect | None:
        """Hedges' g with its interval; None where the design compares no groups."""
        if self.treated is None or self.compared is None or self.design not in COMPARING:
            return None
        clustered = self.assigned in ("classes", "schools")
        treated, compared = self.treated, self.compared
        if clustered:
            return hedges(treated, compared) if min(treated.clusters, compared.clusters) > 1 else None
        return hedges(replace(treated, clusters=0), replace(compared, clusters=0))


COMPARING = ("trial", "compared")
"""Designs in which the means of two groups are compared."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The tier that the rule suggests, why, and what stands in the way of a higher one."""

    tier: Tier
    because: str
    short_of: tuple[str, ...] = ()


def judged(inquiry: Inquiry) -> Judged:
    """The tier of evidence under the Every Student Succeeds Act (section 8101(21)(A)) that a rule suggests. A person decides:
    the rule does not know what was overlooked, such as other changes at the same time or students lost from one group."""
    effect = inquiry.effect
    lacks: list[str] = []
    if inquiry.design in COMPARING:
        if effect is None:
            lacks.append("no effect can be computed from what is written down")
        elif effect.interval[0] <= 0:
            harm = effect.interval[1] < 0
            lacks.append("the effect is negative" if harm else "the interval of the effect includes 0")
        if inquiry.maker == "developer":
            lacks.append("the measure was made by those who wrote the unit")
        if inquiry.design == "compared" and not _comparable(inquiry):
            lacks.append("the groups are not known to have been alike at the start")
        if not lacks:
            size = _size(inquiry)
            if not size:
                tier: Tier = "1" if inquiry.design == "trial" else "2"
                return Judged(
                    tier,
                    _BECAUSE[tier],
                    () if tier == "1" else ("who was taught with it was not drawn by lot",),
                )
            return Judged("3", _BECAUSE["3"], size)
    if inquiry.design == "correlational":
        if inquiry.adjusted and inquiry.positive:
            return Judged("3", _BECAUSE["3"], ("a correlation leaves open what causes what",))
        lacks += [] if inquiry.adjusted else ["other differences were not held equal"]
        lacks += (
            [] if inquiry.positive else ["the interval of the correlation is not reported to lie above 0"]
        )
    if inquiry.design == "before-after":
        lacks.append("nothing tells what would have happened without it")
    if inquiry.design == "described":
        lacks.append("a description says how, and not how much")
    if inquiry.rationale:
        return Judged("4", _BECAUSE["4"], tuple(lacks))
    return Judged(
        "",
        "No tier follows from what is written down.",
        (*lacks, "no line of reasoning from research is given"),
    )


_BECAUSE: Mapping[Tier, str] = {
    "1": "Drawn by lot, on a measure of others, 350 students or more at two sites or more, and the whole interval lies above 0.",
    "2": "With a comparison group that was alike at the start, on a measure of others, 350 students or more at two sites or more, and the whole interval lies above 0.",
    "3": "A positive finding in a comparison or a correlation, with differences at the start held equal.",
    "4": "A line of reasoning from research says why it should work, and it is being looked at.",
}


def _comparable(inquiry: Inquiry) -> bool:
    if inquiry.apart is None:
        return False
    apart = abs(inquiry.apart)
    return apart <= EQUAL or (apart <= ALIKE and inquiry.adjusted)


def _size(inquiry: Inquiry) -> tuple[str, ...]:
    found = []
    if inquiry.n < LARGE:
        found.append(f"{inquiry.n} students are fewer than {LARGE}")
    if inquiry.sites < SITES:
        found.append("one site only" if inquiry.sites == 1 else "how many sites is not said")
    return tuple(found)


def checked(inquiry: Inquiry) -> Inquiry:
    """An inquiry that can be kept. Raises `Refused` with what is missing."""
    for words, missing in (
        (inquiry.title, "Give it a title."),
        (inquiry.finding, "Say in words what was found."),
        (inquiry.measure, "Say with what it was measured."),
        (inquiry.source, "Say where it is written down, or who has the figures."),
    ):
        if not words.strip():
            raise Refused(f"{missing} Nothing was changed.")
        if len(words) > MOST_WORDS:
            raise Refused("These are too many words. Nothing was changed.")
    if inquiry.design not in DESIGNS or inquiry.maker not in MAKERS or inquiry.assigned not in ASSIGNED:
        raise Refused(
            "Choose how it was found out, who made the measure, and who was assigned. Nothing was changed."
        )
    if not 0 <= inquiry.sites <= 10_000:
        raise Refused("Say at how many sites, or nothing. Nothing was changed.")
    if inquiry.apart is not None and not -10 <= inquiry.apart <= 10:
        raise Refused(
            "How far apart the groups were: standard deviations, such as 0.12. Nothing was changed."
        )
    for words in (inquiry.title, inquiry.finding):
        found = in_words(words)
        if found and found[0] != "name":
            raise Refused(
                "Something in your words could lead to a student: an address, a date, a long number. Nothing was changed."
            )
    for name, arm in (("taught with it", inquiry.treated), ("compared with", inquiry.compared)):
        if inquiry.design in COMPARING and arm is None:
            raise Refused(
                f"Give mean, standard deviation and number of those who were {name}. Nothing was changed."
            )
        if arm is not None:
            _arm(arm, name, inquiry.assigned)
    return inquiry


def _arm(arm: Arm, name: str, assigned: str) -> None:
    if not 10 <= arm.n <= 10_000_000:
        raise Refused(
            f"Groups of fewer than ten students are not written down ({name}). Nothing was changed."
        )
    if arm.deviation <= 0 or abs(arm.mean) > 1e6 or arm.deviation > 1e6:
        raise Refused(f"The standard deviation of those {name} is above 0. Nothing was changed.")
    if assigned in ("classes", "schools") and not 2 <= arm.clusters <= arm.n:
        raise Refused(
            f"Say how many {assigned} were {name}, two at least: students of one class are alike, and the interval has to allow "
            "for it. Nothing was changed."
        )
