"""What the editor's script asks of the studio: drawings, standards, pictures; and what it may not have."""

from __future__ import annotations

import gzip
import io
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.figures.scene import NAME
from curriculum_studio.formats.math import formula
from curriculum_studio.publishing.program import dist_folder
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import open_studio
from curriculum_studio.web.assets import editor_pieces
from tests.web.cast import LESSON, app_of, opened, send, signed_in, token_of

LINE = "from: 0\nto: 2\nstep: 1/4\nalt: A line.\n"
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><metadata>place</metadata><rect width="9" height="9"/></svg>'


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    studio = opened(tmp_path_factory.mktemp("editor"))
    yield app_of(studio)
    studio.close()


@pytest.fixture(scope="module")
def ada(app: Flask) -> FlaskClient:
    return signed_in(app, "ada")


def ask(client: FlaskClient, body: Any) -> Any:
    headers = {"X-CSRFToken": token_of(client, LESSON + "/edit")}
    return client.post("/editor/draw", json=body, headers=headers)


def test_formulas_and_figures_are_those_of_the_page(ada: FlaskClient) -> None:
    answer = ask(
        ada,
        {
            "formulas": [
                {"latex": r"\frac{1}{2}"},
                {"latex": "x^2", "display": True},
                {"latex": r"\frac{1}"},
            ],
            "figures": [{"word": "number-line", "rest": "{#a}", "body": LINE}],
        },
    ).get_json()
    half, square, broken = answer["formulas"]
    assert half["html"] == formula(r"\frac{1}{2}").mathml
    assert square["html"] == formula("x^2", display=True).mathml
    assert broken["error"]
    assert "html" not in broken
    (line,) = answer["figures"]
    drawn = draw("number-line", "{#a}", LINE).html
    assert line["html"].replace("figure-LIVE", NAME).count("<path") == drawn.count("<path")
    assert not re.search("[\ue000-\uf8ff]", line["html"])


def test_faults_of_a_figure_have_their_line(ada: FlaskClient) -> None:
    wrong = {"word": "number-line", "rest": "", "body": LINE.replace("to: 2", "to: -2")}
    unnamed = {"word": "number-line", "rest": "", "body": "to: 4\n"}
    unknown = {"word": "pie-chart", "rest": "", "body": ""}
    rows = ask(ada, {"formulas": [], "figures": [wrong, unnamed, unknown]}).get_json()["figures"]
    assert rows[0]["faults"][0]["line"] == 2
    assert rows[1]["faults"][0]["alt"]
    assert "pie-chart" in rows[2]["faults"][0]["reason"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"formulas": "x"},
        {"formulas": [1]},
        {"formulas": [{"latex": 3}]},
        {"formulas": [{"latex": "x" * 20_000}]},
        {"figures": [{"word": "shape"}]},
        {"formulas": [{"latex": "x"}] * 201},
        {"figures": [{"word": "shape", "rest": "", "body": ""}] * 41},
    ],
)
def test_what_is_no_question_is_refused(ada: FlaskClient, body: Any) -> None:
    assert ask(ada, body).status_code == 400


def test_drawing_needs_a_sign_in_and_the_forms_token(app: Flask, ada: FlaskClient) -> None:
    assert ada.post("/editor/draw", json={"formulas": []}).status_code == 400
    stranger = app.test_client()
    token = token_of(stranger, "/sign-in")
    assert stranger.post("/editor/draw", json={}, headers={"X-CSRFToken": token}).status_code == 403


def test_pages_are_found_by_title_those_of_the_unit_first(ada: FlaskClient) -> None:
    def pages(q: str) -> list[dict[str, str]]:
        at = "/editor/pages?" + urlencode({"from": "grade-6/ratios/01-introducing-ratios.md", "q": q})
        rows: list[dict[str, str]] = ada.get(at).get_json()["pages"]
        return rows

    assert {row["unit"] for row in pages("")} == {"Introducing ratios and rates"}
    taste = pages("taste same")[0]
    assert (taste["title"], taste["target"], taste["kind"]) == (
        "The same taste",
        "02-same-taste.md",
        "lesson",
    )
    assert "../../glossary.md" in {row["target"] for row in pages("glossary")}
    assert any(row["target"].startswith("../../grade-3/") for row in pages("fractions"))
    assert pages("no such page at all") == []


def test_a_private_units_pages_are_offered_to_nobody_else(app: Flask) -> None:
    teams = app.extensions["studio"].teams
    team = next(one for one in teams.all() if one.name == "Ratios")
    teams.change(team.key, team.name, team.members, "p-test", private=True)
    offered: dict[str, list[str]] = {"ada": [], "ben": []}
    for name, titles in offered.items():
        for start in ("grade-6/ratios/01-introducing-ratios.md", "glossary.md"):
            at = "/editor/pages?" + urlencode({"from": start, "q": "same taste"})
            titles += [row["title"] for row in signed_in(app, name).get(at).get_json()["pages"]]
    teams.change(team.key, team.name, team.members, "p-test", private=False)
    assert offered == {"ada": ["The same taste"] * 2, "ben": []}


def test_standards_are_found_by_code_and_by_words(ada: FlaskClient) -> None:
    def found(query: str) -> list[str]:
        rows = ada.get(f"/editor/standards?{query}").get_json()["standards"]
        assert all(row["statement"] for row in rows)
        return [row["code"] for row in rows]

    assert found("q=6.RP.A.1")[0] == "6.RP.A.1"
    assert found("q=6rp1")[0] == "6.RP.A.1"
    assert "6.RP.A.1" in found("q=ratio")
    assert found("codes=6.RP.A.1,MP2,none") == ["6.RP.A.1", "MP2"]
    assert found("q=") == []
    assert len(found("q=a")) <= 20


