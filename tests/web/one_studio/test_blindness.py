"""What people judge for themselves first is nowhere to be seen early: whatever is done in whatever order, at every address that can be read."""

from __future__ import annotations

import io
import random
import re
import secrets
import subprocess
import time
import zipfile
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from curriculum_studio.actions.alignment_studies import hand_in_codings, open_study
from curriculum_studio.actions.ratings import discuss, hand_in, open_round, set_anchors
from curriculum_studio.domain.alignment_studies import Coding
from curriculum_studio.domain.ratings import Rating
from curriculum_studio.formats.rubrics import read_rubric
from curriculum_studio.storage.tables import RatingRow, WordRow
from curriculum_studio.storage.tables_alignment import AnchorRow, CodingRow
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in, who
from tests.web.one_studio.test_doors import FILL, OF_UNITS

UNIT = "grade-6/ratios"
LESSON = f"{UNIT}/01-introducing-ratios"
PEOPLE = ("ada", "ben", "carla", "gita", "dana", "omar")
DEPTHS = {f"6.RP.A.{part}": 2 for part in ("1", "2", "3a", "3b", "3c", "3d")}
OWN = {"ada": ("6.RP.A.3d", 4), "ben": ("6.RP.A.3c", 3), "carla": ("6.RP.A.3b", 1), "gita": ("6.RP.A.3a", 4)}
"""What each finds in a study, so that a page that shows it gives it away."""
MOVING = ("/metrics", "/readyz", "/healthz")
"""Addresses that tell the state of the machine, which moves by itself."""
_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}|\b[0-9a-f]{32}\b")
"""What a form draws anew each time: its token, the key of a log that is not written yet."""
_MARKED = re.compile(r"</?(?:mark|b|em|strong)\b[^>]*>")


@pytest.fixture(scope="module")
def readers(app: Flask, studio: Studio) -> dict[str, Reader]:
    return {name: Reader(app, studio, name) for name in PEOPLE}


class Reader:
    """One of the cast, who reads pages in a browser and, with a token, what is for programs."""

    def __init__(self, app: Flask, studio: Studio, name: str) -> None:
        now = int(time.time())
        token = studio.tokens.make(who(studio, name).key, "test", now, now + 3600, writes=False)
        self.app, self.name, self.client = app, name, signed_in(app, name)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, address: str) -> TestResponse:
        if address.startswith(("/api/", "/git/")):
            return self.app.test_client().get(address, headers=self.headers)
        return self.client.get(address)

    def read(self, address: str) -> str:
        """What stands there: the words of packed files too; without form tokens and the marks of what was searched for."""
        answer = self.ask(address)
        content = answer.get_data()
        if answer.mimetype == "application/zip":
            with zipfile.ZipFile(io.BytesIO(content)) as pack:
                content = b"\n".join(pack.read(name) for name in pack.namelist())
        return _MARKED.sub("", _TOKEN.sub("", content.decode("utf-8", "replace")))


@dataclass
class Blind:
    """A round, a calibration or a study as the test knows it: who judges, and who has so far."""

    key: str
    kind: str
    raters: tuple[str, ...]
    criteria: tuple[str, ...]
    opener: str
    mark: str
    given: list[str] = field(default_factory=list)
    closed: bool = False

    @property
    def whole(self) -> bool:
        return self.closed or set(self.given) == set(self.raters)

    @property
    def page(self) -> str:
        return f"/{self.kind}/{self.key}"

    def open_to(self, name: str) -> bool:
        return self.whole or name in self.given

    def takes_part(self, name: str) -> bool:
        return name in self.raters or name in (self.opener, "dana")

    def trace(self, name: str) -> str:
        """What stands wherever the judgement of this person is shown."""
        return f"{self.mark}{name}-" if self.criteria else "{}, depth {}".format(*OWN[name])

    def check(self, name: str, text: str, where: str) -> None:
        """Nothing of what this person may not see is in a text; what they may is on the page of the thing itself."""
        for other in self.raters:
            shown = other in self.given and (other == name or self.open_to(name))
            if not shown:
                assert self.trace(other) not in text, f"{name} at {where} after {self.given}"
            elif where == self.page:
                assert self.trace(other) in text, f"{name} at {where} after {self.given}"
        if not self.open_to(name):
            assert f"{self.mark}word" not in text, f"{name} at {where}"
            assert self.opener == name or f"{self.mark}anchor" not in text, f"{name} at {where}"
            if where == self.page:
                assert not re.search("alpha|four criteria|% of pairs", text), f"{name} at {where}"


