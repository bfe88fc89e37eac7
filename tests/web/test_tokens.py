"""Tokens for other programs: shown once, kept as hashes, ended by their owner, dead when the owner leaves, and never a page's way in."""

from __future__ import annotations

import base64
import re
import time

import pytest
from flask import Flask

from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.sessions import MOST
from curriculum_studio.storage.tokens import MOST_TOKENS
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in

_TOKEN = re.compile(r">(cst_[\w-]{43})<")
REFS = "/git/curriculum.git/info/refs?service=git-upload-pack"
SENDS = "/git/curriculum.git/info/refs?service=git-receive-pack"


def basic(token: str, name: str = "anybody") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()}


def made(app: Flask, name: str, may: str = "write", **form: str) -> str:
    page = send(signed_in(app, name), "/account/tokens", "/account/tokens", **({"name": "Laptop", "days": "30", "may": may} | form))  # fmt: skip
    assert page.status_code == 200, page.get_data(as_text=True)
    return _TOKEN.findall(page.get_data(as_text=True))[0]


def test_a_token_is_shown_once_and_opens_the_door_in_both_ways(app: Flask, studio: Studio) -> None:
    token = made(app, "ada")
    ada = signed_in(app, "ada")
    page = ada.get("/account/tokens").get_data(as_text=True)
    assert "Laptop" in page
    assert "never used" in page
    assert token not in page
    assert token not in studio.settings.database.read_bytes().decode("latin-1")  # type: ignore[union-attr]
    client = app.test_client()
    assert client.get(REFS, headers=basic(token)).status_code == 200
    assert client.get(REFS, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert "never used" not in ada.get("/account/tokens").get_data(as_text=True)
    key = studio.people.by_account("ada").person.key
    assert f"user.email={key}@studio.invalid" in page
    acts = [entry.act for entry in studio.audit.entries(about=key)]
    assert "made a token" in acts
    assert token not in str(studio.audit.entries())


def test_a_token_is_no_way_into_pages_and_a_cookie_none_into_the_door(app: Flask) -> None:
    token = made(app, "ada")
    assert app.test_client().get("/account", headers=basic(token)).status_code == 302
    answer = signed_in(app, "ada").get(REFS)
    assert answer.status_code == 401
    assert "Basic" in answer.headers["WWW-Authenticate"]
    assert answer.content_type.startswith("text/plain")


def test_what_only_reads_cannot_write(app: Flask) -> None:
    reads, writes = made(app, "ada", "read"), made(app, "ada")
    client = app.test_client()
    assert client.get(REFS, headers=basic(reads)).status_code == 200
    for method, address in (("GET", SENDS), ("POST", "/git/curriculum.git/git-receive-pack")):
        answer = client.open(address, method=method, headers=basic(reads))
        assert answer.status_code == 403
        assert "may only read" in answer.get_data(as_text=True)
    assert client.get(SENDS, headers=basic(writes)).status_code == 200


def test_ended_run_out_and_left_behind_tokens_are_dead(app: Flask, studio: Studio) -> None:
    client, ada = app.test_client(), studio.people.by_account("ada").person
    token = made(app, "ada")
    mine = studio.tokens.of(ada.key)[0]
    assert send(signed_in(app, "ben"), "/account/tokens", "/account/tokens/end", token=mine.key).status_code == 404  # fmt: skip
    assert client.get(REFS, headers=basic(token)).status_code == 200
    send(signed_in(app, "ada"), "/account/tokens", "/account/tokens/end", token=mine.key)
    assert client.get(REFS, headers=basic(token)).status_code == 401
    now = int(time.time())
    old = studio.tokens.make(ada.key, "old", now - 100, now - 1, writes=True)
    assert client.get(REFS, headers=basic(old)).status_code == 401
    assert "ran out on" in signed_in(app, "ada").get("/account/tokens").get_data(as_text=True)
    ben = made(app, "ben")
    send(signed_in(app, "omar"), "/people", f"/people/{studio.people.by_account('ben').person.key}/close")
    assert client.get(REFS, headers=basic(ben)).status_code == 401
    studio.people.leave(studio.people.by_account("ben").person.key, "p-test", back=True)
    assert client.get(REFS, headers=basic(ben)).status_code == 401


def test_guessing_is_slowed_down_and_harms_nobody_else(app: Flask, studio: Studio) -> None:
    client, token = app.test_client(), made(app, "ada")
    codes = [client.get(REFS, headers=basic("cst_" + "x" * 43)).status_code for _ in range(MOST["t"] + 5)]
    assert codes[0] == 401
    assert codes[-1] == 429
    assert client.get(REFS, headers=basic(token)).status_code == 200, (
        "who holds a true token is not locked out"
    )
    assert client.get("/sign-in").status_code == 200
    assert signed_in(app, "ada").get("/").status_code == 200


@pytest.mark.parametrize("given", ["", "Basic", "Basic !!!", "Bearer", "Bearer x", "Basic Og==", "Digest a=b", "Bearer cst_" + "a" * 9000, "Basic \u00ff"])  # fmt: skip
def test_odd_headers_are_refused(app: Flask, given: str) -> None:
    assert app.test_client().get(REFS, headers={"Authorization": given}).status_code == 401


def test_a_name_and_a_length_are_needed_and_there_is_an_end(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    for form in ({"name": " ", "days": "30"}, {"name": "x", "days": "99999"}, {"name": "x", "days": "-1"}):
        assert send(ada, "/account/tokens", "/account/tokens", **form).status_code == 400
    key, now = studio.people.by_account("carla").person.key, int(time.time())
    for number in range(MOST_TOKENS):
        studio.tokens.make(key, f"{number}", now, now + 3600, writes=False)
    with pytest.raises(Refused, match="End one"):
        studio.tokens.make(key, "one more", now, now + 3600, writes=False)
