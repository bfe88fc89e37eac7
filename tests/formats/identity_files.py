"""Files of results that could say who a student is, made at random from a seed: each is to be refused whole."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = (
    "Maria",
    "José",
    "Nguyễn",
    "DeShawn",
    "Aoife",
    "李伟",
    "Fatima",
    "O'Neil",
    "Jean-Luc",
    "Zoë",
    "محمد",
    "Priya",
    "Ana María",
    "Björn",
)
LAST = (
    "Lopez",
    "García",
    "Thibodeaux",
    "Nguyen",
    "O'Brien",
    "Smith-Jones",
    "van der Berg",
    "Oluwaseun",
    "Kowalski",
    "Broussard",
)
HEADINGS = {
    "name": ("Name", "Student", "student_name", "Last Name", "First", "Nombre", "Apellidos", "StudentName", "pupil", "Alumno", "Username", "Initials", "الاسم"),
    "number": ("ID", "Student ID", "SSN", "LASID", "Number", "Matrícula", "phone", "State ID", "UID"),
    "email": ("Email", "E-mail", "email address", "Correo", "Mail"),
    "date": ("DOB", "Birthday", "date of birth", "Fecha", "Timestamp", "Age", "Nacimiento"),
    "group": ("Teacher", "School", "Class", "Period", "Homeroom", "Maestra"),
    "trait": ("Gender", "Race", "IEP", "ELL", "Lunch status", "Home language", "Address"),
    "words": ("Comment", "Explanation", "Notes", "Feedback", "Comentarios"),
}  # fmt: skip
_SENTENCES = (
    "I think you add 2 to both",
    "porque se multiplica por dos",
    "she said it is the same",
    "because 3 is more",
    "no sé, adiviné",
)


@dataclass(frozen=True)
class Bad:
    """A file, what makes it bad, and values that may afterwards stand nowhere."""

    content: bytes
    why: str
    secrets: tuple[str, ...]


def bad_files(seed: int, count: int) -> Iterator[Bad]:
    """So many files; the same for the same seed."""
    draw = random.Random(seed)
    makers = (
        _extra_column,
        _as_code,
        _in_an_answer,
        _as_headings,
        _hidden_line,
        _in_counts,
        _in_answers,
        _only_once,
        _email_login,
    )
    for number in range(count):
        yield makers[number % len(makers)](draw)


def _value(draw: random.Random, kind: str) -> str:
    first, last = draw.choice(FIRST), draw.choice(LAST)
    if kind == "name":
        return draw.choice(
            (
                f"{first} {last}",
                f"{last}, {first}",
                f"{first} {last[0]}.",
                first.upper() + " " + last.upper(),
                first + last,
            )
        )
    if kind == "number":
        return draw.choice(
            (
                f"{draw.randrange(10**6, 10**9)}",
                f"S{draw.randrange(10**5, 10**7)}",
                f"{draw.randrange(100, 999)}-{draw.randrange(10, 99)}-{draw.randrange(1000, 9999)}",
            )
        )
    if kind == "email":
        return f"{first.encode('ascii', 'ignore').decode().replace(' ', '') or 'x'}.{last.split()[0].encode('ascii', 'ignore').decode()}@school.example".casefold()
    if kind == "date":
        year, month, day = draw.randrange(2008, 2018), draw.randrange(1, 13), draw.randrange(1, 29)
        return draw.choice(
            (
                f"{year}-{month:02d}-{day:02d}",
                f"{month}/{day}/{year}",
                f"{day}.{month}.{year % 100:02d}",
                f"Mar {day}, {year}",
            )
        )
    if kind == "group":
        return draw.choice((f"Ms. {last}", f"Period {draw.randrange(1, 8)} Algebra", f"{last} Middle School"))
    if kind == "trait":
        return draw.choice(("Female", "Hispanic", "Spanish", "IEP since 2024", "Free lunch"))
    return f"{draw.choice(_SENTENCES)} {draw.randrange(100)}"


def _rows(draw: random.Random, n: int, items: int) -> list[list[str]]:
    return [[str(row + 1), *(draw.choice("ABCD") for _ in range(items))] for row in range(n)]


def _text(draw: random.Random, rows: list[list[str]]) -> bytes:
    mark = draw.choice((",", ";", "\t"))
    cell = lambda one: f'"{one}"' if any(c in one for c in (mark, '"', ",")) else one  # noqa: E731
    text = draw.choice(("\n", "\r\n")).join(mark.join(map(cell, row)) for row in rows) + "\n"
    return text.encode(draw.choice(("utf-8", "utf-8-sig", "utf-16")))


def _extra_column(draw: random.Random) -> Bad:
    """A column of its own, with its usual heading."""
    kind = draw.choice(list(HEADINGS))
    heading, rows = draw.choice(HEADINGS[kind]), _rows(draw, draw.randrange(12, 40), 4)
    values = [_value(draw, kind) for _ in rows]
    at = draw.randrange(0, 6)
    table = [["row", "q1", "q2", "q3", "q4"], *rows]
    for row, value in zip(table, [heading, *values], strict=True):
        row.insert(at, value)
    return Bad(_text(draw, table), f"a column {heading}", tuple(values))


def _as_code(draw: random.Random) -> Bad:
    """In place of running numbers."""
    kind = draw.choice(("name", "number", "email"))
    rows = _rows(draw, draw.randrange(12, 40), 3)
    values = [_value(draw, kind) for _ in rows]
    for row, value in zip(rows, values, strict=True):
        row[0] = value
    return Bad(
        _text(draw, [[draw.choice(("row", "code", "")), "q1", "q2", "q3"], *rows]),
        f"{kind} as code",
        tuple(values),
    )


def _in_an_answer(draw: random.Random) -> Bad:
    """Under the harmless heading of a problem, all the way down."""
    kind = draw.choice(list(HEADINGS))
    rows = _rows(draw, draw.randrange(12, 40), 3)
    values = [_value(draw, kind) for _ in rows]
    for row, value in zip(rows, values, strict=True):
        row[2] = value
    return Bad(_text(draw, [["row", "q1", "q2", "q3"], *rows]), f"{kind} under q2", tuple(values))


def _as_headings(draw: random.Random) -> Bad:
    """A table on its side: students are the columns."""
    names = [_value(draw, draw.choice(("name", "email"))) for _ in range(6)]
    rows = [[f"q{n + 1}", *(draw.choice("ABCD") for _ in names)] for n in range(5)]
    return Bad(_text(draw, [["item", *names], *rows]), "students as columns", tuple(names))


def _hidden_line(draw: random.Random) -> Bad:
    """A remark between the lines, or behind the last column."""
    rows, secret = _rows(draw, 30, 3), _value(draw, draw.choice(("name", "group", "words")))
    at = draw.randrange(0, 30)
    if draw.random() < 0.5:
        rows[at].append(secret)
    else:
        rows.insert(at, [secret, "", "", ""])
    return Bad(_text(draw, [["row", "q1", "q2", "q3"], *rows]), "a remark", (secret,))


def _in_counts(draw: random.Random) -> Bad:
    kind = draw.choice(("name", "email", "words", "number"))
    secret = _value(draw, kind)
    rows = [[f"q{n}", mark, str(draw.randrange(10, 60))] for n in range(1, 4) for mark in "ABC"]
    rows[draw.randrange(len(rows))][draw.randrange(0, 2)] = secret
    return Bad(_text(draw, [["item", "choice", "count"], *rows]), f"{kind} among counts", (secret,))


def _in_answers(draw: random.Random) -> Bad:
    secret = _value(draw, draw.choice(("name", "email", "number", "date")))
    rows = [[str(n), f"q{m}", draw.choice("ABCD")] for n in range(1, 15) for m in range(1, 4)]
    rows[draw.randrange(len(rows))][draw.randrange(0, 3)] = secret
    return Bad(_text(draw, [["row", "item", "answer"], *rows]), "among single answers", (secret,))


def _only_once(draw: random.Random) -> Bad:
    """One cell among thousands."""
    rows, secret = (
        _rows(draw, 3000, 4),
        _value(draw, draw.choice(("name", "email", "date", "words", "number"))),
    )
    rows[draw.randrange(3000)][draw.randrange(1, 5)] = secret
    return Bad(_text(draw, [["row", "q1", "q2", "q3", "q4"], *rows]), "one cell of 12,000", (secret,))


def _email_login(draw: random.Random) -> Bad:
    """Codes that look thrown away and are not: initials with a birthday, a number of the district with a letter before it."""
    rows = _rows(draw, 25, 3)
    values = []
    for row in rows:
        row[0] = draw.choice(
            (
                f"{draw.choice('ABCDEFG')}{draw.choice('KLMN')}{draw.randrange(101, 1231):04d}",
                f"x{draw.randrange(100000, 999999)}",
            )
        )
        values.append(row[0])
    return Bad(_text(draw, [["code", "q1", "q2", "q3"], *rows]), "codes that lead somewhere", tuple(values))