def addresses(app: Flask, studio: Studio, things: list[Blind]) -> list[str]:
    """Every address that can be read, from the table of routes; where it names one thing of several, each of them."""
    keys = {
        "ratings": [one.key for one in things if one.kind == "ratings"],
        "alignment_studies": [one.key for one in things if one.kind == "studies"],
        "api": [one.key for one in things],
        "people": [who(studio, "ada").key],
        "teams": [one.key for one in studio.teams.all()],
    }
    fill = {name: [value] for name, value in FILL.items()}
    found = [
        f"/search?q={things[0].mark}", f"/units/{UNIT}", f"/units/{UNIT}/history", "/search/results?q=ratio", f"/coverage?unit={UNIT}", f"/coverage/table.csv?unit={UNIT}",
        f"/studies/contents?unit={UNIT}&one=claims&other=assessments", f"/coverage/before?lesson={LESSON}.md&in=5", "/record?page=2",
        f"/api/v1/coverage?unit={UNIT}", f"/api/v1/claims?unit={UNIT}", "/git/curriculum.git/info/refs?service=git-upload-pack",
    ]  # fmt: skip
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static" or rule.websocket or "GET" not in (rule.methods or ()):
                continue
            choices = fill | {"key": keys.get(rule.endpoint.partition(".")[0], ["x"])}
            if rule.endpoint in OF_UNITS:
                choices["place"] = [UNIT]
            for values in product(*(choices[one] for one in sorted(rule.arguments))):
                named = dict(zip(sorted(rule.arguments), values, strict=True))
                found.append(urlsplit(app.url_map.bind("localhost").build(rule.endpoint, named)).path)
    return sorted(set(found))


def quote(studio: Studio) -> str:
    """Words that stand in the first lesson."""
    text = studio.snapshot()[f"{LESSON}.md"].decode()
    return " ".join(text.partition("## Learning goals")[2].split("\n")[1].split()[1:7])


def begun(studio: Studio, raters: dict[str, tuple[str, ...]]) -> list[Blind]:
    """A round and a study that Dana opens, and a calibration that Carla opens, with its anchors."""
    mark = f"sealed{secrets.token_hex(3)}"
    dana, carla = who(studio, "dana"), who(studio, "carla")
    keys = {kind: [who(studio, name).key for name in names] for kind, names in raters.items()}
    round_ = open_round(studio, dana, UNIT, "alignment", keys["round"])
    calibration = open_round(studio, carla, UNIT, "rigor", keys["calibration"], calibration=True)
    study = open_study(studio, dana, UNIT, DEPTHS, keys["study"])
    criteria = {
        key: tuple(one.id for one in studio.ratings.get(key, read_rubric).rubric.criteria)
        for key in (round_, calibration)
    }
    set_anchors(
        studio, carla, calibration, {one: (2, f"{mark}canchor-{one}") for one in criteria[calibration]}
    )
    return [
        Blind(round_, "ratings", raters["round"], criteria[round_], "dana", f"{mark}r"),
        Blind(calibration, "ratings", raters["calibration"], criteria[calibration], "carla", f"{mark}c"),
        Blind(study, "studies", raters["study"], (), "dana", f"{mark}s"),
    ]


def give(client: FlaskClient, studio: Studio, one: Blind, name: str, draw: random.Random) -> TestResponse:
    if one.criteria:
        form = {f"value-{each}": str(draw.randint(1, 3)) for each in one.criteria}
        form |= {f"note-{each}": f"{one.trace(name)}{each}" for each in one.criteria}
        form |= {f"quote-{each}": quote(studio) for each in one.criteria}
    else:
        standard, depth = OWN[name]
        problems = studio.studies.get(one.key).problems
        form = {f"standard-{each.id}": standard for each in problems}
        form |= {f"depth-{each.id}": str(depth) for each in problems}
    return send(client, "/account", f"{one.page}/hand-in", **form)


