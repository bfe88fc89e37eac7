"""Starting, arranging, copying, moving, putting away and bringing back, through the pages."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime

from flask import Flask

from curriculum_studio.actions.lessons import author_of
from curriculum_studio.formats.check import check
from curriculum_studio.storage.content_changes import Change
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, send, signed_in, token_of


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


HEAD = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
BODY = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
PNG = HEAD + BODY
UNIT = "/units/grade-6/ratios"


def order(studio: Studio, folder: str = "grade-6/ratios") -> list[list[str]]:
    _, curriculum = studio.curriculum()
    unit = next(one for one in curriculum.units if one.folder == folder)
    return [[path.rpartition("/")[2] for path in section.lessons] for section in unit.sections]


def graves(studio: Studio) -> list[str]:
    return [str(one) for one in check(studio.snapshot()) if one.severity == "grave"]


def test_a_unit_from_nothing(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    made = send(ada, "/units/new", "/units/new", title="Area & surface: “nets”", grade="6", team="")
    assert made.headers["Location"] == "/units/grade-6/area-surface-nets?did=started"
    unit = "/units/grade-6/area-surface-nets"
    for kind, title in (("lesson", "Count squares"), ("lesson", "Cut and move"), ("assessment", "Check"), ("session", "Try it")):  # fmt: skip
        answer = send(ada, unit, f"{unit}/add", kind=kind, title=title, section="0")
        assert answer.status_code == 303
        assert ada.get(answer.headers["Location"]).status_code == 200
    assert order(studio, "grade-6/area-surface-nets") == [["01-count-squares.md", "02-cut-and-move.md"]]
    assert graves(studio) == []
    assert "Area &amp; surface: “nets”" in ada.get(unit).get_data(as_text=True)
    assert "2 class days, 1 week" in ada.get(f"{unit}/pacing").get_data(as_text=True)


def test_arranging(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    page = ada.get(f"{UNIT}/arrange").get_data(as_text=True)
    assert page.index("01-introducing-ratios") < page.index("03-for-one")
    base = studio.snapshot().blob("grade-6/ratios/unit.md")
    rows = [
        ("csrf_token", token_of(ada, f"{UNIT}/arrange")), ("base", base), ("order", "2"), ("order", "1"), ("section-2", "One"),
        ("goals-2", "See\nSay"), ("lesson-2", "03-for-one"), ("section-1", "Two: more"), ("lesson-1", "01-introducing-ratios"), ("lesson-drafts", "02-same-taste"),
    ]  # fmt: skip
    form = "&".join(f"{k}={v}" for k, v in rows).replace("\n", "%0A").replace(" ", "+")
    kind = "application/x-www-form-urlencoded"
    assert ada.post(f"{UNIT}/arrange", data=form, content_type=kind).status_code == 303
    assert order(studio) == [["03-for-one.md"], ["01-introducing-ratios.md"]]
    text = studio.content.read("grade-6/ratios/unit.md").decode()
    assert "In this unit they learn to ask a second question" in text
    assert "weeks: 3" in text
    late = ada.post(f"{UNIT}/arrange", data=form, content_type=kind)
    assert late.status_code == 409
    assert "meanwhile" in late.get_data(as_text=True)


def test_copy_rename_move(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    send(dana, "/units/new", "/units/new", title="Rates", grade="7", team="")
    send(dana, "/units/grade-7/rates", "/units/grade-7/rates/add", kind="lesson", title="First", section="0")
    manage = f"{LESSON}/manage"
    copied = send(dana, manage, f"{LESSON}/copy", title="Ratios again", to="grade-7/rates#0")
    assert copied.headers["Location"].startswith("/units/grade-7/rates/02-ratios-again")
    send(dana, manage, f"{LESSON}/rename", title="What a ratio is: “to” and “for”")
    assert "What a ratio is" in dana.get(LESSON).get_data(as_text=True)
    # Where it stands already is no place to move to.
    places = dana.get(manage).get_data(as_text=True).partition('id="move-to"')[2].partition("</select>")[0]
    assert 'value="grade-7/rates#0"' in places
    assert "grade-6/ratios#" not in places
    moved = send(dana, manage, f"{LESSON}/move", to="grade-7/rates#0")
    assert moved.headers["Location"] == "/units/grade-7/rates/01-introducing-ratios?did=moved"
    # A bookmark finds it where it is now, whatever of it was marked; nothing is sent on that would change it.
    assert dana.get(LESSON).headers["Location"] == "/units/grade-7/rates/01-introducing-ratios"
    marked = dana.get(f"{LESSON}/history?after=none")
    assert marked.headers["Location"] == "/units/grade-7/rates/01-introducing-ratios/history?after=none"
    assert dana.post(f"{LESSON}/rename", data={"csrf_token": token_of(dana, "/")}).status_code == 404
    assert app.test_client().get(LESSON).headers["Location"].startswith("/sign-in")
    # Whoever may not read it there learns nothing of where it went.
    team = next(one for one in studio.teams.all() if one.name == "Fractions")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    unit = next(one for one in studio.curriculum()[1].units if one.folder == "grade-7/rates")
    studio.teams.own(unit.facts.id, team.key, "p-test")
    codes = {name: signed_in(app, name).get(LESSON).status_code for name in ("ada", "ben")}
    assert sorted(codes.values()) == [303, 404], codes
    assert order(studio, "grade-7/rates") == [
        ["01-first.md", "02-ratios-again.md", "01-introducing-ratios.md"]
    ]
    assert "grade-7/rates/01-introducing-ratios.es.md" in studio.snapshot()
    assert graves(studio) == []
    _, curriculum = studio.curriculum()
    facts = curriculum.facts["grade-7/rates/01-introducing-ratios.md"]
    assert facts.formerly == ("grade-6/ratios/01-introducing-ratios",)
    history = dana.get("/units/grade-7/rates/01-introducing-ratios/history").get_data(as_text=True)
    assert "The starter curriculum" in history


def test_the_bin_gives_back_the_same_bytes(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    before = {path: studio.content.read(path) for path in studio.snapshot()}
    for place in (LESSON, f"{UNIT}/unit", f"{UNIT}/assessments/readiness"):
        away = send(dana, f"{place}/manage", f"{place}/put-away")
        key = away.headers["Location"].rpartition("=")[2]
        assert dana.get(place).status_code == 404
        back = send(dana, "/bin", f"/bin/{key}")
        assert back.status_code == 303
        assert dana.get(place).status_code == 200
    after = {path: studio.content.read(path) for path in studio.snapshot()}
    assert set(after) == set(before)
    assert {p for p in before if before[p] != after[p]} <= {"grade-6/ratios/unit.md", "curriculum.md"}
    assert graves(studio) == []
    assert "The bin is empty" in dana.get("/bin").get_data(as_text=True)


def test_pictures_are_cleaned_and_need_words(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    page = f"{UNIT}/pictures"

    def upload(name: str, content: bytes, alt: str) -> tuple[int, str]:
        form = {"csrf_token": token_of(ada, page), "alt": alt, "file": (io.BytesIO(content), name)}
        answer = ada.post(page, data=form, content_type="multipart/form-data")
        # The test client keeps a large form in a file that nobody else closes.
        answer.request.environ["wsgi.input"].close()
        return answer.status_code, answer.get_data(as_text=True)

    code, said = upload("../../Classroom.PNG", HEAD + chunk(b"tEXt", b"GPS\0 30.45N") + BODY, "A dot [one]")
    assert code == 200, said
    assert "![A dot one](figures/classroom.png)" in said
    assert studio.content.read("grade-6/ratios/figures/classroom.png") == PNG
    assert upload("dot.png", PNG, "A dot")[0] == 200
    assert upload("dot.png", PNG, " ")[0] == 400
    assert upload("dot.gif", PNG, "A dot")[0] == 400
    assert upload("dot.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>x()</script></svg>", "x")[0] in (200, 400)  # fmt: skip
    assert all(b"script" not in studio.content.read(p) for p in studio.snapshot() if p.endswith(".svg"))
    assert upload("big.png", PNG + b"\0" * (2 * 1024 * 1024 + 1), "big")[0] in (400, 413)


def test_home_lists_many_units_by_grade(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    assert '<details class="grade">' not in ada.get("/").get_data(as_text=True)
    header = "---\nid: {}\ntitle: Many {}\ngrade: {}\nlanguage: en\nlicense: CC-BY-4.0\nsections: []\n---\n"
    made = [
        Change(f"grade-{g}/many-{n}/unit.md", header.format(f"m{g}k{n:05}", n, g).encode(), None)
        for g in (3, 6)
        for n in range(14)
    ]
    author = author_of(studio.people.by_account("dana").person)
    studio.content.save(made, author, "Many units", datetime.now(UTC))
    page = ada.get("/").get_data(as_text=True)
    assert page.count('<details class="grade">') == 2
    assert "15 units" in page
    assert page.count("/units/grade-6/many-") == 14
