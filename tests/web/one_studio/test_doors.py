"""Every route meets the whole cast; every unsafe one refuses what did not come from our own pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from curriculum_studio.actions.alignment_studies import open_study
from curriculum_studio.actions.approvals import ask_for_review
from curriculum_studio.actions.crosswalks import import_crosswalk
from curriculum_studio.actions.cycles import plan_cycle
from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.actions.inquiries import write_inquiry
from curriculum_studio.actions.ratings import open_round
from curriculum_studio.actions.reviews import Choice, start_thread
from curriculum_studio.actions.series import begin_series
from curriculum_studio.actions.standards import import_framework
from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.formats.rubrics import read_rubric
from curriculum_studio.studio import Studio
from tests.domain.test_inquiries import inquiry
from tests.web.cast import CAST, LESSON, opened, send, signed_in, token_of
from tests.web.made_editions import NAME, TABLE, edition

FILL = {
    "place": "grade-6/ratios/01-introducing-ratios",
    "path": "grade-6/ratios/unit.md",
    "token": "x",
    "address": "",
    "edition": "student",
    "topic": "writing",
    "name": "ccssm-2010",
    "code": "6.RP.A.1",
    "folder": "grade-6/ratios",
    "kind": "shape",
    "lesson": "k7f3q9m2",
}
OF_UNITS = (
    "units.add",
    "units.arrange",
    "units.put_in_order",
    "units.pacing",
    "units.pictures",
    "units.upload",
    "statements.page",
    "statements.as_json",
    "statements.as_pdf",
    "alignment_studies.taught",
    "alignment_studies.say",
)
"""Routes whose place is a unit and not a lesson."""
ALL = set(CAST) - {"eli"}
OWN = {
    "read": ALL,
    "comment": ALL,
    "verdict": {"ada", "ben", "carla", "dana"},
    "policy": {"dana"},
    "write": {"ada", "carla", "dana"},
    "start": ALL - {"omar"},
    "publish": {"dana", "gita", "omar"},
    "people": {"omar"},
    "frameworks": {"carla", "dana", "omar"},
    "rounds": {"carla", "dana"},
    "results": ALL - {"omar"},
    "teaching": ALL - {"omar"},
    "share": ALL - {"omar"},
    "anyone": set(CAST),
    "token": set(),
}
FOREIGN = OWN | {"write": {"ben", "dana"}}
"""Who may do what once the unit belongs to Ben's team."""
PRIVATE = OWN | {
    "write": {"ben", "dana"},
    "read": {"ben", "dana", "omar"},
    "comment": {"ben", "dana", "omar"},
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    one = opened(tmp_path_factory.mktemp("doors"))
    dana, ben = (one.people.by_account(name).person for name in ("dana", "ben"))
    open_round(one, dana, "grade-6/ratios", "alignment", [ben.key])
    open_study(one, dana, "grade-6/ratios", {"6.RP.A.1": 2}, [ben.key])
    take_in_results(one, dana, b"item,choice,count\nq1,A,40\nq1,B,20\nq1,C,15\n", "mid6ratio")
    ask_for_review(one, dana, FILL["place"] + ".md", [ben.key], "Is it clear?", "", "")
    begin_series(one, dana, "Ratios this year")
    plan_cycle(one, dana, Cycle("", "ratiosu6", "g1", "", "", "Draw", "Fewer", "Piles", dana.key, 0))
    write_inquiry(one, dana, inquiry("ratiosu6", one.content.tip() or ""))
    start_thread(one, dana, FILL["place"] + ".md", Choice("the order of the words"), "Why?")
    import_framework(one, dana, edition())
    import_crosswalk(one, dana, TABLE, "ccssm-2010", "made-standards-2025")
    yield one
    one.close()


def routes(app: Flask) -> list[tuple[str, str, str, str]]:
    """Endpoint, address, method and declared right of every route but the static files."""
    found = []
    studio: Studio = app.extensions["studio"]
    keys = {
        "people": studio.people.by_account("ben").person.key,
        "teams": studio.teams.all()[0].key,
        "units": "b-none",
        "ratings": studio.ratings.all(read_rubric)[0].key,
        "api": "r-none",
        "alignment_studies": studio.studies.all()[0].key,
        "evidence": studio.evidence.all()[0].key,
        "flags": studio.flags.all()[0].key,
        "cycles": studio.cycles.all()[0].key,
        "learning": "pl6ratio",
        "commitments": "w-none",
        "series": studio.series.all()[0].key,
        "teaching": "0" * 32,
        "inquiries": studio.inquiries.all()[0].key,
        "reports": "r-none",
        "reviews": studio.reviews.everywhere()[0].key,
        "approvals": studio.approvals.requests()[0].key,
    }
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        right = getattr(app.view_functions[rule.endpoint], "declared_right", None)
        assert right in OWN, f"{rule.endpoint} declares no right"
        fill = FILL | {"key": keys.get(rule.endpoint.partition(".")[0], "")}
        if rule.endpoint.startswith("crosswalks."):
            fill["name"] = NAME
        if rule.endpoint in OF_UNITS:
            fill["place"] = "grade-6/ratios"
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, {k: fill[k] for k in rule.arguments})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((rule.endpoint, address, method, right))
    return found


