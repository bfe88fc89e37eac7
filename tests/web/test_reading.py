"""While a large curriculum is read anew: pages say so and how far it is, what needs no text is served, and then all is as ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curriculum_studio import studio as studios
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.formats.curriculum import is_text
from curriculum_studio.studio import open_studio
from tests.web.cast import app_of, opened, signed_in, who

PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
"""What browsers send for a page."""


def _held(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """The tenth text that is read from now on waits until it may go on; says when it is reached."""
    reached, go_on = threading.Event(), threading.Event()
    real: Callable[..., Any] = studios.facts_of
    count = iter(range(10**6))

    def slowly(*args: Any) -> Any:
        if next(count) == 10:
            reached.set()
            assert go_on.wait(60)
        return real(*args)

    monkeypatch.setattr(studios, "facts_of", slowly)
    monkeypatch.setattr(studios, "_SLICE", 1)
    return reached, go_on


def test_pages_say_how_far_the_reading_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = opened(tmp_path)
    ada = signed_in(app_of(studio), "ada")
    (tmp_path / "work" / "facts.db").unlink(missing_ok=True)
    studio._kept.facts.clear()
    studio._kept.curricula.clear()
    reached, go_on = _held(monkeypatch)
    reader = threading.Thread(target=studio.curriculum)
    reader.start()
    try:
        assert reached.wait(60)
        waiting = ada.get("/", headers=PAGE)
        assert waiting.status_code == 503
        assert waiting.headers["Retry-After"]
        words = waiting.get_data(as_text=True)
        assert "The studio is getting ready" in words
        assert f"10 of {sum(map(is_text, studio.snapshot())):,} texts are read" in words
        progress = ada.get("/reading", headers=PAGE)
        assert progress.status_code == 200
        assert "10 of" in progress.get_data(as_text=True)
        assert "HX-Refresh" not in progress.headers
        for free in ("/help", "/healthz", "/sign-in"):
            assert ada.get(free, headers=PAGE).status_code < 400, free
        stranger = app_of(studio).test_client()
        assert stranger.get("/", headers=PAGE).status_code == 302
        assert stranger.get("/reading").status_code == 302
    finally:
        go_on.set()
        reader.join(60)
    assert ada.get("/", headers=PAGE).status_code == 200
    assert ada.get("/reading").headers["HX-Refresh"] == "true"
    studio.close()


def test_what_was_read_holds_on_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = opened(tmp_path)
    studio.curriculum()
    studio.close()
    again = open_studio(tmp_path / "work")
    read: list[Any] = []
    monkeypatch.setattr(studios, "facts_of", lambda *args: read.append(args))
    _, curriculum = again.curriculum()
    assert curriculum.units
    assert not read
    again.close()


def test_many_texts_that_changed_at_once_are_read_and_nobody_waits_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = opened(tmp_path)
    ada = signed_in(app_of(studio), "ada")
    studio.curriculum()
    monkeypatch.setattr(studios, "_SLICE", 1)
    path = "grade-6/ratios/01-introducing-ratios.md"
    text = studio.snapshot()[path].decode() + "\nMore.\n"
    base = studio.snapshot().blob(path)
    save_version(studio, who(studio, "ada"), path, text, base, "More")
    assert studio.reading is None
    assert ada.get("/", headers=PAGE).status_code == 200
    studio.close()
