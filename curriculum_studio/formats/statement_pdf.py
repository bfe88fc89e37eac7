"""An alignment statement as a report on paper: the same document that the page and the JSON show."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Any

from curriculum_studio.domain.agreement import READING, WHY_AC2, Figure
from curriculum_studio.domain.alignment import RELATIONS
from curriculum_studio.formats.pdf import Pdf

Row = dict[str, Any]
LEVELS = {"YES": "met", "WEAK": "weakly met", "NO": "not met"}


def statement_pdf(said: Row) -> bytes:
    """The statement as a tagged PDF; the same statement gives the same bytes."""
    unit, release = said["unit"], said["release"]
    paper = Pdf(f"Alignment of {unit['title']}")
    paper.heading(1, f"Alignment of {unit['title']}")
    paper.paragraph(
        f"With the release of {_day(release['at'])} by {release['by']}: {release['note']}"
        if release
        else "The unit as it stands now; it is bound to no release."
    )
    paper.paragraph(f"{said['framework']['title']}. Version {unit['version'][:12]}.")
    _claims(paper, said)
    for one in said["rounds"]:
        _round(paper, one)
    for one in said["studies"]:
        _study(paper, one)
    if not said["rounds"] and not said["studies"]:
        paper.heading(2, "Ratings")
        paper.paragraph("No round of ratings and no study is finished yet.")
    return paper.content()


def _claims(paper: Pdf, said: Row) -> None:
    paper.heading(2, "What it claims")
    rows = []
    for code, claims in groupby(said["claims"], key=lambda one: one["code"]):
        several = list(claims)
        texts = [f"{one['title']}: {', '.join(_does(name) for name in one['relations'])}" for one in several]
        rows.append((f"{code} {several[0]['label']}", "; ".join(texts)))
    if rows:
        paper.table(("Standard", "What texts do with it"), rows, (4, 6))
    else:
        paper.paragraph("It claims nothing yet.")
    if said["assessed_nowhere"]:
        paper.paragraph(
            f"Taught here and assessed nowhere in the unit: {', '.join(said['assessed_nowhere'])}."
        )
    missing = [one.get("title", one["rubric"]) for one in said["required"] if not one["rated"]]
    if missing:
        paper.paragraph(f"Asked for, and not rated with a consensus yet: {', '.join(missing)}.")


def _does(relation: str) -> str:
    return RELATIONS[relation].does if relation in RELATIONS else relation


def _round(paper: Pdf, one: Row) -> None:
    labels = {row["value"]: row["label"] for row in one["scale"]}
    paper.heading(2, one["rubric"]["title"])
    since = " The unit has changed since." if one["unit_changed_since"] else ""
    paper.paragraph(
        f"Version {one['rubric']['version']} of the rubric; version {one['version'][:12]} of the unit, as it stood on "
        f"{_day(one['opened'])}.{since}"
    )
    raters = [row["rater"] for row in one["ratings"]]
    rows = []
    for each in one["criteria"]:
        values = [row["values"].get(each["id"]) for row in one["ratings"]]
        values.append(one["consensus"].get(each["id"], {}).get("value"))
        shown = ["–" if value is None else f"{value} {labels.get(value, '')}" for value in values]
        rows.append([each["title"] + (" (gate)" if each["gate"] else ""), *shown])
    if raters:
        paper.table(("Criterion", *raters, "Consensus"), rows, (3, *(1.5 for _ in raters), 1.5))
        given = ", ".join(f"{row['rater']} on {_day(row['in'])}" for row in one["ratings"])
        paper.paragraph(f"Ratings came in from {given}.")
    if one["gates_hold"] is not None:
        paper.paragraph("The gate is passed." if one["gates_hold"] else "The gate is not passed.")
    _agreement(paper, one["agreement"])
    for each in one["criteria"]:
        if note := one["consensus"].get(each["id"], {}).get("note"):
            paper.paragraph(f"{each['title']}: {note}")


def _agreement(paper: Pdf, figures: Row | None) -> None:
    if figures is None:
        paper.paragraph("Agreement cannot be computed, because fewer than two people have rated.")
        return
    shown = [
        f"Krippendorff’s alpha, ordinal: {number(figures['alpha_ordinal'])}{interval(figures['alpha_interval_95'])}",
        f"same value: {percent(figures['exact'])}",
        f"same or next value: {percent(figures['adjacent'])}",
    ]
    if figures["ac2"]:
        shown.append(f"Gwet’s AC2: {number(figures['ac2'])} ({WHY_AC2})")
    criteria_ = "1 criterion" if figures["criteria"] == 1 else f"{figures['criteria']} criteria"
    paper.paragraph(f"{'; '.join(shown)}. {figures['raters']} raters, {criteria_}. {READING}")


def _study(paper: Pdf, one: Row) -> None:
    paper.heading(2, "Webb’s criteria of the assessments")
    coders = ", ".join(f"{row['name']} on {_day(row['in'])}" for row in one["coders"])
    paper.paragraph(
        f"{one['problems']} problems, version {one['version'][:12]} of the unit, as it stood on {_day(one['opened'])}. "
        f"Coded by {coders or 'nobody'}."
    )
    rows = [
        (f"{group['group']}: {who}", *criteria(webb))
        for group in one["groups"]
        for who, webb in [
            *((row["coder"], row) for row in group["each"]),
            ("all, on average", group["panel"]),
        ]
    ]
    if rows:
        paper.table(("Group", "Concurrence", "Depth", "Range", "Balance"), rows, (2, 1.5, 1.5, 1.5, 1.5))
    if one["depths_alpha_ordinal"]:
        paper.paragraph(
            f"Depths: Krippendorff’s alpha, ordinal: {number(one['depths_alpha_ordinal'])}"
            f"{interval(one.get('depths_interval_95'))}; the same standard: {percent(one['same_standard'])}. "
            f"{len(one['coders'])} people, {one['problems']} problems. {READING}"
        )


def criteria(webb: Row) -> tuple[str, str, str, str]:
    """Webb's four criteria in words."""

    def share(name: str) -> str:
        value = webb[name]["share"]
        return "nothing to count" if value is None else f"{100 * value:.0f} %, {LEVELS[webb[name]['level']]}"

    balance = webb["balance"]["index"]
    return (
        f"{round(webb['concurrence']['problems'], 1):g} problems, {LEVELS[webb['concurrence']['level']]}",
        share("depth"),
        share("range"),
        "nothing to count" if balance is None else f"{balance:.2f}, {LEVELS[webb['balance']['level']]}",
    )


def number(figure: Row) -> str:
    """A figure of agreement to two places, as its own page rounds it, or why there is none."""
    return Figure(
        None if figure["value"] is None else Fraction(figure["exact"]), figure.get("because", "")
    ).shown()


def interval(ends: list[float] | None) -> str:
    """An interval in brackets; nothing where there is none."""
    return f" (95 % interval {ends[0]:.2f} to {ends[1]:.2f})".replace("-", "−") if ends else ""


def percent(figure: Row) -> str:
    """A share of pairs, or why there is none."""
    if figure["value"] is None:
        return number(figure)
    return f"{100 * figure['value']:.0f} % of pairs"


def _day(moment: str) -> str:
    return moment.replace("T", ", ").removesuffix("Z") + " UTC" if moment else "no date"