def own_ratios(studio: Studio, team: str, *, private: bool = False) -> None:
    """Gives the unit of ratios to a team."""
    found = next(one for one in studio.teams.all() if one.name == team)
    studio.teams.change(found.key, found.name, found.members, "p-test", private=private)
    studio.teams.own("ratiosu6", found.key, "p-test")


_ABSENT = (
    "/cycles/c-",
    "/learning/pl",
    "/inquiries/i-",
    "/teaching/lo",
    "/teaching/le",
    "/teaching/together/",
    "/report",
    "/loops/f-",
    "/ratings/r-",
    "/studies/",
    "/evidence/results/",
    "/evidence/samples/",
    "/sites/",
    "/pictures/",
    "/compare",
    "/welcome/",
    "/as-of",
)


def meet(app: Flask, may: dict[str, set[str]]) -> int:
    """Sends everybody through every door that can be opened by looking; gives how many doors were met."""
    met = 0
    for name in CAST:
        client = signed_in(app, name)
        for endpoint, address, method, right in routes(app):
            if method != "GET":
                continue
            code = client.get(address).status_code
            inside = "/text/" not in address and ("grade-6/ratios" in address or "/threads/t-" in address)
            inside = inside and right == "read"
            allowed = may[right] if inside or right != "read" else OWN[right]
            if right == "token":
                # A browser's sign-in is nothing here: programs show a token (test_pushes has their doors).
                assert code == 401, f"{name} at {address}: {code}"
            elif name in allowed:
                assert code in (200, 302, 303, 308, 404), f"{name} at {address}: {code}"
                assert code != 404 or any(word in address for word in _ABSENT), (
                    f"{name} at {address} ({endpoint})"
                )
            elif name == "eli":
                assert code == 302, f"Eli at {address}: {code}"
            else:
                assert code == 404, f"{name} at {address} ({endpoint}): {code}"
            met += 1
    return met


def test_every_route_meets_the_cast(app: Flask, studio: Studio) -> None:
    own_ratios(studio, "Ratios")
    assert meet(app, OWN) > 180


def test_every_route_meets_the_cast_in_a_foreign_unit(app: Flask, studio: Studio) -> None:
    own_ratios(studio, "Fractions")
    assert meet(app, FOREIGN) > 180
    own_ratios(studio, "Ratios")


def test_every_route_meets_the_cast_in_a_private_unit(app: Flask, studio: Studio) -> None:
    own_ratios(studio, "Fractions", private=True)
    assert meet(app, PRIVATE) > 180
    for address in ("/", "/search?q=ratio", "/publish", "/teams", "/threads"):
        assert "Introducing ratios" not in signed_in(app, "ada").get(address).get_data(as_text=True), address
    own_ratios(studio, "Fractions")
    own_ratios(studio, "Ratios")