def test_a_picture_comes_in_clean_and_says_where_it_is(ada: FlaskClient) -> None:
    def send(alt: str) -> Any:
        form = {
            "csrf_token": token_of(ada, LESSON + "/edit"),
            "alt": alt,
            "file": (io.BytesIO(PICTURE), "square.svg"),
        }
        return ada.post("/units/grade-6/ratios/pictures", data=form, headers={"Accept": "application/json"})

    refused = send("")
    assert refused.status_code == 400
    assert "what the picture shows" in refused.get_json()["error"]
    taken = send("A square").get_json()
    assert taken["path"] == "grade-6/ratios/figures/square.svg"
    assert "taken out" in taken["taken_out"]
    assert b"place" not in ada.get(f"/pictures/{taken['path']}").data


def test_whoever_touches_nothing_changes_no_byte(app: Flask, ada: FlaskClient) -> None:
    studio = app.extensions["studio"]
    path = "grade-6/ratios/02-same-taste.md"
    odd = studio.content.read(path).replace(b"\n", b"\r\n") + b"tab\t and spaces  \r\nlone\rreturn\r\n"
    author = Author("Import", "p-import")
    studio.content.save(
        [Change(path, odd, studio.content.blob_id(path))], author, "An import", datetime.now(UTC)
    )
    blob = studio.content.blob_id(path)
    place = "/units/grade-6/ratios/02-same-taste/edit"
    # A field gives its lines back with the ends that forms have.
    text = odd.decode().replace("\r\n", "\n").replace("\r", "\n")
    assert send(ada, place, place, text=text.replace("\n", "\r\n"), base=blob).status_code == 303
    assert studio.content.read(path) == odd
    assert send(ada, place, place, text=text.replace("lone", "alone"), base=blob).status_code == 303
    assert studio.content.read(path) == text.replace("lone", "alone").encode()


def test_the_script_goes_small_over_the_wire(ada: FlaskClient) -> None:
    small = ada.get("/static/editor.js", headers={"Accept-Encoding": "gzip"}, buffered=True)
    plain = ada.get("/static/editor.js", headers={"Accept-Encoding": "identity"}, buffered=True)
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.mimetype == plain.mimetype
    assert gzip.decompress(small.data) == plain.data == (dist_folder() / "editor.js").read_bytes()
    pieces = [path.read_bytes() for path in dist_folder().glob("editor*.js")]
    assert sum(len(gzip.compress(piece, 9)) for piece in pieces) < 250 * 1024
    assert plain.headers["Vary"] == "Accept-Encoding"
    smaller = ada.get("/static/editor.js", headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert smaller.headers["Content-Encoding"] == "br"

    assert len(smaller.data) < len(small.data)
    page = ada.get(LESSON + "/edit", headers={"Accept-Encoding": "gzip"})
    whole = ada.get(LESSON + "/edit", headers={"Accept-Encoding": "identity"})
    assert len(page.data) < len(whole.data) / 2
    assert gzip.decompress(page.data)[:600] == whole.data[:600]


def test_the_pieces_that_the_editor_needs_at_once_are_named_in_its_page(ada: FlaskClient) -> None:
    page = ada.get(LESSON + "/edit").get_data(as_text=True)
    assert '<script type="module" src="/static/editor.js">' in page
    needed = set(re.findall(r'from"\./([^"]+)"', (dist_folder() / "editor.js").read_text()))
    assert needed <= set(editor_pieces())
    for piece in editor_pieces():
        assert f'<link rel="modulepreload" href="/static/{piece}">' in page
        with ada.get(f"/static/{piece}") as answer:
            assert answer.status_code == 200


def test_a_text_that_cannot_be_read_is_no_page_to_save_from(tmp_path: Path) -> None:
    """The bytes of one text are damaged on the disk: nobody gets an empty editor in its place, and nothing is saved over it."""
    studio = opened(tmp_path)
    folder, blob = studio.settings.folder, studio.content.blob_id(f"{LESSON.removeprefix('/units/')}.md")
    studio.close()
    store = folder / "curriculum.git"
    for pack in [*(store / "objects" / "pack").iterdir()]:
        pack.rename(tmp_path / pack.name)
    for pack in tmp_path.glob("*.pack"):
        with pack.open("rb") as content:
            subprocess.run(["git", "-C", str(store), "unpack-objects", "-q"], stdin=content, check=True)
    loose = store / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o600)
    loose.write_bytes(b"damaged")
    studio = open_studio(folder)
    ada = signed_in(app_of(studio), "ada")
    tip = studio.content.tip()
    page = ada.get(f"{LESSON}/edit")
    assert page.status_code >= 400
    assert "<textarea" not in page.text
    assert "data-live" not in page.text
    form = {"csrf_token": token_of(ada, "/account"), "base": blob, "text": "Something else.\n"}
    assert ada.post(f"{LESSON}/edit", data=form).status_code >= 400
    assert studio.content.tip() == tip
    studio.close()


def test_what_only_teachers_see_is_written_beside_what_they_see(ada: FlaskClient) -> None:
    for place, edition in ((LESSON, "student"), ("/units/grade-6/ratios/assessments/mid-unit", "teacher")):
        page = ada.get(f"{place}/edit").text
        assert re.search(rf'value="{edition}" checked', page)
        assert "Nothing here is for this reader yet" not in page
    # What short names of misconceptions stand for goes with it.
    assert "Adding the same to both" in page.partition("data-names=")[2].partition(" data-title")[0]
