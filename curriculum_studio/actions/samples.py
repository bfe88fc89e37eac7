"""Hides what fills a studio for trying out: sample people in their teams, and some weeks of their work with real differences.

The history is told backwards: `samples.toml` names passages of the starter curriculum and how they once read. The first
version has all of the older wordings, and each later one puts one step of them right; the last is the curriculum itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from curriculum_studio.actions.releases import publish_release
from curriculum_studio.actions.sample_loop import add_sample_loop
from curriculum_studio.actions.sample_reviews import add_sample_reviews, take_over_sample
from curriculum_studio.actions.sample_teaching import add_sample_teaching
from curriculum_studio.actions.units import put_away, start_text
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.people import People
from curriculum_studio.storage.teams import Teams
from curriculum_studio.studio import Studio

SAMPLES = (
    ("Ada", "ada", "teacher"),
    ("Ben", "ben", "teacher"),
    ("Carla", "carla", "researcher"),
    ("Dana", "dana", "lead"),
    ("Gita", "gita", "coach"),
    ("Omar", "omar", "administrator"),
)
SAMPLE_TEAMS = (
    ("Ratios", ("ada", "carla"), ("grade-6/ratios",)),
    ("Fractions", ("ben",), ("grade-3/fractions",)),
)
_STUDIO = Person("p-studio", "Curriculum Studio", "lead")
_BEFORE = timedelta(days=2)
"""How long before the first step the curriculum was brought in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One version of the sample history: how many hours ago, whose, its note and perhaps its name; the passages that it
    puts right, as (path, how it reads now, how it read before); `released` where the version after it was published,
    `suggested` (an account) where the person took over somebody's suggestion."""

    hours: int
    person: str
    note: str
    name: str
    changes: tuple[tuple[str, str, str], ...]
    released: bool
    suggested: str


def sample_steps() -> list[Step]:
    """The steps of the sample history, the oldest first."""
    rows = tomllib.loads(Path(__file__).with_name("samples.toml").read_text("utf-8"))["step"]
    return [
        Step(
            row["hours"], row["person"], row["note"], row.get("name", ""),
            tuple((one["path"], one["now"], one["before"]) for one in row["change"]), row.get("released", False),
            row.get("suggested", ""),
        )
        for row in rows
    ]  # fmt: skip


def add_sample_people(database: Database, source: Mapping[str, bytes]) -> None:
    """The sample people and their teams, with the units of the starter curriculum that they own."""
    people, teams = People(database), Teams(database)
    for name, account, role in SAMPLES:
        people.add(name, account, role, sample=True)
    keys = {account: person.key for account, person in people.samples()}
    for name, accounts, folders in SAMPLE_TEAMS:
        team = teams.add(name, [keys[account] for account in accounts], _STUDIO.key)
        for folder in folders:
            path = f"{folder}/unit.md"
            if path in source:
                teams.own(read_document(path, source[path]).id, team.key, _STUDIO.key)


def first_texts(source: Mapping[str, bytes]) -> tuple[dict[str, bytes], datetime]:
    """The curriculum as it stood before the first step, and when that was."""
    texts, steps = {path: source[path] for path in source}, sample_steps()
    for step in reversed(steps):
        for path, now, before in step.changes:
            texts[path] = _swapped(texts[path], now, before)
    return texts, datetime.now(UTC) - timedelta(hours=steps[0].hours) - _BEFORE


def _swapped(text: bytes, old: str, new: str) -> bytes:
    return text.replace(old.encode(), new.encode(), 1)


def add_sample_activity(studio: Studio, source: Mapping[str, bytes]) -> None:
    """Some weeks of work on a new workspace: versions by the sample people, one release, a draft, something put away, talk about
    texts, evidence, teaching."""
    people = dict(studio.people.samples())
    began = datetime.now(UTC)
    texts, _ = first_texts(source)
    for step in sample_steps():
        if step.suggested:
            for path, now, before in step.changes:
                take_over_sample(studio, people[step.suggested], people[step.person], path, before, now)
            continue
        author = Author(people[step.person].name, people[step.person].key)
        saved = studio.content.save(
            list(_changes(studio.content, texts, step)),
            author,
            step.note,
            began - timedelta(hours=step.hours),
        )
        if step.name:
            facts = studio.curriculum()[1].facts[step.changes[0][0]]
            studio.names.give(saved.version, facts.id, step.name, author.key, int(began.timestamp()))
        if step.released:
            publish_release(studio, _STUDIO, "The starter curriculum")
    start_text(studio, people["carla"], "grade-6/ratios", "lesson", "Mixing paint for the float")
    path = start_text(studio, people["dana"], "grade-6/ratios", "lesson", "Ratios in the news")
    put_away(studio, people["dana"], path)
    add_sample_loop(studio, people)
    add_sample_teaching(studio, people)
    add_sample_reviews(studio, people)


def _changes(content: Content, texts: dict[str, bytes], step: Step) -> Iterator[Change]:
    for path in dict.fromkeys(path for path, _, _ in step.changes):
        for place, now, before in step.changes:
            if place == path:
                texts[path] = _swapped(texts[path], before, now)
        yield Change(path, texts[path], content.blob_id(path))
