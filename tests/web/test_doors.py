"""Every route meets the whole cast; every unsafe one refuses what did not come from our own pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import CAST, LESSON, app_of, opened, send, signed_in, token_of

FILL = {
    "place": "grade-6/ratios/01-introducing-ratios",
    "path": "grade-6/ratios/unit.md",
    "token": "x",
    "address": "",
    "edition": "student",
}
MAY = {
    "read": {"ada", "ben", "carla", "dana"},
    "write": {"ada", "ben", "carla", "dana"},
    "publish": {"dana"},
    "anyone": set(CAST),
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    one = opened(tmp_path_factory.mktemp("doors"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def app(studio: Studio) -> Flask:
    return app_of(studio)


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Address, method and declared right of every route but the static files."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        right = getattr(app.view_functions[rule.endpoint], "declared_right", None)
        assert right in MAY, f"{rule.endpoint} declares no right"
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, {k: FILL[k] for k in rule.arguments})
        found += [
            (address, method, right) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
    return found


def test_every_route_meets_the_cast(app: Flask) -> None:
    met = 0
    for name in CAST:
        client = signed_in(app, name)
        for address, method, right in routes(app):
            if method != "GET":
                continue
            code = client.get(address).status_code
            if name in MAY[right]:
                assert code in (200, 302, 303, 308, 404), f"{name} at {address}: {code}"
                assert (
                    code != 404 or "/sites/" in address or "/pictures/" in address or "/compare" in address
                ), f"{name} at {address}"
            elif name == "eli":
                assert code == 302, f"Eli at {address}: {code}"
            else:
                assert code == 404, f"{name} at {address}: {code}"
            met += 1
    assert met > 60


def test_unsafe_routes_refuse_strangers(app: Flask) -> None:
    refused = 0
    for name in ("dana", "eli"):
        client = signed_in(app, name)
        for address, method, _ in routes(app):
            if method == "GET":
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


def test_sign_in_never_leads_away(app: Flask) -> None:
    client = app.test_client()
    token = token_of(client, "/sign-in")
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = client.post("/sign-in", data={"sample": "ada", "next": target, "csrf_token": token})
        assert answer.headers["Location"] == "/"
