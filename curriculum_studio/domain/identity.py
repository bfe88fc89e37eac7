"""What in a table of results could say who a student is: by the headings of its columns and by what stands in its cells.

The rule is to let through what is known to be harmless and to refuse all else. What is recognised as a name, a number or
a date only makes the reason plainer; a cell that is nothing in particular is refused as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

BLANKS = frozenset({"", "-", "–", ".", "na", "n/a", "blank", "omit", "omitted", "none"})
"""How a cell says that there was no answer."""
SCORED = frozenset({"right", "wrong", "correct", "incorrect", "true", "false", "yes", "no", "other"})
"""Words that say how an answer was judged."""
CODE_HEADINGS = frozenset(
    {"", "row", "rows", "code", "codes", "line", "fila", "codigo", "case", "ticket", "nr"}
)
TOTAL_HEADINGS = frozenset(
    {"total", "score", "sum", "points", "total score", "total points", "puntos", "suma"}
)
ITEM_HEADINGS = frozenset({"item", "question", "problem", "pregunta", "problema", "part"})
ANSWER_HEADINGS = frozenset(
    {"choice", "answer", "response", "mark", "points", "pile", "respuesta", "opcion", "puntos"}
)
COUNT_HEADINGS = frozenset({"count", "counts", "frequency", "n", "how many", "cantidad", "cuantos"})

_KINDS: Mapping[str, str] = {
    "name": "name names nombre nombres apellido apellidos surname surnames first last middle student students pupil pupils "
    "learner child alumno alumna alumnos estudiante estudiantes initial initials iniciales nickname preferred who "
    "user username login account اسم الاسم الطالب",
    "number": "id ids sid ssn uid uuid guid osis lasid sasid perm permid matricula expediente phone telephone telefono "
    "mobile cell number num numero identifier identification lunchnumber badge رقم",
    "email": "email emails mail mails correo",
    "date": "birth birthday birthdate dob nacimiento born age edad date dates fecha timestamp time day submitted started "
    "finished duration تاريخ",
    "group": "class classes classroom section period school schools teacher teachers district campus homeroom room group "
    "course clase escuela maestro maestra docente profesor profesora hora grupo",
    "trait": "gender sex race ethnicity iep ell eld esl lep el frl lunch disability sped gifted migrant homeless language home "
    "address street zip parent guardian mother father sexo genero raza idioma direccion padre madre income status",
    "words": "comment comments note notes explanation explain feedback reason reasons remark remarks text essay comentario "
    "comentarios nota notas explicacion observation observations",
}
_HEADING_WORDS = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_STARTS = (
    ("student", "name"), ("pupil", "name"), ("alumn", "name"), ("estudiant", "name"), ("surname", "name"),
    ("firstname", "name"), ("lastname", "name"), ("fullname", "name"), ("dateof", "date"), ("birth", "date"),
    ("email", "email"), ("teacher", "group"), ("school", "group"),
)  # fmt: skip
_ITEM_WORDS = (
    "q|p|i|a|b|c|d|item|items|question|problem|pregunta|problema|task|part|exit|quiz|frage|aufgabe|prob|ques"
)
_ITEM_LABEL = re.compile(rf"(?:(?:{_ITEM_WORDS}) ?)?\d{{1,3}} ?[a-h]?")
_FIXED_LABELS = frozenset({"cool down", "cooldown", "exit ticket", "warm up"})
_LETTER = re.compile(r"[A-Ja-j]")
_LETTERS = re.compile(r"[A-J](?: ?[;|+,/ ] ?[A-J])+")
_POINTS = re.compile(r"\d{1,2}")
_TOTAL = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?(?: ?(?:/ ?\d{1,3}|%))?")
_COUNT = re.compile(r"\d{1,9}")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d{2}|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d"
)
_RUNNING = re.compile(r"([A-Za-z]{0,3}[-_ ]?)0{0,6}(\d{1,7})")
_THROWN = re.compile(r"(?:[b-df-hj-np-tv-xz][2-9]){2,5}")


def fold(text: str) -> str:
    """A heading as it is compared: without case, accents and marks, words one space apart."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = ("" if unicodedata.combining(c) else c if c.isalnum() else " " for c in plain)
    return " ".join("".join(letters).split())


def in_heading(heading: str, known: frozenset[str] = frozenset()) -> str | None:
    """What a heading says about a student (`name`, `number`, `email`, `date`, `group`, `trait` or `words`); None where
    it is the label of a problem, a sentence, or one of `known` (ids of parts)."""
    bare = fold(heading)
    words = bare.split()
    if "@" in heading:
        return "email"
    if heading.strip() in known:
        return None
    for word in words:
        if word in _HEADING_WORDS:
            return _HEADING_WORDS[word]
        if word.endswith("name"):
            return "name"
    joined = "".join(words)
    for start, kind in _STARTS:
        if joined.startswith(start):
            return kind
    if _ITEM_LABEL.fullmatch(bare) or bare in _FIXED_LABELS:
        return None
    # A sentence with small words in it is the wording of a question. Anything shorter could be who sat the test.
    small = [word for word in heading.split() if word[:1].islower()]
    if len(words) > 5 and len(small) > 3:
        return None
    return "number" if re.search(r"\d{4}", heading) else "name"


