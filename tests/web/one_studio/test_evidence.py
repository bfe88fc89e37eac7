"""Results through HTTP and the command line: what comes in, what is refused and leaves no trace, what is shown."""

from __future__ import annotations

import csv
import io
import json
import logging
import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from curriculum_studio.actions.evidence import bring_results_back, take_in_results
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.cli import main
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.item_report import report
from curriculum_studio.studio import Studio
from tests.formats.identity_files import bad_files
from tests.web.cast import signed_in, token_of

MID = "mid6ratio"
MID_PATH = "grade-6/ratios/assessments/mid-unit.md"


def rows(seed: int, n: int = 120, heads: str = "row,q1,q2,q3") -> bytes:
    draw, lines = random.Random(seed), [heads]
    for number in range(n):
        skill = draw.random()
        lines.append(
            f"{number + 1},{'A' if draw.random() < skill else draw.choice('BC')},{'B' if draw.random() < skill else draw.choice('AAC')},{min(3, int(4 * skill))}"
        )
    return ("\n".join(lines) + "\n").encode()


def odd(seed: int) -> bytes:
    """Results whose first heading is the wording of a question."""
    lines = rows(seed, heads="row,Which sentence about this band is true and why so,q2,q3").split(b"\n")
    return b"\n".join(line.rpartition(b",")[0] for line in lines if line)


def upload(client: FlaskClient, content: bytes, text: str = MID, name: str = "table.csv") -> TestResponse:
    form = {
        "csrf_token": token_of(client, "/evidence/new"),
        "text": text,
        "file": (io.BytesIO(content), name),
    }
    return client.post("/evidence/look", data=form, content_type="multipart/form-data")


