"""The way to the sites: a text is asked about, approved, goes stale by an edit, and is refused until it is approved again."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from curriculum_studio.actions.approvals import approval_of, closure, give_verdict, has_page, set_policy
from curriculum_studio.actions.history import restore_version
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.releases import publish_release, take_back
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.errors import EditConflict, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.review_tables import LookRow
from curriculum_studio.studio import Studio, open_studio
from tests.web.cast import LESSON, publish, send, signed_in, who

PATH = "grade-6/ratios/01-introducing-ratios.md"
APPROVAL = LESSON + "/approval"


def judge(studio: Studio, app: Flask, name: str, verdict: str = "approved", words: str = "") -> int:
    form = {"blob": studio.content.blob_id(PATH), "verdict": verdict, "words": words}
    return send(signed_in(app, name), APPROVAL, APPROVAL + "/verdict", **form).status_code


def need(studio: Studio, app: Flask) -> None:
    dana = signed_in(app, "dana")
    publish(dana)
    answer = send(dana, "/approvals", "/approvals/policy", needed="yes", teachers="1", researchers="1")
    assert answer.status_code == 303


def edit(studio: Studio, words: str) -> None:
    text = studio.snapshot()[PATH].decode()
    save_version(studio, who(studio, "ada"), PATH, text + words, studio.content.blob_id(PATH), "More")


def test_a_workspace_that_never_asked_publishes_as_ever(studio: Studio, app: Flask) -> None:
    edit(studio, "\nMore words.\n")
    assert "not approved" not in publish(signed_in(app, "dana"))


def test_an_edit_makes_an_approval_stale_and_stops_the_release(studio: Studio, app: Flask) -> None:
    need(studio, app)
    edit(studio, "\nOne more line.\n")
    dana = signed_in(app, "dana")
    shown = publish(dana)
    assert "lacks the approval of a teacher who did not write it and the approval of a researcher" in shown
    before = studio.content.published()
    assert judge(studio, app, "ben") == 303
    assert judge(studio, app, "carla") == 303
    assert '<span class="mark released">approved' in dana.get(APPROVAL).get_data(as_text=True)
    assert "Nothing was published" not in publish(dana)
    assert studio.content.published() != before
    edit(studio, "\nAnd another.\n")
    page = signed_in(app, "ben").get(APPROVAL).get_data(as_text=True)
    assert "approved an earlier wording" in page
    changed = signed_in(app, "ben").get(LESSON + "/since?from=approved&as=words").get_data(as_text=True)
    assert re.search(r"<ins>.*And another", changed, re.DOTALL)
    assert "It changed since" in publish(dana)


def test_each_person_sees_what_changed_since_their_own_last_visit_or_verdict(
    studio: Studio, app: Flask
) -> None:
    ben, carla = signed_in(app, "ben"), signed_in(app, "carla")

    def since(client: FlaskClient, start: str = "visit") -> str:
        page = client.get(f"{LESSON}/since?from={start}&as=words").get_data(as_text=True)
        return " ".join(re.findall(r"<ins>(?:<span[^>]*>.*?</span>)?(.*?)</ins>", page.partition('aria-label="How to show it"')[2], re.DOTALL))  # fmt: skip

    def later() -> None:
        """Their visits end: an hour goes by."""
        studio.looks.write()
        with studio.database.work() as work:
            work.execute(update(LookRow).values(at=LookRow.at - 3600))

    assert ben.get(LESSON).status_code == carla.get(LESSON).status_code == 200
    assert judge(studio, app, "ben") == 303
    later()
    edit(studio, "\nThe first line.\n")
    assert "The first line" in since(carla), "reading the lesson was her last visit"
    later()
    edit(studio, "\nThe second line.\n")
    assert "The second line" in since(carla)
    assert "The first line" not in since(carla)
    assert "The first line" in since(ben)
    assert "The second line" in since(ben)
    later()
    assert since(ben).strip() == "", "nothing is new for him"
    assert "The first line" in since(ben, "verdict"), "his verdict was on the words before both"
    assert "no verdict on this text yet" in carla.get(f"{LESSON}/since?from=verdict").get_data(as_text=True)
    later()
    text = studio.snapshot()[PATH].decode().replace("Students meet", "Whole classes meet")
    save_version(studio, who(studio, "ada"), PATH, text, studio.content.blob_id(PATH), "Other words")
    for show in ("in=two", "as=teacher"):
        assert "Whole classes" in ben.get(f"{LESSON}/since?{show}").get_data(as_text=True), show


def test_of_two_verdicts_in_one_second_the_newer_counts(studio: Studio, app: Flask) -> None:
    need(studio, app)
    edit(studio, "\nMore.\n")
    for _ in range(20):
        assert judge(studio, app, "ben", "changes", "Say it shorter.") == 303
        assert judge(studio, app, "ben") == 303
        assert approval_of(studio, PATH).standing.changes == ()


def test_a_picture_is_part_of_what_is_approved(studio: Studio, app: Flask) -> None:
    need(studio, app)
    edit(studio, "\nLine.\n")
    assert judge(studio, app, "ben") == judge(studio, app, "carla") == 303
    picture = "grade-6/ratios/figures/snowball.svg"
    content = studio.snapshot()[picture].replace(b"</svg>", b"<!-- --></svg>")
    studio.content.save([Change(picture, content, studio.content.blob_id(picture))], Author("Ada", "p-a"), "x", datetime.now(UTC))  # fmt: skip
    assert "It changed since" in publish(signed_in(app, "dana"))


def test_the_author_does_not_approve_for_the_teachers(studio: Studio, app: Flask) -> None:
    need(studio, app)
    edit(studio, "\nMine.\n")
    assert judge(studio, app, "ada") == judge(studio, app, "carla") == 303
    assert "lacks the approval of a teacher who did not write it" in publish(signed_in(app, "dana"))


def test_open_threads_and_an_old_page_hold_a_verdict_back(studio: Studio, app: Flask) -> None:
    carla = signed_in(app, "carla")
    review = LESSON + "/review"
    send(carla, review, review, act="comment", words="Nothing is calculated yet", text="Why?")
    assert judge(studio, app, "ben") == 409
    key = studio.reviews.everywhere()[0].key
    send(carla, review, f"/threads/{key}/close", reason="done")
    old = studio.content.blob_id(PATH)
    edit(studio, "\nNew.\n")
    form = {"blob": old, "verdict": "approved"}
    assert send(signed_in(app, "ben"), APPROVAL, APPROVAL + "/verdict", **form).status_code == 409
    assert judge(studio, app, "ben", "changes") == 409
    assert judge(studio, app, "ben", "changes", "Say it shorter.") == 303
    assert "changes requested" in carla.get(APPROVAL).get_data(as_text=True)


def test_every_reason_stands_on_one_page(studio: Studio, app: Flask) -> None:
    need(studio, app)
    edit(studio, "\nA line.\n")
    assert judge(studio, app, "carla") == 303
    edit(studio, "\nA line to a [page](no-such-page.md) that is gone.\n")
    assert judge(studio, app, "ben", "changes", "Say it shorter.") == 303
    review = LESSON + "/review"
    send(signed_in(app, "carla"), review, review, act="comment", words="Nothing is calculated yet", text="Why?")  # fmt: skip
    shown = signed_in(app, "dana").get("/publish").get_data(as_text=True)
    for reason in (
        "no-such-page.md",
        "Ben asks for changes.",
        "It lacks the approval of a teacher who did not write it and the approval of a researcher. It changed since Carla approved it.",
        "1 thread is open.",
    ):
        assert reason in shown, reason


def test_a_request_waits_on_the_home_page_until_it_is_answered(studio: Studio, app: Flask) -> None:
    ada, ben = signed_in(app, "ada"), signed_in(app, "ben")
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    form = {"person": who(studio, "ben").key, "question": "Is the order of words clear?", "due": day}
    assert send(ada, APPROVAL, APPROVAL + "/request", **form).status_code == 303
    home = ben.get("/").get_data(as_text=True)
    assert "asks for your review: Is the order of words clear?" in home
    assert f"Until {date.fromisoformat(day):%-d %B}." in home
    page = ada.get(APPROVAL).get_data(as_text=True)
    assert "in review" in page
    assert '<option value="rigor">Rigor in balance</option>' in page
    assert judge(studio, app, "ben") == 303
    assert "asks for your review: " not in ben.get("/").get_data(as_text=True), (
        "it is news, and waits no more"
    )
    assert not studio.approvals.requests()
    past = form | {"due": "2020-01-01"}
    assert send(ada, APPROVAL, APPROVAL + "/request", **past).status_code == 409


def test_who_may_not_judge_is_refused(studio: Studio, app: Flask) -> None:
    assert judge(studio, app, "gita") == 404
    assert judge(studio, app, "omar") == 404
    with pytest.raises(Refused):
        give_verdict(studio, who(studio, "gita"), PATH, studio.content.blob_id(PATH), "approved", "")
    assert send(signed_in(app, "ben"), "/account", "/approvals/policy", needed="no").status_code == 404


# The law ------------------------------------------------------------------------------------------------------

_SMALL = {
    "curriculum.md": b"---\nid: cccccccc\ntitle: Small\nformat: 1\n---\n\nA small one.\n",
    "u/unit.md": b"---\nid: uuuuuuuu\ntitle: Unit\ngrade: 6\nsections:\n  - title: One\n    lessons: [a, b]\n---\n\nWords.\n",
    "u/a.md": b"---\nid: aaaaaaaa\ntitle: A\n---\n\n## Lesson summary\n\nFirst words.\n",
    "u/b.md": b"---\nid: bbbbbbbb\ntitle: B\n---\n\n## Lesson summary\n\nSecond words.\n",
}


@pytest.mark.parametrize("seed", [3, 11])
def test_nothing_that_was_not_approved_is_ever_published(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Random edits, restores, pushes, verdicts, releases and ways back, against a book of approvals kept beside."""
    rng = random.Random(seed)
    folder = tmp_path_factory.mktemp("law") / "work"
    new_workspace(folder, _SMALL, samples=True)
    studio = open_studio(folder)
    try:
        people = {name: who(studio, name) for name in ("ada", "ben", "carla", "dana")}
        set_policy(studio, people["dana"], True, 1, 1)
        book: dict[str, dict[str, bool]] = {}
        refused = done = 0
        out = None
        for step in range(120):
            path = rng.choice(list(_SMALL))
            how = rng.random()
            try:
                if how < 0.2:
                    text = studio.snapshot()[path].decode()
                    text = text + f"\nStep {step}.\n" if rng.random() < 0.6 else _SMALL[path].decode()
                    save_version(studio, people["dana"], path, text, studio.content.blob_id(path), "x")
                elif how < 0.27:
                    old = rng.choice(studio.content.history(path))
                    restore_version(studio, people["dana"], path, old.id)
                elif how < 0.32:
                    blob = studio.content.blob_id(path)
                    studio.content.save([Change(path, studio.snapshot()[path] + b"\nPushed.\n", blob)], Author("X", "p-x"), "push", datetime.now(UTC))  # fmt: skip
                elif how < 0.82:
                    _judge(studio, people, book, rng, path)
                elif how < 0.95 or not studio.content.releases():
                    for one in _SMALL if rng.random() < 0.7 else ():
                        _judge(studio, people, book, rng, one, everybody=True)
                    publish_release(studio, people["dana"], "x")
                    done += 1
                else:
                    take_back(studio, people["dana"], rng.choice(studio.content.releases()).id)
                    done += 1
            except (Refused, EditConflict):
                refused += 1
            if studio.content.published() != out:
                out = studio.content.published()
                _check(studio, book, seed, step)
        assert refused, seed
        assert done, f"seed {seed}: nothing was ever published, so nothing was shown"
    finally:
        studio.close()


