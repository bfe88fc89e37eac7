"""What the site itself says, in the languages that it speaks; lessons bring their own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

_EN = {
    "skip": "Skip to content", "units": "Units", "glossary": "Glossary", "standards": "Standards", "search": "Search",
    "charter": "Our charter", "home": "All units", "grade": "Grade", "grade_k": "Kindergarten", "lesson": "Lesson", "lessons": "lessons",
    "lesson_one": "lesson", "minutes": "minutes", "unit": "Unit", "section": "Section", "you_need": "You need", "gather": "Gather",
    "copy": "Copy", "student": "For each student", "addressing": "Addressing", "building-on": "Building on", "building-toward": "Building toward",
    "practises": "Practice", "assesses": "Checked by", "practices": "Mathematical practices", "routines": "Routines", "previous": "Previous", "next": "Next",
    "optional": "Optional", "points": "points", "point": "point", "problem": "Problem", "hint": "Hint", "show_hint": "Show a hint",
    "license": "Licence", "credits": "Written by", "based_on": "Adapted from", "other_languages": "Also in", "stale": "This translation is behind the original lesson.",
    "search_label": "Search lessons, standards and terms", "search_help": "Words, a standard such as 6.RP.A.3, or a formula such as 3/4.", "search_button": "Search",
    "search_noscript": "Search needs scripts. Browse the units or the glossary instead.", "searching": "Searching…", "none_found": "Nothing found. Try fewer or other words.",
    "count_one": "1 result", "count_many": "{count} results", "search_failed": "Search could not be loaded. Check the connection and try again.", "any_grade": "Any grade",
    "used_in": "Used in", "no_units": "Nothing is published yet. Units appear here as soon as they are.", "no_terms": "No terms yet.", "assessments": "Assessments",
    "professional_learning": "Professional learning", "goals": "Goals", "weeks": "weeks", "not_found": "This page is not here", "not_found_text": "It may have moved. Look for it among the units, or search.",
    "moved": "This page has moved", "teacher_edition": "Teacher edition", "family_edition": "For families", "student_edition": "", "on_this_page": "On this page",
    "misconception": "Misconception", "teacher_only": "For teachers", "standards_intro": "Which lessons teach, practise and check each standard. The short labels are ours, not the official text.",
    "path": "The path through this unit", "about": "About this unit", "empty": "Nothing here yet.", "theme": "Colours", "print": "Print", "udl": "Access", "rigor": "Rigor",
}  # fmt: skip
_ES = {
    "skip": "Ir al contenido", "units": "Unidades", "glossary": "Glosario", "standards": "Estándares", "search": "Buscar",
    "charter": "Nuestro acuerdo", "home": "Todas las unidades", "grade": "Grado", "grade_k": "Kínder", "lesson": "Lección", "lessons": "lecciones",
    "lesson_one": "lección", "minutes": "minutos", "unit": "Unidad", "section": "Sección", "you_need": "Necesitas", "gather": "Reunir", "copy": "Copiar",
    "student": "Para cada estudiante", "addressing": "Trabaja", "building-on": "Se apoya en", "building-toward": "Prepara para", "practises": "Práctica",
    "assesses": "Se comprueba en", "practices": "Prácticas matemáticas", "routines": "Rutinas", "previous": "Anterior", "next": "Siguiente", "optional": "Opcional",
    "points": "puntos", "point": "punto", "problem": "Problema", "hint": "Pista", "show_hint": "Ver una pista", "license": "Licencia", "credits": "Escrito por",
    "based_on": "Adaptado de", "other_languages": "También en", "stale": "Esta traducción está atrasada respecto a la lección original.",
    "search_label": "Buscar lecciones, estándares y términos", "search_help": "Palabras, un estándar como 6.RP.A.3 o una fórmula como 3/4.", "search_button": "Buscar",
    "search_noscript": "La búsqueda necesita scripts. Recorre las unidades o el glosario.", "searching": "Buscando…", "none_found": "No se encontró nada. Prueba con menos palabras u otras.",
    "count_one": "1 resultado", "count_many": "{count} resultados", "search_failed": "No se pudo cargar la búsqueda. Revisa la conexión e inténtalo de nuevo.", "any_grade": "Todos los grados",
    "used_in": "Se usa en", "no_units": "Todavía no hay nada publicado.", "no_terms": "Todavía no hay términos.", "assessments": "Evaluaciones", "professional_learning": "Aprendizaje profesional",
    "goals": "Metas", "weeks": "semanas", "not_found": "Esta página no está aquí", "not_found_text": "Quizá se movió. Búscala entre las unidades.", "moved": "Esta página se movió",
    "teacher_edition": "Edición para docentes", "family_edition": "Para las familias", "on_this_page": "En esta página", "misconception": "Concepto erróneo", "teacher_only": "Para docentes",
    "standards_intro": "Qué lecciones enseñan, practican y comprueban cada estándar.", "path": "El camino de esta unidad", "about": "Sobre esta unidad", "empty": "Todavía no hay nada.", "theme": "Colores", "print": "Imprimir",
}  # fmt: skip
_AR = {"skip": "انتقل إلى المحتوى", "units": "الوحدات", "glossary": "المصطلحات", "standards": "المعايير", "search": "بحث", "grade": "الصف",
       "lesson": "الدرس", "minutes": "دقيقة", "previous": "السابق", "next": "التالي", "problem": "مسألة", "hint": "تلميح", "show_hint": "أظهر تلميحًا",
       "other_languages": "أيضًا بـ", "you_need": "تحتاج إلى"}  # fmt: skip
_PRACTICE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "answer": "Your answer", "check": "Check my answer", "right": "Right.", "wrong": "Not yet. Try again.", "empty": "Write or choose an answer first.",
        "hint": "Show a hint", "kept": "Your answers stay on this device. Nobody else sees them.", "forget": "Forget my answers on this device",
        "forgotten": "Your answers on this device are forgotten.",
    },
    "es": {
        "answer": "Tu respuesta", "check": "Comprobar mi respuesta", "right": "Correcto.", "wrong": "Todavía no. Inténtalo de nuevo.",
        "empty": "Primero escribe o elige una respuesta.", "hint": "Ver una pista", "kept": "Tus respuestas se quedan en este dispositivo. Nadie más las ve.",
        "forget": "Olvidar mis respuestas en este dispositivo", "forgotten": "Tus respuestas en este dispositivo se olvidaron.",
    },
    "ar": {
        "answer": "إجابتك", "check": "تحقق من إجابتي", "right": "صحيح.", "wrong": "ليس بعد. حاول مرة أخرى.", "empty": "اكتب إجابة أو اختر واحدة أولًا.",
        "hint": "أظهر تلميحًا", "kept": "تبقى إجاباتك على هذا الجهاز، ولا يراها أحد غيرك.", "forget": "انسَ إجاباتي على هذا الجهاز", "forgotten": "نُسيت إجاباتك على هذا الجهاز.",
    },
}  # fmt: skip
_OFFLINE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "take_along": "Take this unit with you", "take_zip": "Download this unit", "take_zip_help": "A zip file with all lessons. Unpack it, on a USB stick too, and open index.html: no network is needed.",
        "keep": "Keep this unit on this device", "keeping": "Keeping this unit…", "kept": "This unit is kept on this device and opens without a network.",
        "drop": "Remove it from this device", "dropped": "This unit is no longer kept on this device.", "keep_failed": "The unit could not be kept. Check the connection and the space on this device, and try again.",
        "newer": "A newer version is here.", "reload": "Show it", "kept_units": "Kept on this device", "none_kept": "No unit is kept on this device. Open a unit and choose “Keep this unit on this device”.",
        "offline_help": "Without a network, only units that are kept on this device can be opened.",
    },
    "es": {
        "take_along": "Lleva esta unidad contigo", "take_zip": "Descargar esta unidad", "take_zip_help": "Un archivo zip con todas las lecciones. Descomprímelo, también en una memoria USB, y abre index.html: no hace falta red.",
        "keep": "Guardar esta unidad en este dispositivo", "keeping": "Guardando esta unidad…", "kept": "Esta unidad está guardada en este dispositivo y se abre sin red.",
        "drop": "Quitarla de este dispositivo", "dropped": "Esta unidad ya no está guardada en este dispositivo.", "keep_failed": "No se pudo guardar la unidad. Revisa la conexión y el espacio del dispositivo e inténtalo de nuevo.",
        "newer": "Hay una versión más nueva.", "reload": "Verla", "kept_units": "Guardado en este dispositivo", "none_kept": "No hay ninguna unidad guardada en este dispositivo. Abre una unidad y elige «Guardar esta unidad en este dispositivo».",
        "offline_help": "Sin red solo se abren las unidades guardadas en este dispositivo.",
    },
    "ar": {
        "take_along": "خذ هذه الوحدة معك", "take_zip": "نزّل هذه الوحدة", "take_zip_help": "ملف zip فيه كل الدروس. فك ضغطه، ولو على ذاكرة USB، وافتح index.html دون حاجة إلى شبكة.",
        "keep": "احفظ هذه الوحدة على هذا الجهاز", "keeping": "يجري الحفظ…", "kept": "هذه الوحدة محفوظة على هذا الجهاز وتُفتح دون شبكة.", "drop": "أزلها من هذا الجهاز",
        "dropped": "لم تعد هذه الوحدة محفوظة على هذا الجهاز.", "keep_failed": "تعذّر الحفظ. تحقق من الاتصال ومن المساحة ثم حاول مرة أخرى.", "newer": "توجد نسخة أحدث.", "reload": "اعرضها",
        "kept_units": "محفوظ على هذا الجهاز", "none_kept": "لا توجد وحدة محفوظة على هذا الجهاز.", "offline_help": "دون شبكة لا تُفتح إلا الوحدات المحفوظة على هذا الجهاز.",
    },
}  # fmt: skip
_ALL: Mapping[str, Mapping[str, str]] = {"en": _EN, "es": {**_EN, **_ES}, "ar": {**_EN, **_AR}}
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "es": "Español",
    "ar": "العربية",
    "fr": "Français",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def practice_words(language: str) -> str:
    """What the script of checkable problems says, as a JSON object."""
    words = _PRACTICE.get(language.partition("-")[0], _PRACTICE["en"])
    return json.dumps(words, ensure_ascii=False, sort_keys=True)


def offline_words(language: str) -> str:
    """What the script that keeps units says, as a JSON object."""
    return json.dumps(
        _OFFLINE.get(language.partition("-")[0], _OFFLINE["en"]), ensure_ascii=False, sort_keys=True
    )


@cache
def strings(language: str) -> Mapping[str, str]:
    """The interface's words in a language; English where it does not speak it."""
    name = language.partition("-")[0]
    return {**_OFFLINE.get(name, _OFFLINE["en"]), **_ALL.get(name, _EN)}