def fields(page: str) -> dict[str, str]:
    """What the form on the page would send as it stands."""

    found = dict(re.findall(r'name="([a-z_-]+)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return {key: value for key, value in found.items() if key != "do"}


def everything(folder: Path) -> bytes:
    """Every byte under a folder, names of files included."""
    return b"".join(str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_files_with_identities_leave_no_trace(
    studio: Studio,
    app: Flask,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ninety files through the screen: all refused; no value of theirs in the answer, the folder, the database or the log."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    ada, secrets, before = signed_in(app, "ada"), set(), len(studio.evidence.all())
    for bad in bad_files(77, 90):
        answer = upload(ada, bad.content, name=f"{bad.secrets[0][:20]}.csv".replace("/", "-"))
        assert answer.status_code == 400, bad.why
        page = answer.get_data(as_text=True)
        assert "refused whole" in page
        assert not [one for one in bad.secrets if len(one) > 3 and one in page], bad.why
        secrets |= {one for one in bad.secrets if len(one) > 5}
    assert len(secrets) > 300
    assert len(studio.evidence.all()) == before
    told = "".join(capfd.readouterr()) + caplog.text
    kept = everything(studio.settings.folder) + everything(tmp_path)
    assert not [
        one for one in secrets if one in told or one.encode() in kept or one.encode("utf-16-le") in kept
    ]


def test_the_command_refuses_and_repeats_nothing(studio: Studio, tmp_path: Path) -> None:
    bad = next(bad_files(5, 1))
    file = tmp_path / "Maria-Lopez.csv"
    file.write_bytes(bad.content)
    for options in ([], ["--json"], ["--assessment", MID], ["--dry-run"]):
        done = CliRunner().invoke(
            main, ["results", "import", str(studio.settings.folder), str(file), *options]
        )
        assert done.exit_code == 1
        assert "refused whole" in done.output
        assert not [one for one in (*bad.secrets, "Maria-Lopez") if one in done.output]
    # Identity comes before every question: no assessment was named above.
    document = json.loads(
        CliRunner()
        .invoke(main, ["results", "import", str(studio.settings.folder), str(file), "--json"])
        .stdout
    )
    assert {one["code"][:8] for one in document["findings"]} == {"results-"}


def test_a_missing_assessment_is_a_question(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "good.csv"
    file.write_bytes(rows(1))
    done = CliRunner().invoke(main, ["results", "import", str(studio.settings.folder), str(file)])
    assert done.exit_code == 1
    assert "Which text are these results about?" in done.stderr
    assert MID in done.stderr
    odd = tmp_path / "odd.csv"
    odd.write_bytes(rows(1, heads="row,q1,q2,question 99"))
    asked = CliRunner().invoke(
        main, ["results", "import", str(studio.settings.folder), str(odd), "--assessment", MID]
    )
    assert asked.exit_code == 1
    assert "column 4" in asked.stderr
    dry = CliRunner().invoke(
        main,
        [
            "results",
            "import",
            str(studio.settings.folder),
            str(odd),
            "--assessment",
            MID,
            "--columns",
            "4=q3",
            "--dry-run",
            "--json",
        ],
    )
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.stdout)["items"] == ["q1", "q2", "q3"]
    assert not studio.evidence.all()


def test_results_are_bound_to_the_version_that_was_taught(studio: Studio, app: Flask) -> None:
    ada, me = signed_in(app, "ada"), studio.people.by_account("ada").person
    text = studio.snapshot()[MID_PATH].decode()
    blob = studio.snapshot().blob(MID_PATH)
    answer = upload(ada, rows(2))
    page = answer.get_data(as_text=True)
    assert "Nothing in the file leads to a student" in page
    done = ada.post("/evidence/take", data={**fields(page), "do": "take", "taken": "2026-10", "classes": "5"})
    assert done.status_code == 303, done.get_data(as_text=True)
    found = studio.evidence.all(MID)[0]
    assert (found.blob, found.taken, found.year, found.classes) == (blob, "2026-10", "2026-27", 5)
    assert not list((studio.settings.folder / "incoming").glob("*"))
    shown = ada.get(done.headers["Location"]).get_data(as_text=True)
    assert "m-additive" in shown
    # The text goes on; what students had stays what it was, key and misconceptions included.
    save_version(
        studio,
        me,
        MID_PATH,
        text.replace("{misconception=m-additive}", "{misconception=m-gap}", 1),
        blob,
        "Another name",
    )
    again = ada.get(done.headers["Location"]).get_data(as_text=True)
    assert "m-additive" in again
    assert "m-gap" not in again


def test_columns_are_asked_once(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    page = upload(ada, odd(3)).get_data(as_text=True)
    assert "Say which problem" in page
    form = fields(page)
    assert form["column-1"] == ""
    second = ada.post("/evidence/take", data={**form, "column-1": "q1", "do": "look"}).get_data(as_text=True)
    assert "Bring it in" in second
    assert (
        ada.post("/evidence/take", data={**fields(second), "do": "take", "taken": "2026-10"}).status_code
        == 303
    )
    third = upload(ada, odd(4)).get_data(as_text=True)
    assert "Bring it in" in third
    assert studio.evidence.columns(MID, 2) == ["q1", "q2"]


def test_answers_that_a_problem_cannot_have_are_named(app: Flask) -> None:
    ada = signed_in(app, "ada")
    answer = upload(ada, b"row,q1,q2,q3\n" + b"".join(b"%d,E,B,2\n" % n for n in range(1, 40)))
    assert answer.status_code == 400
    assert "Problem q1 has no such answer" in answer.get_data(as_text=True)


def test_small_numbers_are_hidden_on_the_page_and_in_the_table(studio: Studio, app: Flask) -> None:
    dana = studio.people.by_account("dana").person
    content = b"item,choice,count\nq1,A,61\nq1,B,23\nq1,C,7\nq2,B,200\nq2,A,3\nq2,C,4\nq5,A,5\nq5,B,2\n"
    made = take_in_results(studio, dana, content, MID, taken="2026-09").set
    assert made is not None
    client = signed_in(app, "ben")
    page = client.get(f"/evidence/results/{made.key}").get_data(as_text=True)
    # No answer is hidden beside the others, whether there was any or not.
    assert page.count("hidden</span>") == 6
    assert "at least 198" in page
    assert "Fewer than 10 students answered" in page
    table = list(
        csv.DictReader(
            io.StringIO(client.get(f"/evidence/results/{made.key}/table.csv").get_data(as_text=True))
        )
    )
    counts = {(row["item"], row["answer"]): row["count"] for row in table}
    assert counts[("q1", "A")] == "61"
    assert [counts[("q1", mark)] for mark in "BC"] == ["", ""]
    assert {row["n"] for row in table if row["item"] == "q5"} == {""}
    dictionary = {
        row["column"]
        for row in csv.DictReader(io.StringIO(client.get("/evidence/dictionary.csv").get_data(as_text=True)))
    }
    assert dictionary == set(table[0])


def test_the_table_has_the_figures_of_the_page_and_chance_is_no_verdict(studio: Studio, app: Flask) -> None:
    """Forty students; q1 goes with q2 by −0.10, which chance can do: no word against the problem."""
    dana = studio.people.by_account("dana").person
    rows = ["B,B"] * 9 + ["B,A"] * 11 + ["A,B"] * 11 + ["A,A"] * 9
    content = "\n".join(["q1,q2", *rows, ""]).encode()
    made = take_in_results(studio, dana, content, "end6ratio", taken="2026-05").set
    assert made is not None
    client = signed_in(app, "ben")
    page = client.get(f"/evidence/results/{made.key}").get_data(as_text=True)
    assert "<strong>−0.10</strong>" in page
    assert "(95 % interval −0.40 to 0.22)" in page
    assert "but with so few students that can be chance." in page
    assert "look at the key" not in page
    assert "those of one class are alike" in page
    table = client.get(f"/evidence/results/{made.key}/table.csv").get_data(as_text=True)
    first = next(csv.DictReader(io.StringIO(table)))
    assert (first["discrimination"], first["discrimination_low_95"], first["discrimination_high_95"]) == (
        "-0.1", "-0.4", "0.22",
    )  # fmt: skip
    assert (first["difficulty"], first["difficulty_low_95"], first["difficulty_high_95"]) == (
        "0.5", "0.352", "0.648",
    )  # fmt: skip
    assert (first["difficulty_least"], first["difficulty_most"], first["mean"]) == ("0.5", "0.5", "1.0")
    assert "1.0 of 2 points" in page


def test_an_empty_file_is_called_empty_and_money_stays_money(app: Flask) -> None:
    client = signed_in(app, "ada")
    assert "There is nothing in this file." in upload(client, b"").get_data(as_text=True)
    page = upload(client, b"item,choice,count\nq4,0,300\n").get_data(as_text=True)
    assert "4 pounds of shrimp cost $34. What does" in page
    assert ", 1 line." in page


def test_a_problem_of_one_point_has_one_interval(studio: Studio) -> None:
    """The share of those who got its one point is its difficulty: both have the same interval."""
    dana = studio.people.by_account("dana").person
    made = take_in_results(studio, dana, b"item,choice,count\nq4,0,130\nq4,1,131\n", MID).set
    assert made is not None
    (item,) = report(made).items
    point = next(one for one in item.answers if one.mark == "1")
    assert item.difficulty is not None
    assert point.share is not None
    assert item.difficulty.interval == point.share.interval


def test_the_same_results_keep_their_mask_and_a_few_more_are_refused(studio: Studio) -> None:
    dana = studio.people.by_account("dana").person
    first = b"item,choice,count\nq5,A,60\nq5,B,31\n"
    made = take_in_results(studio, dana, first, MID, taken="2026-09").set
    assert made is not None
    with pytest.raises(Refused, match="in already"):
        take_in_results(studio, dana, first, MID, taken="2026-11")
    with pytest.raises(Refused, match="fewer than ten"):
        take_in_results(studio, dana, b"item,choice,count\nq5,A,63\nq5,B,31\n", MID)
    studio.evidence.withdraw(made.key, dana.key)
    # Withdrawn is not forgotten: what was shown of it still counts.
    with pytest.raises(Refused, match="fewer than ten"):
        take_in_results(studio, dana, b"item,choice,count\nq5,A,63\nq5,B,31\n", MID)
    again = take_in_results(studio, dana, first, MID, taken="2026-09").set
    assert again is not None
    assert again.masks == made.masks


def test_a_cool_down_sorted_into_piles(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    content = b"item,choice,count\nlemonade,right,34\nlemonade,m-add-both,19\nlemonade,other,11\n"
    page = upload(ada, content, "t4w8n2xc").get_data(as_text=True)
    done = ada.post("/evidence/take", data={**fields(page), "do": "take", "taken": "2026-11"})
    assert done.status_code == 303, done.get_data(as_text=True)
    shown = ada.get(done.headers["Location"]).get_data(as_text=True)
    assert ">Adding the same to both</a>" in shown
    assert ">m-add-both" not in shown
    assert "/units/grade-6/ratios/02-same-taste#m-add-both" in shown
    assert "53 %" in shown
    # The names of the piles stand beside the form, and in a table to be filled in.
    sample = ada.get("/evidence/samples/piles.csv?text=t4w8n2xc").get_data(as_text=True).split("\r\n")
    assert sample[:3] == ["item,choice,count", "lemonade,right,", "lemonade,m-add-both,"]
    assert "The ratio turned round" in ada.get("/evidence/new?text=t4w8n2xc").get_data(as_text=True)
    assert "lemonade,right,34" in ada.get("/evidence/samples/piles.csv?text=none").get_data(as_text=True)


def test_who_brought_results_in_withdraws_them(studio: Studio, app: Flask) -> None:
    ada = studio.people.by_account("ada").person
    made = take_in_results(studio, ada, rows(9), MID, taken="2026-11").set
    assert made is not None
    ben, own = signed_in(app, "ben"), signed_in(app, "ada")
    address = f"/evidence/results/{made.key}/withdraw"
    assert ben.post(address, data={"csrf_token": token_of(ben, "/account")}).status_code == 409
    assert own.post(address, data={"csrf_token": token_of(own, "/account")}).status_code == 303
    assert own.get(f"/evidence/results/{made.key}").status_code == 404
    omar = signed_in(app, "omar")
    assert omar.get("/evidence/new").status_code == 404
    # What was withdrawn comes back, for whoever may withdraw it; but not beside the same table brought in again.
    address = f"/evidence/results/{made.key}/back"
    assert "Undo this" in own.get(f"/evidence?did=withdrawn&undo={made.key}").get_data(as_text=True)
    assert "Withdrawn (" in own.get("/evidence").get_data(as_text=True)
    assert address not in ben.get("/evidence").get_data(as_text=True)
    assert ben.post(address, data={"csrf_token": token_of(ben, "/account")}).status_code == 404
    assert own.post(address, data={"csrf_token": token_of(own, "/account")}).status_code == 303
    page = own.get(f"/evidence/results/{made.key}?did=back").get_data(as_text=True)
    assert "count again" in page
    record = omar.get("/record").get_data(as_text=True)
    assert "brought withdrawn results back: Ratios so far, November 2026" in record
    assert made.key not in record
    studio.evidence.withdraw(made.key, ada.key)
    again = take_in_results(studio, ada, rows(9), MID, taken="2026-11").set
    assert again is not None
    with pytest.raises(Refused, match="in already"):
        bring_results_back(studio, ada, made.key)


def test_nothing_of_results_reaches_a_site(studio: Studio, tmp_path: Path) -> None:
    """The sites are made from the texts alone: with results in the database every edition has the same bytes."""
    from curriculum_studio.domain.kinds import EDITIONS
    from curriculum_studio.publishing.build import publish

    publish(studio.snapshot(), tmp_path / "site", list(EDITIONS))
    built = everything(tmp_path / "site")
    assert studio.evidence.all()
    assert not [one for one in studio.evidence.all() if one.key.encode() in built]
