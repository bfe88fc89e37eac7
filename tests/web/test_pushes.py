"""The door of the folder: who may take and send, what is shown to whom, and what a push becomes in the studio."""

from __future__ import annotations

import gzip
import subprocess
import time
from datetime import UTC, datetime

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from curriculum_studio.actions.home import home_of
from curriculum_studio.actions.pushes import JUST_NOW, receive_push
from curriculum_studio.domain.people import Person
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio
from tests.storage.packs import Pack, request, said
from tests.web.cast import app_of
from tests.web.one_studio.test_doors import own_ratios
from tests.web.test_tokens import basic

MAIN = "refs/heads/main"
LESSON = "grade-6/ratios/01-introducing-ratios.md"
V2 = {"Git-Protocol": "version=2"}


def person(studio: Studio, account: str) -> Person:
    return studio.people.by_account(account).person


def key_of(studio: Studio, account: str, *, writes: bool = True) -> dict[str, str]:
    """The header with which somebody comes in."""
    now = int(time.time())
    return basic(studio.tokens.make(person(studio, account).key, "a test", now, now + 600, writes=writes))


def git(studio: Studio, *words: str, feed: bytes = b"") -> bytes:
    return subprocess.run(["git", "-C", str(studio.settings.content), *words], input=feed, capture_output=True, check=True).stdout  # fmt: skip


def version_with(studio: Studio, who: Person, files: dict[str, bytes | None], base: str | None = None) -> tuple[str, bytes]:  # fmt: skip
    """A version upon another one, as somebody's Git makes it: its id, and the pack to send."""
    base = base or studio.content.tip()
    assert base
    pack = Pack()
    blobs = dict(studio.snapshot(base).blobs)
    for path, content in files.items():
        blobs.pop(path, None)
        if content is not None:
            blobs[path] = pack.add("blob", content)

    def tree(above: str) -> str:
        names = sorted({path[len(above) :].partition("/")[0] + ("/" if "/" in path[len(above) :] else "") for path in blobs if path.startswith(above)})  # fmt: skip
        return pack.tree(*((("40000", name[:-1].encode(), tree(above + name)) if name.endswith("/") else ("100644", name.encode(), blobs[above + name])) for name in names))  # fmt: skip

    version = pack.commit(tree(""), base, f"{who.name} <{who.key}@studio.invalid>", b"From a folder\n", int(time.time()))  # fmt: skip
    return version, pack.bytes()


def push(studio: Studio, account: str, files: dict[str, bytes | None], base: str | None = None) -> tuple[str, str]:  # fmt: skip
    who = person(studio, account)
    old = base or studio.content.tip() or ""
    version, pack = version_with(studio, who, files, old)
    return said(b"".join(receive_push(studio, who, request(pack, (old, version, MAIN)))))


def save(studio: Studio, path: str, text: bytes) -> None:
    base = studio.content.blob_id(path)
    studio.content.save([Change(path, text, base)], Author("Ben", "p-ben"), "Meanwhile", datetime.now(UTC))


# Who may take, and what is shown ----------------------------------------------------------------------------


def refs(app: Flask, header: dict[str, str], service: str = "git-upload-pack") -> TestResponse:
    return app.test_client().get(f"/git/curriculum.git/info/refs?service={service}", headers=header)


def test_a_private_unit_closes_the_folder_to_who_may_not_read_it(app: Flask, studio: Studio) -> None:
    own_ratios(studio, "Fractions", private=True)
    for account, code in (("ada", 403), ("carla", 403), ("gita", 403), ("ben", 200), ("dana", 200), ("omar", 200)):  # fmt: skip
        header = key_of(studio, account)
        for service in ("git-upload-pack", "git-receive-pack"):
            answer = refs(app, header, service)
            assert answer.status_code == code, (account, service)
        for address in ("git-upload-pack", "git-receive-pack"):
            answer = app.test_client().post(f"/git/curriculum.git/{address}", headers=header, data=b"0000")
            assert (answer.status_code == 403) == (code == 403), (account, address)
            if code == 403:
                assert "keeps a unit private" in answer.get_data(as_text=True)
                assert answer.content_type.startswith("text/plain")


def test_the_record_is_shown_to_leads_and_administrators_alone(app: Flask, studio: Studio) -> None:
    tree = git(studio, "mktree", feed=b"").decode().strip()
    names = ("-c", "user.name=x", "-c", "user.email=p-x@studio.invalid")
    secret = git(studio, *names, "commit-tree", "-m", "record", tree).decode().strip()
    git(studio, "update-ref", "refs/studio/record", secret)
    git(studio, "update-ref", "refs/heads/published", studio.content.tip() or "")
    git(studio, "update-ref", "refs/other/hidden", secret)
    ask = b"0014command=ls-refs\n00010000"
    fetch = f"0011command=fetch0001000fno-progress0032want {secret}\n0009done\n0000".encode()
    for account in ("ada", "ben", "carla", "dana", "gita", "omar"):
        header, sees = key_of(studio, account), account in ("dana", "omar")
        for answer in (refs(app, header), app.test_client().post("/git/curriculum.git/git-upload-pack", headers=header | V2, data=ask)):  # fmt: skip
            text = answer.get_data(as_text=True)
            assert MAIN in text
            assert "refs/heads/published" in text
            assert ("refs/studio/record" in text) == sees, account
            assert "hidden" not in text
        taken = app.test_client().post("/git/curriculum.git/git-upload-pack", headers=header | V2, data=fetch)
        assert (b"PACK" in taken.data) == sees, account
        assert (b"not among what is shown" in taken.data) != sees, account


