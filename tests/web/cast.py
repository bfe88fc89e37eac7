"""The cast at every door: Ada (teacher, owner), Ben (teacher, other team), Carla (researcher in Ada's team), Dana (lead), Gita (coach), Omar (administrator), Eli (signed out)."""

from __future__ import annotations

import re
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from curriculum_studio.domain.people import Person
from curriculum_studio.studio import Studio, open_studio
from curriculum_studio.web.app import create_app
from tests.workspaces import new_sample

CAST = ("ada", "ben", "carla", "dana", "gita", "omar", "eli")
LESSON = "/units/grade-6/ratios/01-introducing-ratios"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def opened(folder: Path) -> Studio:
    """A studio over the starter curriculum, with the sample people."""
    new_sample(folder / "work")
    return open_studio(folder / "work")


def token_of(client: FlaskClient, page: str) -> str:
    """The form token on a page."""
    match = _TOKEN.search(client.get(page).get_data(as_text=True))
    assert match, page
    return match[1]


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which one of the cast is signed in (Eli is not)."""
    client = app.test_client()
    if name != "eli":
        answer = client.post("/sign-in", data={"sample": name, "csrf_token": token_of(client, "/sign-in")})
        assert answer.status_code == 303, answer.get_data(as_text=True)
    return client


def send(client: FlaskClient, page: str, address: str, **form: str) -> TestResponse:
    """Sends a form with the token of the page that holds it."""
    return client.post(address, data={"csrf_token": token_of(client, page), **form})


def who(studio: Studio, name: str) -> Person:
    """One of the cast as the studio knows them."""
    return studio.people.by_account(name).person


def app_of(studio: Studio) -> Flask:
    """The application in test mode; tokens are checked as ever."""
    app = create_app(studio)
    app.testing = True
    return app


def publish(client: FlaskClient, address: str = "/publish", **form: str) -> str:
    """Publishes, waits until it has ended, and gives the page that says how."""
    answer = send(client, "/publish", address, **form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    # How long it takes is the machine's affair.
    for _ in range(6000):
        if "Publishing:" not in client.get("/publish/progress").get_data(as_text=True):
            break
        time.sleep(0.1)
    return client.get(answer.headers["Location"]).get_data(as_text=True)
