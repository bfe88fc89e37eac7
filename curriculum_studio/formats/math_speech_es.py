"""Says a formula in Spanish words, or not at all where it holds a sign that has none here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from curriculum_studio.formats.math_speech import Speaker

_SMALL = (
    "cero",
    "un",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
)
_PARTS = {
    below: (name, f"{name}s")
    for below, name in {
        2: "medio", 3: "tercio", 4: "cuarto", 5: "quinto", 6: "sexto", 7: "séptimo", 8: "octavo", 9: "noveno", 10: "décimo",
        12: "doceavo", 16: "dieciseisavo", 20: "veinteavo", 100: "centésimo", 1000: "milésimo",
    }.items()
}  # fmt: skip
_WORDS: Mapping[str, str] = {
    "+": "más", "-": "menos", "=": "es igual a", "<": "es menor que", ">": "es mayor que", "*": "por", "/": "dividido entre", ":": "a", "::": "como",
    "!": "factorial", "(": "abre paréntesis", ")": "cierra paréntesis", "[": "abre corchete", "]": "cierra corchete", ",": "coma",
    ";": "punto y coma", "?": "qué número", ".": "punto", "~": "", "&": "", "'": "prima",
    "\\times": "por", "\\cdot": "por", "\\div": "dividido entre", "\\pm": "más o menos", "\\le": "es menor o igual que",
    "\\leq": "es menor o igual que", "\\ge": "es mayor o igual que", "\\geq": "es mayor o igual que", "\\lt": "es menor que",
    "\\gt": "es mayor que", "\\ne": "no es igual a", "\\neq": "no es igual a", "\\approx": "es aproximadamente", "\\to": "va a",
    "\\rightarrow": "va a", "\\pi": "pi", "\\degree": "grados", "\\angle": "ángulo", "\\triangle": "triángulo", "\\sim": "es semejante a",
    "\\cong": "es congruente con", "\\equiv": "es equivalente a", "\\ldots": "y así sucesivamente", "\\cdots": "y así sucesivamente",
    "\\dots": "y así sucesivamente", "\\%": "por ciento", "\\$": "dólares", "\\_": "espacio en blanco", "\\square": "un espacio en blanco",
    "\\Box": "un espacio en blanco", "\\iff": "si y solo si", "\\bigcirc": "un círculo", "\\parallel": "es paralelo a", "\\perp": "es perpendicular a", "\\colon": "a",
}  # fmt: skip
_AROUND = {
    "\\overline": ("", "con una barra encima"), "\\bar": ("", "con una barra encima"), "\\underline": ("", "subrayado"),
    "\\cancel": ("tachado", ""), "\\xrightarrow": ("flecha con", ""), "\\xleftarrow": ("flecha a la izquierda con", ""),
}  # fmt: skip
_PHRASES: Mapping[str, str] = {
    "sub": "sub {}", "root": "la raíz cuadrada de {}", "root-3": "la raíz cúbica de {}", "root-n": "la raíz de índice {1} de {0}",
    "end-root": "fin de la raíz", "above": "{} con {} encima", "below": "{} con {} debajo", "choose": "combinaciones de {} en {}",
    "line": ", línea siguiente,", "and": "y ", "over": "{} sobre {}", "fraction": "la fracción {} sobre {} fin de la fracción",
    "degrees": "grados", "squared": "al cuadrado", "cubed": "al cubo", "prime": "prima", "power": "a la potencia {}",
    "end-power": "fin de la potencia", "absolute": "el valor absoluto de {}", "bar": "barra vertical", "formula": "fórmula", "point": "el punto {} {} {}",
    "blank": "un espacio en blanco", "dollar": "dólar",
}  # fmt: skip


class _NoWord(Exception):
    """A sign has no word in these tables."""


class _Spanish(Speaker):
    words = _WORDS
    around = _AROUND
    phrases = _PHRASES
    small = _SMALL
    parts = _PARTS
    thousands = ""
    """A Spanish voice reads a comma between digits as the decimal sign: thousands are said without one."""

    def word(self, token: str) -> str:
        said = super().word(token)
        if token[0] == "\\" and token not in self.words and said.isalnum():
            raise _NoWord(token)
        return said


@lru_cache(maxsize=4096)
def spoken_in_spanish(latex: str) -> str | None:
    """The formula in Spanish words; None where a sign has no word here, so that its MathML is better read as it is."""
    try:
        return _Spanish.say(latex)
    except _NoWord:
        return None