def test_unsafe_routes_refuse_strangers(app: Flask) -> None:
    refused = 0
    for name in ("dana", "eli"):
        client = signed_in(app, name)
        for _, address, method, right in routes(app):
            if method == "GET":
                continue
            if right == "token":
                assert client.open(address, method=method).status_code == 401, address
                continue
            assert client.post(address).status_code == 400, address
            assert client.post(address, data={"csrf_token": "wrong"}).status_code == 400, address
            token = token_of(client, "/publish" if name == "dana" else "/sign-in")
            other = client.post(
                address, data={"csrf_token": token}, headers={"Origin": "https://evil.example"}
            )
            assert other.status_code == 400, address
            refused += 1
    assert refused >= 10


def test_unsafe_routes_refuse_who_has_no_right(app: Flask, studio: Studio) -> None:
    own_ratios(studio, "Fractions")
    before, people, refused = studio.content.tip(), studio.people.all(), 0
    for name in sorted(ALL):
        client = signed_in(app, name)
        token = token_of(client, "/account")
        for endpoint, address, method, right in routes(app):
            if method == "GET" or right not in ("write", "start", "publish", "people"):
                continue
            if name not in FOREIGN[right]:
                answer = client.post(address, data={"csrf_token": token})
                assert answer.status_code == 404, f"{name} at {address} ({endpoint}): {answer.status_code}"
                refused += 1
    assert refused > 60
    assert (studio.content.tip(), studio.people.all()) == (before, people)
    own_ratios(studio, "Ratios")


def test_unsafe_routes_are_no_addresses_to_look_at(app: Flask, studio: Studio) -> None:
    before = studio.content.tip(), studio.people.all(), studio.teams.all(), studio.content.published()
    dana, looked = signed_in(app, "dana"), {row[1] for row in routes(app) if row[2] == "GET"}
    for _, address, method, _ in routes(app):
        if method != "GET" and address not in looked:
            # Some of these also read as the address of a unit or lesson that is not there.
            assert dana.get(address).status_code in (404, 405), address
            assert dana.head(address).status_code in (404, 405), address
            assert dana.put(address).status_code in (400, 404, 405), address
    assert (
        studio.content.tip(),
        studio.people.all(),
        studio.teams.all(),
        studio.content.published(),
    ) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"}, {"X-Forwarded-For": "' OR 1=1 --"}, {"X-Forwarded-Host": "evil.example"}, {"User-Agent": "<script>" * 99},
        {"Cookie": "studio_session=" + "a" * 9000}, {"Cookie": "studio_session=\u00ff"}, {"Accept-Language": "../../etc"}, {"Origin": "null"},
        {"If-None-Match": '"' + "x" * 5000}, {"Range": "bytes=9-1,-5"}, {"HX-Request": "true", "HX-Current-URL": "javascript:x"},
    ],
)  # fmt: skip
def test_hostile_headers_harm_nothing(app: Flask, headers: dict[str, str]) -> None:
    for client in (app.test_client(), signed_in(app, "ada")):
        for address in ("/", "/sign-in", LESSON, "/search?q=ratio", "/help"):
            answer = client.get(address, headers=headers)
            assert answer.status_code in (200, 206, 302, 304, 416), (address, answer.status_code)
            assert b"evil.example" not in answer.data
            assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "words",
    [
        "' OR 1=1 --",
        "<img src=x onerror=alert(1)>",
        "\u202e\0\x1b[31m",
        "*" * 200,
        '"' * 99,
        "a" * 5000,
        "(((((",
        "title:[* TO *]",
    ],
)
def test_hostile_searches_and_names_harm_nothing(app: Flask, words: str) -> None:
    dana = signed_in(app, "dana")
    page = dana.get("/search", query_string={"q": words, "grade": words, "page": words}).get_data(
        as_text=True
    )
    assert "<img src=x" not in page
    made = send(dana, "/units/new", "/units/new", title=words, grade="6")
    assert made.status_code in (303, 400), made.status_code
    home = dana.get("/").get_data(as_text=True)
    assert "<img src=x" not in home
    assert dana.get("/publish").status_code == 200


def test_only_leads_publish(app: Flask) -> None:
    ada = signed_in(app, "ada")
    assert ada.post("/publish", data={"csrf_token": token_of(ada, LESSON + "/edit")}).status_code == 404


