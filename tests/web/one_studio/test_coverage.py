"""Coverage through the desk: the heat map, the tables, what prepares a lesson, and what private units keep to themselves."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from fractions import Fraction

import pytest
from click.testing import CliRunner
from flask import Flask

from curriculum_studio.actions.alignment import Scope, coverage_of
from curriculum_studio.cli import main
from curriculum_studio.domain.alignment import EMPHASES
from curriculum_studio.domain.alignment_studies import DEPTH_WORDS
from curriculum_studio.studio import Studio
from tests.web.cast import signed_in
from tests.workspaces import UNITS


def test_the_heat_map_is_a_table_with_words(app: Flask) -> None:
    page = signed_in(app, "carla").get("/coverage?unit=grade-6/ratios").get_data(as_text=True)
    assert '<th scope="row"><a href="/standards/ccssm-2010/6.RP.A.1"' in page
    assert "teaches it" in page
    assert "usual line of 65&nbsp;%" in page
    assert "<meter" in page
    assert page.count("Introducing ratios") >= 1


def figures_of(page: str, name: str) -> list[tuple[str, str]]:
    """The rows of one chart: its labels and its shares, which stand as words in the very table that holds the bars."""
    table = page.partition(f'<caption class="quietly">{name}</caption>')[2].partition("</table>")[0]
    rows = re.findall(
        r'<th scope="row">([^<]+)</th><td><meter[^>]*value="([^"]+)"[^>]*></meter> ([^ ]+) %', table
    )
    assert all(value == shown for _, value, shown in rows), name
    return [(label, shown) for label, _, shown in rows]


@pytest.mark.parametrize("scope", ["unit=grade-6/ratios", "unit=grade-3/fractions", "grade=3", "grade=6", ""])
def test_every_level_has_its_figures_and_each_chart_is_a_table(
    app: Flask, studio: Studio, scope: str
) -> None:
    asked = dict([scope.split("=")]) if scope else {}
    found = coverage_of(studio, Scope(**asked), lambda path: True)
    page = signed_in(app, "carla").get(f"/coverage?{scope}").get_data(as_text=True)

    def shares(rows: Mapping[str, Fraction | int]) -> list[tuple[str, str]]:
        total = sum(rows.values())
        return [(name, f"{round(float(100 * value / total), 1):g}") for name, value in rows.items()]

    assert found.rigor
    assert figures_of(page, "Aspect") == shares(found.rigor)
    assert found.dok
    assert figures_of(page, "Level") == shares(
        {f"{one} {DEPTH_WORDS[one]}": n for one, n in found.dok.items()}
    )
    assert figures_of(page, "Emphasis") == shares(
        {one: found.emphasis.get(one, Fraction(0)) for one in EMPHASES}
    )
    assert found.major_share is not None
    assert f"{round(float(100 * found.major_share), 1):g} %</strong>" in page
    assert f"Taught nowhere: {len(found.gaps)} standards" in page
    # What there is nothing of is said in a sentence, and opens to no empty list.
    none = (f"assessed nowhere: {len(found.unassessed)} ", "Each standard that is taught is assessed.")
    assert none[not found.unassessed] in page
    assert none[bool(found.unassessed)] not in page
    assert ("No lesson addresses more than 3 standards." in page) == (not found.overloads)
    heat = page.partition('<table class="heat">')[2].partition("</table>")[0]
    assert heat.count('<th scope="row">') == len(found.standards)
    assert set(re.findall(r'<td class="heat-[1-4]"><span aria-hidden="true">([BTWPA]+)</span><span class="quietly">([^<]+)', heat))  # fmt: skip


def test_the_table_and_its_dictionary(app: Flask) -> None:
    carla = signed_in(app, "carla")
    text = carla.get("/coverage/table.csv?grade=6").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert any(
        row["code"] == "6.RP.A.1" and row["relation"] == "addressing" and row["minutes"] for row in rows
    )
    dictionary = carla.get("/coverage/dictionary.csv").get_data().decode("utf-8-sig")
    assert [row["column"] for row in csv.DictReader(io.StringIO(dictionary))] == list(rows[0])


def test_what_prepares_a_lesson(app: Flask) -> None:
    page = (
        signed_in(app, "ada")
        .get("/coverage/before?lesson=grade-6/ratios/01-introducing-ratios.md&in=5")
        .get_data(as_text=True)
    )
    assert "5.NF.B.5" in page
    assert "no lesson of this curriculum" in page


def test_what_is_not_there(app: Flask) -> None:
    ada = signed_in(app, "ada")
    for address in (
        "/coverage?unit=nowhere",
        "/coverage?framework=nothing",
        "/coverage/before?lesson=no.md&in=5",
    ):
        assert ada.get(address).status_code == 404, address
    assert ada.get("/coverage?grade=9").status_code == 200


def test_private_units_are_not_counted(app: Flask, studio: Studio) -> None:
    team = next(one for one in studio.teams.all() if one.name == "Fractions")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    studio.teams.own("ratiosu6", team.key, "p-test")
    ada, ben = signed_in(app, "ada"), signed_in(app, "ben")
    for address in ("/coverage", "/coverage/table.csv", "/coverage/before"):
        assert "Introducing ratios" not in ada.get(address).get_data(as_text=True)
    assert "Introducing ratios" in ben.get("/coverage/table.csv").get_data(as_text=True)


def test_the_command() -> None:
    answer = CliRunner().invoke(main, ["standards", "coverage", str(UNITS), "--json"])
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    assert 0 < found["major_share"] <= 1
    answer = CliRunner().invoke(main, ["standards", "coverage", str(UNITS), "--grade", "6"])
    assert "Major work:" in answer.output
    answer = CliRunner().invoke(main, ["standards", "coverage", str(UNITS), "--framework", "nothing"])
    assert answer.exit_code == 1
