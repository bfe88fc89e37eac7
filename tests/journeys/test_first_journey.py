"""The first journey through HTTP: read, change, meet a colleague, look back, restore, publish, be found."""

from __future__ import annotations

import json
import re
from contextlib import closing
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient

from tests.web.cast import LESSON, app_of, opened, publish, send, signed_in


def read(client: FlaskClient, address: str) -> str:
    """The text of an address, its file closed."""
    with closing(client.get(address)) as answer:
        assert answer.status_code == 200, address
        return answer.get_data(as_text=True)


def editor(client: FlaskClient) -> tuple[str, str]:
    """Text and base of the editor."""
    page = client.get(LESSON + "/edit").get_data(as_text=True)
    text = re.search(r"<textarea id=\"text\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    base = re.search(r'name="base" value="([0-9a-f]{40})"', page)
    assert text
    assert base
    return unescape(text[1]), base[1]


def test_from_reading_to_the_student_site(tmp_path: Path) -> None:
    studio = opened(tmp_path)
    app = app_of(studio)
    ada, carla, dana = (signed_in(app, name) for name in ("ada", "carla", "dana"))
    page = ada.get(LESSON + "?edition=student").get_data(as_text=True)
    assert "Lena" in page
    assert "Order does not matter" not in page
    assert "Order does not matter" in ada.get(LESSON + "?edition=teacher").get_data(as_text=True)

    text, base = editor(ada)
    changed = text.replace("Lena's snowball stand", "Zydeco Zoe's snowball stand")
    saved = send(ada, LESSON + "/edit", LESSON + "/edit", text=changed, base=base, note="Named the stand")
    assert saved.status_code == 303

    other = text.replace("In a brass band there are", "In a great brass band there are")
    shown = send(carla, LESSON + "/edit", LESSON + "/edit", text=other, base=base, note="A greater band")
    assert shown.status_code == 409
    page = shown.get_data(as_text=True)
    assert "Somebody else saved meanwhile" in page
    assert "New from Ada" in page
    assert "Zydeco Zoe" in page
    assert "great brass band" not in editor(carla)[0]
    seen = re.search(r'name="seen" value="([0-9a-f]{40})"', page)
    assert seen
    both = {"text": other, "base": base, "seen": seen[1], "note": "A greater band"}
    assert send(carla, LESSON + "/edit", LESSON + "/decide", **both).status_code == 303
    now, _ = editor(carla)
    assert "Zydeco Zoe" in now
    assert "great brass band" in now

    clash = text.replace("Lena's snowball stand", "Marie's snowball stand")
    asked = send(carla, LESSON + "/edit", LESSON + "/edit", text=clash, base=base, note="Another name")
    assert asked.status_code == 409
    assert "Two people changed the same words" in asked.get_data(as_text=True)
    assert "Marie" in asked.get_data(as_text=True)
    assert editor(carla)[0] == now
    seen = re.search(r'name="seen" value="([0-9a-f]{40})"', asked.get_data(as_text=True))
    assert seen
    places = re.findall(r'name="take-(\d+)" value="mine"', asked.get_data(as_text=True))
    assert places
    choice = {"text": clash, "base": base, "seen": seen[1], "note": "Another name"}
    assert send(carla, LESSON + "/edit", LESSON + "/decide", **choice).status_code == 409
    assert editor(carla)[0] == now
    theirs = choice | {f"take-{number}": "theirs" for number in places}
    assert send(carla, LESSON + "/edit", LESSON + "/decide", **theirs).status_code == 303
    assert editor(carla)[0] == now

    history = ada.get(LESSON + "/history").get_data(as_text=True)
    assert (
        history.index("A greater band")
        < history.index("Named the stand")
        < history.index("The starter curriculum")
    )
    versions = re.findall(r'name="version" value="([0-9a-f]{40})"', history)
    compared = ada.get(f"{LESSON}/compare?from={versions[-1]}").get_data(as_text=True)
    assert re.search(r"<ins>.*?Zydeco", compared)
    assert send(ada, LESSON + "/history", LESSON + "/restore", version=versions[-1]).status_code == 303
    assert "Zydeco" not in editor(ada)[0]
    assert send(ada, LESSON + "/history", LESSON + "/restore", version=versions[0]).status_code == 303
    assert "Zydeco" in editor(ada)[0]

    assert "Zydeco" in unescape(ada.get("/search?q=zydeco").get_data(as_text=True))
    assert "Published" in publish(dana, note="First")
    eli = signed_in(app, "eli")
    student = read(eli, "/sites/student/grade-6/ratios/01-introducing-ratios/")
    assert "Zydeco" in student
    assert "Order does not matter" not in student
    assert eli.get("/sites/teacher/").status_code == 302
    assert "Order does not matter" in read(ada, "/sites/teacher/grade-6/ratios/01-introducing-ratios/")
    index = json.loads(read(eli, "/sites/student/search/index.json"))
    shard = json.loads(read(eli, f"/sites/student/search/t-{'zydeco'[: index['width']]}.json"))
    assert "zydeco" in shard
    studio.close()