def test_headers_on_every_page(app: Flask) -> None:
    client = signed_in(app, "ada")
    for address in ("/", LESSON, "/sign-in", "/no-such-page", "/search?q=%3Cscript%3E"):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        page = answer.get_data(as_text=True)
        assert " style=" not in page
        assert " onclick" not in page
        assert "<script>" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/units/../../etc/passwd", "/units/%2e%2e/%2e%2e/studio", "/sites/student/../../studio.db", "/sites/student/..%2f..%2fsecret.key",
        "/pictures/../secret.key", "/pictures/grade-6/ratios/unit.md", "/units/--help", "/units/.git/config", "/text//etc/passwd",
        f"{LESSON}/compare?from=HEAD&to=main", f"{LESSON}/compare?from=--output=x", f"{LESSON}/history?after=--all", "/units/\u202e", "/sites/student/.publish-student",
        "/sites/teacher/..%2fstudent/index.html",
    ],
)  # fmt: skip
def test_hostile_addresses_find_nothing(app: Flask, address: str) -> None:
    answer = signed_in(app, "dana").get(address)
    assert answer.status_code in (301, 302, 303, 308, 404), answer.status_code
    assert b"SQLite" not in answer.data


def test_hostile_text_is_shown_and_harms_nothing(app: Flask) -> None:
    ada = signed_in(app, "ada")
    text = '---\nid: k7f3q9m2\ntitle: "<script>alert(1)</script>"\n---\n## Lesson summary\n<img src=x onerror=alert(1)> [a](javascript:alert(1)) [b](JaVa\tScript:x) $\\href{javascript:x}{y}$\n'
    page = send(ada, LESSON + "/edit", LESSON + "/preview", text=text, edition="student").get_data(
        as_text=True
    )
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page.casefold()
    assert "stops publishing" in page


def test_an_origin_that_is_no_address_is_another_page_and_no_fault(app: Flask) -> None:
    client = signed_in(app, "dana")
    headers = {"Origin": "http://["}
    assert (
        client.post(
            "/publish", data={"csrf_token": token_of(client, "/publish")}, headers=headers
        ).status_code
        == 400
    )
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", **headers}
    assert client.get(LESSON.replace("/units/", "/live/"), headers=upgrade).status_code in (400, 403)


def test_sign_in_never_leads_away(app: Flask) -> None:
    client = app.test_client()
    token = token_of(client, "/sign-in")
    # Browsers leave out tabs and line ends: what stands behind them would be a host.
    hidden = ("/\t/evil.example", "/\t\\evil.example", "/\x0b/evil.example", "/./\\evil.example")
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", *hidden):
        answer = client.post("/sign-in", data={"sample": "ada", "next": target, "csrf_token": token})
        assert answer.headers["Location"] == "/"


def test_the_trail_of_every_page_of_a_text_leads_through_its_unit(app: Flask) -> None:
    ada, unit = signed_in(app, "ada"), "/units/grade-6/ratios"
    above = ["/", unit, LESSON]
    for page, steps in {
        LESSON: above[:2],
        f"{LESSON}/edit": above,
        f"{LESSON}/review": above,
        f"{LESSON}/suggest": [*above, f"{LESSON}/review"],
        f"{LESSON}/since": [*above, f"{LESSON}/review"],
        f"{LESSON}/approval": [*above, f"{LESSON}/review"],
        f"{LESSON}/history": above,
        f"{LESSON}/who": [*above, f"{LESSON}/history"],
        f"{LESSON}/claims": above,
        f"{LESSON}/credit": above,
        f"{LESSON}/manage": above,
        unit: ["/"],
        f"{unit}/unit": above[:2],
        f"{unit}/arrange": above[:2],
        "/units/charter/history": ["/", "/units/charter"],
    }.items():
        text = ada.get(page).get_data(as_text=True)
        trail = text.partition('aria-label="Where you are">')[2].partition("</nav>")[0]
        assert re.findall('href="([^"]+)"', trail) == steps, page
        assert trail.count('aria-current="page"') == 1, page