def _judge(studio: Studio, people: dict[str, Person], book: dict[str, dict[str, bool]], rng: random.Random, path: str, *, everybody: bool = False) -> None:  # fmt: skip
    snapshot, curriculum = studio.curriculum()
    bound = closure(snapshot, curriculum, path)
    for name in sorted(people) if everybody else rng.sample(sorted(people), 3):
        said = "approved" if rng.random() < (0.99 if everybody else 0.9) else "changes"
        give_verdict(studio, people[name], path, snapshot.blob(path), said, "why")  # type: ignore[arg-type]
        book.setdefault(bound, {})[name] = said == "approved"


def _check(studio: Studio, book: dict[str, dict[str, bool]], seed: int, step: int) -> None:
    """What a release has just put out is approved, by the book, of its very words."""
    released = studio.content.published()
    if released is None:
        return
    snapshot, curriculum = studio.curriculum(released)
    for path in curriculum.facts:
        assert has_page(curriculum, path), path
        given = book.get(closure(snapshot, curriculum, path), {})
        lead = curriculum.facts[path].kind in ("unit", "curriculum")
        whole = given.get("dana") if lead else given.get("carla") and (given.get("ada") or given.get("ben"))
        assert whole, f"seed {seed}, step {step}: {path} was published with {given}"
        assert all(given.values()), f"seed {seed}, step {step}: {path} was published with {given}"