def is_answer(cell: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether a cell holds an answer: a letter or several, points of at most two figures, how it was judged, an id of a
    part that the curriculum names (`known`), or nothing."""
    text = cell.strip()
    return (
        bool(_LETTER.fullmatch(text) or _POINTS.fullmatch(text) or _LETTERS.fullmatch(text))
        or text.casefold() in BLANKS
        or text.casefold() in SCORED
        or text in known
    )


def is_total(cell: str) -> bool:
    """Whether a cell holds a whole score: 12, 12/17 or 70 %."""
    return not cell.strip() or _TOTAL.fullmatch(cell.strip()) is not None


def is_count(cell: str) -> bool:
    """Whether a cell holds a number of students."""
    return _COUNT.fullmatch(cell.strip()) is not None


def is_label(cell: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether a cell names a problem: by its number or its id."""
    text = fold(cell)
    return cell.strip() in known or bool(_ITEM_LABEL.fullmatch(text)) or text in _FIXED_LABELS


def in_cell(cell: str) -> str:
    """What a cell that is no answer could be, for the reason that is given."""
    text = cell.strip()
    if "@" in text:
        return "email"
    if _DATE.search(text):
        return "date"
    if sum(c.isdigit() for c in text) >= 3 and not re.search(r"[^\W\d_]{4}", text):
        return "number"
    words = text.split()
    if (
        words
        and len(words) <= 4
        and all(re.fullmatch(r"[^\W\d_][^\W\d_'’.,-]*[.,]?(?:[-'’][^\W\d_]+)*,?", w) for w in words)
    ):
        return "name"
    return "words" if len(words) > 1 or len(text) > 12 else "unknown"


_ADDRESS = re.compile(r"\S+@\S+\.\S+")
_LONG_NUMBER = re.compile(r"\d{6,}|\d{3}[-. ](?:\d{3}[-. ])?\d{4}\b")
_SENTENCE = re.compile(r"(?<=[.!?:;…\n“\"(•–—])\s*|^\s*")
_COMMON = frozenset(
    [
        "i",
        "i'm",
        "i'd",
        "i'll",
        "i've",
        "ok",
        "mr",
        "mrs",
        "ms",
        "english",
        "spanish",
        "arabic",
        "french",
        "math",
        "maths",
        "mathematics",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "grade",
        "unit",
        "lesson",
        "activity",
        "warm-up",
        "cool-down",
        "iep",
        "ell",
        "tv",
        "dvd",
    ]
)


def in_words(text: str, known: frozenset[str] = frozenset()) -> tuple[str, str] | None:
    """What in somebody's own sentences could lead to a student: its kind (`email`, `date`, `number` or `name`) and the words.

    A name is a word with a capital inside a sentence that is neither one of `known` (folded words of the text that the
    sentences are about) nor a word that is always written so. It is a question and no proof: a name at the beginning of a
    sentence looks like any other word, so whoever writes is asked beside the field to name nobody.
    """
    if found := _ADDRESS.search(text):
        return "email", found[0]
    if (
        (found := _DATE.search(text))
        and "-" not in found[0]
        and found[0].count("/") + found[0].count(".") == 2
    ):
        return "date", found[0]
    if found := _LONG_NUMBER.search(text):
        return "number", found[0]
    for sentence in filter(None, _SENTENCE.split(text)):
        for word in sentence.split()[1:]:
            bare = word.strip(",.;:!?()[]“”\"'’…").removesuffix("’s").removesuffix("'s")
            if bare[:1].isupper() and bare[1:].islower() and bare.casefold() not in known | _COMMON:
                return "name", bare
    return None


def throw_away(codes: Iterable[str]) -> bool:
    """Whether the codes of rows lead to nobody: running numbers from 0 or 1 without a gap, with one and the same beginning or none, or
    codes in the studio's own form (a letter and a figure by turns, without vowels, 0 and 1, as `k7f3`)."""
    beginnings: set[str] = set()
    numbers: set[int] = set()
    thrown = running = 0
    for code in codes:
        if _THROWN.fullmatch(code):
            thrown += 1
        elif match := _RUNNING.fullmatch(code):
            running += 1
            beginnings.add(match[1])
            numbers.add(int(match[2]))
        else:
            return False
    if thrown and running:
        return False
    return bool(thrown) or (
        len(beginnings) == 1 and min(numbers) < 2 and max(numbers) - min(numbers) == len(numbers) - 1
    )