@pytest.mark.parametrize("oid", ["0" * 40, "1" * 40, "z" * 40, "HEAD" + "0" * 36])
def test_what_is_not_shown_cannot_be_asked_for(app: Flask, studio: Studio, oid: str) -> None:
    body = f"0011command=fetch0001000fno-progress0032want {oid}\n0009done\n0000".encode()
    answer = app.test_client().post("/git/curriculum.git/git-upload-pack", headers=key_of(studio, "dana") | V2, data=body)  # fmt: skip
    assert b"PACK" not in answer.data
    assert b"ERR" in answer.data


def test_packed_requests_and_requests_that_swell(app: Flask, studio: Studio) -> None:
    client, header = app.test_client(), key_of(studio, "dana") | {"Content-Encoding": "gzip"}
    ask = b"0014command=ls-refs\n00010000"
    answer = client.post("/git/curriculum.git/git-upload-pack", headers=header | V2, data=gzip.compress(ask))
    assert MAIN.encode() in answer.data
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    answer = client.post("/git/curriculum.git/git-upload-pack", headers=header | V2, data=bomb)
    assert answer.status_code == 413
    for body in (b"not packed at all", gzip.compress(ask)[:20]):
        answer = client.post("/git/curriculum.git/git-upload-pack", headers=header, data=body)
        assert answer.status_code in (200, 413)
        assert b"PACK" not in answer.data


def test_only_the_two_services(app: Flask, studio: Studio) -> None:
    header = key_of(studio, "dana")
    for service in ("", "git-upload-archive", "git-shell", "upload-pack", "git-upload-pack;id"):
        assert refs(app, header, service).status_code == 403
    for address in (
        "HEAD",
        "objects/info/packs",
        "config",
        "refs/heads/main",
        "objects/ab/cd",
        "../studio.toml",
    ):
        assert app.test_client().get(f"/git/curriculum.git/{address}", headers=header).status_code == 404


# What a push becomes ----------------------------------------------------------------------------------------


def test_findings_are_printed_and_stop_nothing(studio: Studio) -> None:
    text = studio.content.read(LESSON).decode()
    words, report = push(studio, "ada", {LESSON: text.replace("\nid: ", "\nid: ", 1).encode() + b"\n[gone](no-such.md)\n"})  # fmt: skip
    assert f"ok {MAIN}" in report
    assert "Taken in: 1 file." in words
    assert f"{LESSON}:" in words
    assert "(link-missing)" in words
    grave, report = push(studio, "ada", {LESSON: b"---\nid: [\n---\nNo header that can be read.\n"})
    assert f"ok {MAIN}" in report
    assert "would stop publishing" in grave


def test_rights_are_those_of_the_studio(studio: Studio) -> None:
    own_ratios(studio, "Ratios")
    new = b"---\nid: freshone\ntitle: Fresh\n---\n"
    framework = next(path for path in studio.snapshot() if path.startswith("standards/"))
    rubric = next(path for path in studio.snapshot() if path.startswith("rubrics/"))
    for account, path, may in (
        ("ada", LESSON, True), ("ben", LESSON, False), ("omar", LESSON, False), ("gita", LESSON, False), ("dana", LESSON, True),
        ("ben", "grade-6/ratios/99-new.md", False), ("ben", "grade-6/ratios/deep/er/unit.md", False), ("ben", "grade-9/own/unit.md", True),
        ("omar", "glossary.md", False), ("gita", "glossary.md", True), ("ada", framework, False), ("dana", framework, True),
        ("ada", rubric, False), ("carla", rubric, True),
    ):  # fmt: skip
        content = studio.content.read(path) + b"\n" if path in studio.snapshot() else new.replace(b"freshone", f"n{len(path)}{account}".encode())  # fmt: skip
        before = studio.content.tip()
        words, report = push(studio, account, {path: content})
        assert (f"ok {MAIN}" in report) == may, (account, path, words)
        assert (studio.content.tip() != before) == may
        if not may:
            assert path in words
            assert "not change them" in words
    assert f"ng {MAIN}" in push(studio, "ben", {LESSON: None})[1]