def act(reader: Reader, studio: Studio, one: Blind, what: str, draw: random.Random) -> None:
    """Does something, and holds the answer against what may be done."""
    name, client = reader.name, reader.client
    if what == "give" and name in one.raters:
        answer = give(client, studio, one, name, draw)
        may = name not in one.given and not one.closed
        assert answer.status_code == (303 if may else 400), (name, one)
        if may:
            one.given.append(name)
    elif what == "say" and one.criteria:
        answer = send(client, "/account", f"{one.page}/say", text=f"{one.mark}word of {name}")
        assert (answer.status_code == 303) == (one.open_to(name) and one.takes_part(name)), (name, one)
    elif what == "agree" and one.criteria:
        form = {f"value-{each}": "2" for each in one.criteria}
        answer = send(client, "/account", f"{one.page}/consensus", **form)
        assert (answer.status_code == 303) == (one.whole and one.takes_part(name)), (name, one)
    elif what == "close":
        answer = send(client, "/account", f"{one.page}/close")
        may = name in (one.opener, "dana") and not (
            name in one.raters and name not in one.given and not one.closed
        )
        assert (answer.status_code == 303) == may, (name, one)
        one.closed = one.closed or may


def programs_see(reader: Reader, one: Blind) -> None:
    """What a program gets of a thing is what its owner may see; the statement knows only what is finished."""
    shown = reader.ask(f"/api/v1{one.page}").get_json()
    open_ = one.open_to(reader.name)
    if one.criteria:
        mine = {reader.name} & set(one.given)
        assert {row["rater"].lower() for row in shown["ratings"]} == (set(one.given) if open_ else mine)
        assert (shown["agreement"] is not None) == (open_ and len(one.given) > 1)
        assert not shown["consensus"] or open_
    else:
        coders = {row["coder"].lower() for group in shown["groups"] for row in group["each"]}
        assert coders == (set(one.given) if open_ else set())
    said = reader.ask(f"/api/v1/units/{UNIT}/statement").get_json()
    named = {row.get("round") or row.get("study") for row in (*said["rounds"], *said["studies"])}
    assert (one.key in named) == (one.whole and not (one.criteria and one.opener == "carla"))


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_nothing_is_seen_early(
    app: Flask, studio: Studio, readers: dict[str, Reader], seed: int
) -> None:
    print("seed", seed)
    draw = random.Random(seed)
    things = begun(
        studio,
        {
            "round": tuple(draw.sample(["ada", "ben", "carla", "gita"], 3)),
            "calibration": tuple(draw.sample(["ada", "ben", "gita"], 2)),
            "study": tuple(draw.sample(["ada", "ben", "carla", "gita"], 3)),
        },
    )
    everywhere = addresses(app, studio, things)
    for step in range(26):
        reader, one = readers[draw.choice(PEOPLE)], draw.choice(things)
        doing = draw.choice(
            ["give", "give", "give", "look", "say", "agree", *(["close"] if step > 18 else [])]
        )
        act(reader, studio, one, doing, draw)
        programs_see(reader, one)
        search = f"/search?q={one.mark}{draw.choice(one.raters)}"
        for where in (one.page, search, *draw.sample(everywhere, 3)):
            text = reader.read(where)
            for each in things:
                each.check(reader.name, text, where)
    for one in things:
        the_record_tells_the_order(studio, one)


