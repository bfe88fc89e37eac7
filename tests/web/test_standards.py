"""Frameworks through the desk and the command: preview, import, again, export; who may; what a standard's page shows."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from curriculum_studio.actions.standards import export_framework, import_framework
from curriculum_studio.cli import main
from curriculum_studio.formats.case_rules import faults
from curriculum_studio.studio import Studio, open_studio
from tests.formats.test_case_packages import REAL, made, packed, real
from tests.web.cast import opened, send, signed_in, token_of, who


def look(client: FlaskClient, content: bytes, framework: str = "") -> str:
    form = {
        "csrf_token": token_of(client, "/standards"),
        "file": (io.BytesIO(content), "made.case.json"),
        "framework": framework,
    }
    request = EnvironBuilder("/standards/look", method="POST", data=form).get_environ()
    with client.open(request) as answer:
        page = answer.get_data(as_text=True)
    # What is large is spooled to a file by the test's own client, which leaves it open.
    request["wsgi.input"].close()
    return page


def test_first_what_would_change_then_the_change(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    content = packed(made(40))
    before = studio.content.tip()
    page = look(dana, content)
    assert "What this file would change" in page
    assert studio.content.tip() == before
    key = page.partition('name="key" value="')[2].partition('"')[0]
    answer = send(dana, "/standards", "/standards/import", key=key, framework="made")
    assert answer.headers["Location"] == "/standards/made?did=imported"
    assert studio.snapshot()["standards/made.case.json"] == content
    assert studio.audit.entries(1)[0].act == "brought a framework in"
    assert "There is nothing to import" in look(dana, content)
    tip = studio.content.tip()
    send(dana, "/standards", "/standards/import", key=key, framework="made")
    assert studio.content.tip() == tip
    changed = made(40)
    changed["CFItems"][3]["fullStatement"] = "Another one"
    del changed["CFItems"][39]
    page = look(dana, packed(changed))
    assert "<td>39</td><td>0</td><td>1</td><td>1</td>" in page


def test_a_large_package_passes_the_desk_and_a_huge_one_does_not(app: Flask) -> None:
    dana = signed_in(app, "dana")
    large = made(2)
    large["CFItems"][1]["extra"] = ["x" * 90_000] * 60
    assert "What this file would change" in look(dana, packed(large))
    large["CFItems"][1]["extra"] = ["x" * 90_000] * 130
    assert "too large" in look(dana, packed(large))


class Endless:
    """A body that never ends, and knows how much of it was asked for."""

    asked = 0

    def read(self, size: int = -1) -> bytes:
        self.asked += max(size, 0)
        return b"x" * max(size, 0)

    readline = read


def test_a_hundred_megabytes_are_refused_before_they_are_read(app: Flask) -> None:
    dana, body = signed_in(app, "dana"), Endless()
    answer = dana.post(
        "/standards/look",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "100000000", "wsgi.input": body},
    )
    assert answer.status_code in (400, 413)
    assert body.asked < 1_000_000


@pytest.mark.parametrize("name", REAL)
def test_a_real_package_comes_whole_and_a_second_time_changes_nothing(studio: Studio, name: str) -> None:
    dana, content = who(studio, "dana"), real(name)
    first = import_framework(studio, dana, content, "real")
    package = json.loads(content)
    assert (first.items, first.of_items.added) == (len(package["CFItems"]), len(package["CFItems"]))
    if name == REAL[0]:
        assert (first.items, first.associations, len(first.orphans), first.external) == (585, 3368, 15, 2009)
    tip = studio.content.tip()
    assert import_framework(studio, dana, content, "real").nothing_new
    assert studio.content.tip() == tip
    snapshot, curriculum = studio.curriculum()
    out = export_framework(snapshot, curriculum, "real")
    assert list(faults(json.loads(out))) == []
    assert import_framework(studio, dana, out, "real").nothing_new


def test_texts_of_a_package_are_shown_as_they_stand(app: Flask, studio: Studio) -> None:
    package = made(3)
    tricks = ("&lt;img src=x onerror=alert(1)&gt;", "<script>alert(1)</script>", "&#60;b&#62; &bomb;")
    for item, trick in zip(package["CFItems"], tricks, strict=True):
        item["fullStatement"] = trick
    package["CFDocument"]["title"] = "<svg onload=alert(1)>"
    dana = signed_in(app, "dana")
    page = look(dana, packed(package), "made")
    import_framework(studio, who(studio, "dana"), packed(package), "made")
    page += dana.get("/standards").get_data(as_text=True) + dana.get("/standards/made").get_data(as_text=True)
    page += "".join(dana.get(f"/standards/made/X.{n}").get_data(as_text=True) for n in range(3))
    assert "&amp;lt;img src=x" in page
    assert "&lt;script&gt;alert" in page
    for harm in ("<img src=x", "<script>alert", "<svg onload", "<b> "):
        assert harm not in page, harm


def test_refusals_are_in_words_and_change_nothing(app: Flask, studio: Studio) -> None:
    dana, before = signed_in(app, "dana"), studio.content.tip()
    assert "not JSON" in look(dana, b"no")
    assert "another framework" in look(dana, packed(made(3)), "ccssm-2010")
    assert "small letters" in look(dana, packed(made(3)), "../../x")
    answer = send(dana, "/standards", "/standards/import", key="0" * 64, framework="made")
    assert "no longer here" in answer.get_data(as_text=True)
    assert studio.content.tip() == before


def test_a_code_that_would_name_another_item_is_said_before(app: Flask, studio: Studio) -> None:
    """Identity is edition, GUID and code: a bare code that changes its meaning within an edition does so before everybody's eyes."""
    dana = signed_in(app, "dana")
    import_framework(studio, who(studio, "dana"), packed(made(9)), "made")
    turned = made(9)
    one, other = turned["CFItems"][1], turned["CFItems"][2]
    one["humanCodingScheme"], other["humanCodingScheme"] = "X.2", "X.1"
    page = look(dana, packed(turned), "made")
    assert "2 codes would name another item than before (X.1, X.2)" in page
    assert "2 items have another code than before (X.1 is X.2, X.2 is X.1)" in page
    assert "than before" not in look(dana, packed(made(9)), "made")