def test_an_id_that_another_file_has(studio: Studio) -> None:
    text = studio.content.read(LESSON)
    words, report = push(studio, "dana", {"grade-6/ratios/77-copy.md": text})
    assert f"ng {MAIN}" in report
    assert "which grade-6/ratios/01-introducing-ratios.md has already" in words
    moved, report = push(studio, "dana", {"grade-6/ratios/77-copy.md": text, LESSON: None})
    assert f"ok {MAIN}" in report, moved


def test_what_was_saved_in_the_same_moment_is_kept(studio: Studio) -> None:
    base, text = studio.content.tip(), studio.content.read(LESSON)
    first, *rest = text.decode().split("\n## ")
    save(studio, LESSON, "\n## ".join([first + "\nMeanwhile a line from the studio.\n", *rest]).encode())
    words, report = push(studio, "ada", {LESSON: text + b"\nA line from a folder.\n"}, base)
    assert f"ok {MAIN}" in report, words
    assert "both are kept" in words
    now = studio.content.read(LESSON).decode()
    assert "Meanwhile a line" in now
    assert "A line from a folder" in now
    newest, before = studio.content.history(LESSON, limit=2)
    assert (newest.note, newest.author.name, before.note) == ("From a folder", "Ada", "Meanwhile")
    assert newest.paths == (LESSON,)
    assert [one.note for one in studio.content.recent(2)] == ["From a folder", "Meanwhile"]
    third, report = push(studio, "ada", {LESSON: now.encode() + b"\nMore.\n"})
    assert f"ok {MAIN}" in report, third


def test_the_same_words_in_the_same_moment_change_nothing(studio: Studio) -> None:
    base, text = studio.content.tip(), studio.content.read(LESSON)
    title = next(line for line in text.decode().splitlines() if line.startswith("title:"))
    save(studio, LESSON, text.replace(title.encode(), b"title: From the studio"))
    before = studio.content.tip()
    words, report = push(studio, "ada", {LESSON: text.replace(title.encode(), b"title: From a folder")}, base)
    assert f"ng {MAIN}" in report
    assert "git pull --rebase" in words
    assert studio.content.tip() == before
    gone, report = push(studio, "ada", {LESSON: None}, base)
    assert f"ng {MAIN}" in report, gone


def test_who_fetched_just_now_need_not_race(app: Flask, studio: Studio) -> None:
    header, then = key_of(studio, "ada"), studio.content.tip() or ""
    assert then in refs(app, header, "git-receive-pack").get_data(as_text=True)
    assert refs(app, header).status_code == 200
    save(studio, LESSON, studio.content.read(LESSON) + b"\nMeanwhile.\n")
    now = studio.content.tip() or ""
    shown = refs(app, header, "git-receive-pack").get_data(as_text=True)
    assert then in shown
    assert now not in shown
    assert now in refs(app, key_of(studio, "dana"), "git-receive-pack").get_data(as_text=True)
    key = studio.tokens.of(person(studio, "ada").key)[0].key
    studio.tokens.note_fetch(key, then, int(time.time()) - JUST_NOW - 1)
    assert now in refs(app, header, "git-receive-pack").get_data(as_text=True)


def test_those_concerned_see_it_on_their_home(studio: Studio) -> None:
    own_ratios(studio, "Ratios")
    push(studio, "dana", {LESSON: studio.content.read(LESSON) + b"\nFrom Dana.\n", "glossary.md": studio.content.read("glossary.md") + b"\n"})  # fmt: skip
    seen = home_of(studio, person(studio, "ada")).brought
    assert [(one.name, [path for path, _ in one.texts], one.others) for one in seen] == [
        ("Dana", [LESSON], 0)
    ]
    assert home_of(studio, person(studio, "ben")).brought == ()
    assert home_of(studio, person(studio, "dana")).brought == ()
    assert "brought in changes from outside" in [entry.act for entry in studio.audit.entries()]
    page = app_of(studio)
    from tests.web.cast import signed_in

    assert "Dana changed" in signed_in(page, "ada").get("/").get_data(as_text=True)


def test_an_empty_studio_takes_a_first_push(
    tmp_path: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from curriculum_studio.actions.workspaces import new_workspace
    from curriculum_studio.studio import open_studio

    folder = tmp_path_factory.mktemp("empty") / "work"
    new_workspace(folder, None, samples=True)
    studio = open_studio(folder)
    try:
        who = person(studio, "dana")
        pack = Pack()
        tree = pack.tree(
            ("100644", b"charter.md", pack.add("blob", b"---\nid: charter1\ntitle: Ours\n---\n"))
        )
        version = pack.commit(tree, None, f"{who.name} <{who.key}@studio.invalid>", at=int(time.time()))
        words, report = said(
            b"".join(receive_push(studio, who, request(pack.bytes(), ("0" * 40, version, MAIN))))
        )
        assert f"ok {MAIN}" in report, words
        assert studio.content.tip() == version
    finally:
        studio.close()
