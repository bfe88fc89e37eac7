"""Figures in the studio: the preview while somebody types, a fault in the margin, and the help pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from curriculum_studio.formats.html_rules import FIGURES
from tests.web.cast import LESSON, app_of, opened, send, signed_in

HEAD = "---\nid: k7f3q9m2\ntitle: T\n---\n## Cool-down {#c minutes=5}\n### Student task\n"
LINE = "```number-line\nto: 4\npoints: {A: 1, B: 3}\nalt: A at 1, B at 3.\n```\n"


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    studio = opened(tmp_path_factory.mktemp("figures"))
    yield signed_in(app_of(studio), "ada")
    studio.close()


def preview(ada: FlaskClient, text: str) -> str:
    answer = send(ada, LESSON + "/edit", LESSON + "/preview", text=text, edition="student")
    return answer.get_data(as_text=True)


def test_the_preview_draws_what_the_site_will_show(ada: FlaskClient) -> None:
    page = preview(ada, HEAD + LINE + LINE)
    assert page.count("<svg") == 2
    assert not re.search("[\ue000-\uf8ff]", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_margin_says_what_is_wrong_and_where(ada: FlaskClient) -> None:
    page = preview(ada, HEAD + LINE.replace("B: 3", "B: 5"))
    assert "<svg" not in page
    assert "5 lies outside the line" in page
    assert 'data-line="9"' in page
    assert re.search("at the top|in “", page)


def test_help_shows_every_kind_as_it_is_written_and_drawn(ada: FlaskClient) -> None:
    page = ada.get("/help/figures").get_data(as_text=True)
    assert page.count("<svg") == len(FIGURES)
    for kind in FIGURES:
        assert f'href="/help/figures/{kind}"' in page
        shown = ada.get(f"/help/figures/{kind}").get_data(as_text=True)
        assert "<svg" in shown
        assert f"```{kind}" in shown
        assert "<code>alt: …</code>" in shown
        ids = re.findall(r'\bid="([^"]+)"', shown)
        assert len(ids) == len(set(ids))
        assert not re.search("[\ue000-\uf8ff]", shown)
    assert ada.get("/help/figures/pie-chart").status_code == 404
