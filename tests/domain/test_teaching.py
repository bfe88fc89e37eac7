"""Teaching logs: what can be kept, what is counted, and which flags follow from how many logs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.teaching import Log, PartLog, Timed, checked, signs_of_teaching, sums, weight_of

TODAY = date(2026, 11, 25)
WARM, MAIN = Timed("warm", "Warm-up", 8), Timed("sweeter", "Activity 1: Which one is sweeter?", 17)


def log(
    person: str = "p-a", warm: PartLog | None = None, main: PartLog | None = None, happened: str = ""
) -> Log:
    parts = (warm or PartLog(WARM), main or PartLog(MAIN))
    return Log("0" * 32, person, "t4w8n2xc", "The same taste", "b", "2026-11-25", parts, happened, at=1)


def test_what_says_nothing_or_too_much_is_not_kept() -> None:
    for bad in (
        log(),
        log(happened="x" * 2001),
        log(main=PartLog(MAIN, 241)),
        log(main=PartLog(MAIN, None, "changed", "time", "x" * 401)),
        replace(log(happened="x"), key="short"),
        replace(log(happened="x"), key="<script>" * 5),
        replace(log(happened="x"), day="yesterday"),
        replace(log(happened="x"), day=(TODAY + timedelta(days=2)).isoformat()),
    ):
        with pytest.raises(Refused):
            checked(bad, TODAY)
    # A device on the other side of the world already has the next day.
    assert checked(replace(log(happened="x"), day="2026-11-26"), TODAY).day == "2026-11-26"


def test_what_was_left_out_took_no_minutes_and_what_was_as_written_needs_no_reason() -> None:
    kept = checked(
        log(
            warm=PartLog(WARM, 8, "written", "time", "why"),
            main=PartLog(MAIN, 12, "skipped", "nonsense", " no time "),
        ),
        TODAY,
    )
    assert kept.parts[0] == PartLog(WARM, 8, "written")
    assert kept.parts[1] == PartLog(MAIN, None, "skipped", "", "no time")


@pytest.mark.parametrize(
    "words",
    [
        "Ask maria.lopez@example.org about it", "Her number is 20261147", "Call 555-201-8876", "Born 3/14/2014, so very young", "We saw that Maria drew batches",
    ],
)  # fmt: skip
def test_what_could_lead_to_a_student_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="Nothing was kept"):
        checked(log(happened=words), TODAY)
    with pytest.raises(Refused, match="Nothing was kept"):
        checked(log(main=PartLog(MAIN, None, "changed", "", words)), TODAY)


def test_names_of_the_lesson_and_plain_sentences_are_kept() -> None:
    for words in (
        "Most of them drew. Two pairs used 4 and 10, 17 of 24 were right; about 1/2 of the time on Tuesday.",
        "They liked what Camille says. I let Camille's idea stand until the end.",
        "Drew A and B, then the MLR7 routine in Spanish.",
    ):
        assert checked(log(happened=words), TODAY, frozenset({"camille"})).happened == words
    assert checked(log(happened="We saw that Maria drew"), TODAY, sure=True)
    with pytest.raises(Refused):
        checked(log(happened="Write to maria@example.org"), TODAY, sure=True)


def over(person: str, minutes: int) -> Log:
    return log(person, main=PartLog(MAIN, minutes, "written"))


def test_an_overrun_needs_three_logs_of_two_teachers_and_a_real_difference() -> None:
    def rules(*logs: Log) -> list[str]:
        return [one.rule for one in signs_of_teaching(logs)]

    assert not rules(over("p-a", 30), over("p-b", 30))
    assert not rules(over("p-a", 30), over("p-a", 30), over("p-a", 30))
    assert rules(over("p-a", 30), over("p-b", 25), over("p-a", 10)) == ["overrun"]
    assert not rules(over("p-a", 21), over("p-b", 21), over("p-a", 21))
    sign = next(signs_of_teaching([over("p-a", 30), over("p-b", 25), over("p-a", 10)]))
    assert (
        sign.words
        == "“Activity 1: Which one is sweeter?”: 3 shared logs, 25 minutes in the middle, 17 planned."
    )
    assert "p-" not in sign.words
    # Two minutes over a plan of four are no overrun, however large the share.
    short = Timed("short", "Warm-up", 4)
    few = [log(who, warm=PartLog(short, 6)) for who in ("p-a", "p-b", "p-c")]
    assert not rules(*few)


def test_frequent_adaptation_counts_what_was_said() -> None:
    changed = [log(who, main=PartLog(MAIN, None, "changed", "time")) for who in ("p-a", "p-b")]
    silent = log("p-c", warm=PartLog(WARM, 8))
    assert not list(signs_of_teaching([*changed, silent]))
    signs = list(signs_of_teaching([*changed, log("p-c", main=PartLog(MAIN, None, "written"))]))
    assert [(one.rule, one.part) for one in signs] == [("frequent-adaptation", "sweeter")]
    assert (
        signs[0].words
        == "“Activity 1: Which one is sweeter?”: changed or left out in 2 of 3 shared logs (too little time: 2)."
    )


def test_sums_say_how_many_they_are_made_of() -> None:
    logs = [over("p-a", 20), over("p-b", 26), log("p-c", warm=PartLog(WARM, None, "skipped"))]
    warm, main = sums(logs)
    assert (warm.logs, warm.skipped, warm.middle, warm.reasons) == (1, 1, None, (("not said", 1),))
    assert (main.logs, main.minutes, main.middle) == (2, (20, 26), 23)
    assert "one room" in weight_of(logs[:1])
    assert "too few" in weight_of(logs[:2])
    assert "3 logs are shared, by 3 teachers" in weight_of(logs)
    assert logs[0].minutes == (17, 20)


def test_a_log_tells_of_a_whole_lesson_only_where_it_says_all_of_it() -> None:
    def whole(warm: PartLog, main: PartLog) -> int | None:
        return log(warm=warm, main=main).whole

    assert whole(PartLog(WARM, 9), PartLog(MAIN, 20, "changed")) == 29
    assert whole(PartLog(WARM, None, "written"), PartLog(MAIN, 20)) == 28
    assert whole(PartLog(WARM, None, "skipped"), PartLog(MAIN, 20)) == 20
    assert whole(PartLog(WARM), PartLog(MAIN, 20)) is None
    assert whole(PartLog(WARM, None, "changed"), PartLog(MAIN, 20)) is None
    # As written, where the text does not say how long.
    assert whole(PartLog(Timed("w", "W", 0), None, "written"), PartLog(MAIN, 20)) is None
    assert replace(log(), parts=()).whole is None