def the_record_tells_the_order(studio: Studio, one: Blind) -> None:
    """Who handed in and who first saw, in the order in which it happened, and nothing of what was given."""
    entries = [entry for entry in reversed(studio.audit.entries(1000)) if entry.about == one.key]
    came = "handed in a rating" if one.criteria else "handed in the codings of a study"
    assert [entry.actor for entry in entries if entry.act == came] == [
        who(studio, name).key for name in one.given
    ]
    acts = [(entry.actor, entry.act) for entry in entries]
    for place, (actor, what) in enumerate(acts):
        if what.startswith("first saw"):
            assert acts.count((actor, what)) == 1
            closed = any(earlier.startswith("closed") for _, earlier in acts[:place])
            everybody = sum(earlier == came for _, earlier in acts[:place]) == len(one.raters)
            assert (actor, came) in acts[:place] or closed or everybody
    assert all(set(entry.detail) <= {"unit", "rubric", "invited"} for entry in entries)


def judged(studio: Studio) -> list[Blind]:
    """Ada and Carla (of the calibration Ada and Gita) have judged and talked; Ben is asked and has not."""
    names = ("ada", "carla", "ben")
    things = begun(studio, {"round": names, "calibration": ("ada", "gita", "ben"), "study": names})
    for one in things:
        for name in one.raters[:2]:
            person = who(studio, name)
            if one.criteria:
                ratings = [
                    Rating(each, 1, f"{one.trace(name)}{each}", "", quote(studio)) for each in one.criteria
                ]
                hand_in(studio, person, one.key, ratings)
                discuss(studio, person, one.key, f"{one.mark}word of {name}")
            else:
                problems = studio.studies.get(one.key).problems
                hand_in_codings(studio, person, one.key, [Coding(each.id, *OWN[name]) for each in problems])
            one.given.append(name)
    return things


def turned(studio: Studio, things: list[Blind], other: bool) -> None:
    """Gives what was judged one of two contents, as if people had judged otherwise."""
    turn, mark, keys = int(other), things[0].mark, [one.key for one in things]
    with studio.database.work() as work:
        words = f"{mark}turned-{turn}"
        path = (f"{LESSON}.md", f"{UNIT}/02-same-taste.md")[turn]
        for row, of, values in (
            (RatingRow, RatingRow.of, {"value": 1 + 2 * turn, "note": words, "quote": f"{words} {turn}", "path": path}),
            (WordRow, WordRow.round, {"text": words}),
            (AnchorRow, AnchorRow.round, {"value": 2 * turn, "note": words}),
            (CodingRow, CodingRow.of, {"standard": ("6.RP.A.1", "6.RP.A.3d")[turn], "depth": 1 + 3 * turn}),
        ):  # fmt: skip
            work.execute(update(row).where(of.in_(keys)).values(values))


def test_no_address_depends_on_what_is_sealed(app: Flask, studio: Studio, readers: dict[str, Reader]) -> None:
    """Twin worlds, in which the same people have judged otherwise: who has not judged reads the same words in both."""
    things = judged(studio)
    everywhere = addresses(app, studio, things)
    assert len(everywhere) > 110
    for name in ("ben", "dana"):
        worlds = []
        for other in (False, True):
            turned(studio, things, other)
            worlds.append({where: readers[name].read(where) for where in everywhere})
        assert not [where for where, text in worlds[0].items() if "turned-" in text]
        assert not [where for where, text in worlds[0].items() if " object at 0x" in text], (
            "a name, not a thing"
        )
        differ = [
            where for where, text in worlds[0].items() if worlds[1][where] != text and where not in MOVING
        ]
        # A page may remember that it was looked at: it is the same in both worlds by the second look at the latest.
        assert not [
            where
            for where in differ
            if not any(_twins(studio, readers[name], things, where) for _ in range(3))
        ]
    # The other way round: who has judged does read them, and their content is told apart by this very comparison.
    for one in things:
        assert not any(_twins(studio, readers["ada"], things, one.page) for _ in range(3))
    objects = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch"], cwd=studio.settings.content, capture_output=True, check=True
    ).stdout  # fmt: skip
    assert b"## Learning goals" in objects
    assert things[0].mark.encode()[:-1] not in objects, "nothing sealed lies among what can be fetched"


def _twins(studio: Studio, reader: Reader, things: list[Blind], where: str) -> bool:
    texts = []
    for other in (False, True):
        turned(studio, things, other)
        texts.append(reader.read(where))
    return texts[0] == texts[1]