def test_another_persons_file_is_not_there(app: Flask, studio: Studio) -> None:
    page = look(signed_in(app, "dana"), packed(made(3)))
    key = page.partition('name="key" value="')[2].partition('"')[0]
    answer = send(signed_in(app, "omar"), "/standards", "/standards/import", key=key, framework="made")
    assert "no longer here" in answer.get_data(as_text=True)
    ada = signed_in(app, "ada")
    assert "Bring a framework in" not in ada.get("/standards").get_data(as_text=True)
    assert send(ada, "/account", "/standards/import", key=key, framework="made").status_code == 404


def test_a_standards_page_shows_who_uses_it(app: Flask) -> None:
    ada = signed_in(app, "ada")
    page = ada.get("/standards/ccssm-2010/6.RP.A.1").get_data(as_text=True)
    for words in (
        "Taught in",
        "Practised in",
        "Introducing ratios",
        "It rests on",
        "5.NF.B.5",
        "<svg",
    ):
        assert words in page, words
    assert ada.get("/standards/ccssm-2010/6rp1").headers["Location"] == "/standards/ccssm-2010/6.RP.A.1"
    assert "The picture as a table" in page
    page = ada.get("/standards/ccssm-2010/7.RP.A.2?from=4.OA.A.2").get_data(as_text=True)
    assert "2 steps" in page
    assert page.count('<svg class="path"') == 2, "the path between the two is a picture too"
    assert "6.RP.A.1" in ada.get("/standards/ccssm-2010?q=6.rp.1").get_data(as_text=True)
    assert "Did you mean" in ada.get("/standards/ccssm-2010?q=6.RP.A.11").get_data(as_text=True)


def test_private_units_stay_private(app: Flask, studio: Studio) -> None:
    team = next(one for one in studio.teams.all() if one.name == "Fractions")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    studio.teams.own("ratiosu6", team.key, "p-test")
    ada, ben = signed_in(app, "ada"), signed_in(app, "ben")
    for address in ("/standards/ccssm-2010/6.RP.A.1", "/standards/ccssm-2010/export.case.json"):
        assert "Introducing ratios" not in ada.get(address).get_data(as_text=True)
        assert "Introducing ratios" in ben.get(address).get_data(as_text=True)


def test_the_export_is_strict_and_holds_what_lessons_claim(app: Flask) -> None:
    answer = signed_in(app, "ada").get("/standards/ccssm-2010/export.case.json")
    package = json.loads(answer.data)
    assert list(faults(package)) == []
    kinds = {link["associationType"] for link in package["CFAssociations"]}
    assert {"ext:addressing", "ext:assesses", "precedes"} <= kinds


def test_the_commands(tmp_path: Path) -> None:
    opened(tmp_path).close()
    work, file = tmp_path / "work", tmp_path / "made.json"
    file.write_bytes(packed(made(5)))

    def run(*arguments: str, code: int = 0) -> str:
        answer = CliRunner().invoke(main, ["standards", *arguments])
        assert answer.exit_code == code, answer.output
        return answer.output

    def brought(*more: str) -> list[int]:
        found = json.loads(run("import", str(work), str(file), "--json", *more))
        return [found[name] for name in names]

    names = ("items", "associations", "orphans", "external", "added", "changed", "removed")
    assert brought("--dry-run") == [5, 5, 0, 1, 5, 0, 0]
    assert brought() == [5, 5, 0, 1, 5, 0, 0]
    assert brought() == [5, 5, 0, 1, 0, 0, 0]
    out = tmp_path / "out.json"
    run("export", str(work), "--framework", "made", "--to", str(out))
    file.write_bytes(out.read_bytes())
    assert brought() == [5, 5, 0, 1, 0, 0, 0]
    with file.open("wb") as large:
        large.truncate(100_000_000)
    assert "larger than 10 MB" in json.loads(run("import", str(work), str(file), "--json", code=1))["error"]
    file.write_bytes(b"no")
    assert (
        json.loads(run("import", str(work), str(file), "--json", code=1))["error"]
        == "The package is not JSON."
    )
    assert "no such framework" in run("export", str(work), "--framework", "absent", code=1)
    one = open_studio(work)
    assert one.audit.entries(1)[0].actor == "p-shell"
    one.close()
