"""The desk for teams: who is in them, and the units that they own."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.teams import add_team, bring_team_back, change_team, give_unit, remove_team
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.people import Team
from curriculum_studio.web.gate import access, go, person, signed_in, studio

desk = Blueprint("teams", __name__)


@desk.get("/teams")
@signed_in
def teams() -> str:
    """All teams with their members and units."""
    _, curriculum = studio().curriculum()
    owners = studio().teams.owners()
    units = [one for one in curriculum.units if access().reads(f"{one.folder}/unit.md")]
    people = [one.person for one in studio().people.all() if not one.left]
    there = studio().teams.all()
    away = studio().teams.all(away=True) if person().may("team") else []
    return render_template(
        "studio/teams.html",
        teams=there,
        away=away,
        names={
            team.key: sorted(one.name for one in people if one.key in team.members)
            for team in (*there, *away)
        },
        units=units,
        owners=owners,
        did=request.args.get("did", ""),
        undo=request.args.get("undo", ""),
        wanted=request.args.get("unit", ""),
    )


@desk.post("/teams")
@signed_in
def add() -> Response:
    """Makes a team."""
    made = add_team(studio(), person(), request.form.get("name", ""), [person().key], False)
    return go("teams.team", key=made.key, did="made")


def _team(key: str) -> Team:
    try:
        return studio().teams.get(key)
    except NotFound:
        abort(404)


@desk.get("/teams/<key>")
@signed_in
def team(key: str) -> str:
    """One team, to look at or to change."""
    found = _team(key)
    people = [one for one in studio().people.all() if not one.left]
    _, curriculum = studio().curriculum()
    owners = studio().teams.owners()
    units = [
        one
        for one in curriculum.units
        if owners.get(one.facts.id) == found and access().reads(f"{one.folder}/unit.md")
    ]
    return render_template(
        "studio/team.html", team=found, people=people, units=units, may=person().may("team", found),
        did=request.args.get("did", ""),
    )  # fmt: skip


@desk.post("/teams/<key>")
@signed_in
def change(key: str) -> Response:
    """Changes name, members and privacy."""
    found, form = _team(key), request.form
    private = form.get("private") == "yes" if person().may("team") else found.private
    name = form.get("name", found.name)
    change_team(studio(), person(), key, name, form.getlist("member"), private)
    return go("teams.team", key=key, did="changed")


@desk.post("/teams/<key>/remove")
@signed_in
def remove(key: str) -> Response:
    """Takes a team away."""
    remove_team(studio(), person(), _team(key).key)
    return go("teams.teams", did="away", undo=key)


@desk.post("/teams/<key>/back")
@signed_in
def back(key: str) -> Response:
    """Brings a team back."""
    try:
        bring_team_back(studio(), person(), key)
    except NotFound:
        abort(404)
    return go("teams.teams", did="back")


@desk.post("/teams/units")
@signed_in
def own() -> Response:
    """Gives a unit to a team."""
    _, curriculum = studio().curriculum()
    unit = next((one for one in curriculum.units if one.facts.id == request.form.get("unit")), None)
    if unit is None or not access().reads(f"{unit.folder}/unit.md"):
        abort(404)
    give_unit(studio(), person(), unit.facts.id, request.form.get("team", ""))
    return go("teams.teams", did="given")
