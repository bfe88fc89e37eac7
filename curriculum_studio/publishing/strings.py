"""What the site itself says, in the languages that it speaks; lessons bring their own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

_SPOKEN = ("en", "es", "ar")
_WORDS: Mapping[str, tuple[str, str, str]] = {
    # The frame of every page
    "skip": ("Skip to content", "Ir al contenido", "انتقل إلى المحتوى"),
    "report": (
        "Report something on this page",
        "Informar de algo en esta página",
        "الإبلاغ عن شيء في هذه الصفحة",
    ),
    "site_nav": ("Site", "Sitio", "الموقع"),
    "where": ("Where you are", "Dónde estás", "أين أنت"),
    "units": ("Units", "Unidades", "الوحدات"),
    "unit": ("Unit", "Unidad", "الوحدة"),
    "glossary": ("Glossary", "Glosario", "المصطلحات"),
    "standards": ("Standards", "Estándares", "المعايير"),
    "search": ("Search", "Buscar", "بحث"),
    "charter": ("Our charter", "Nuestro acuerdo", "ميثاقنا"),
    "charter_measure": ("Measure", "Medida", "المقياس"),
    "charter_target": ("Target", "Meta", "الهدف المنشود"),
    "charter_by": ("By", "Para", "بحلول"),
    "months": (
        "January February March April May June July August September October November December",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    ),
    "month_of_year": ("{month} {year}", "{month} de {year}", "{month} {year}"),
    "charter_serves": ("Serves", "Sirve a", "يخدم"),
    "charter_idea": ("Idea", "Idea", "فكرة"),
    "home": ("All units", "Todas las unidades", "كل الوحدات"),
    "teacher_edition": ("Teacher edition", "Edición para docentes", "نسخة المعلم"),
    "family_edition": ("For families", "Para las familias", "للأسر"),
    "student_edition": ("", "", ""),
    "license": ("License", "Licencia", "الترخيص"),
    "credits": ("Written by", "Escrito por", "كتبه"),
    "based_on": ("Adapted from", "Adaptado de", "مقتبس من"),
    "previous": ("Previous", "Anterior", "السابق"),
    "next": ("Next", "Siguiente", "التالي"),
    "empty": ("Nothing here yet.", "Todavía no hay nada.", "لا شيء هنا بعد."),
    # Grades, units and lessons
    "grade": ("Grade", "Grado", "الصف"),
    "grade_k": ("Kindergarten", "Kínder", "الروضة"),
    "grades": ("Grades", "Grados", "الصفوف"),
    "lesson": ("Lesson", "Lección", "الدرس"),
    "lessons": ("lessons", "lecciones", "دروس"),
    "lesson_one": ("lesson", "lección", "درس"),
    "lessons_nav": ("Lessons before and after", "Lecciones anterior y siguiente", "الدرس السابق والتالي"),
    "lesson_of": ("Lesson {number} of {count}", "Lección {number} de {count}", "الدرس {number} من {count}"),
    "minutes": ("minutes", "minutos", "دقيقة"),
    "min": ("min", "min", "د"),
    "weeks": ("weeks", "semanas", "أسابيع"),
    "path": ("The path through this unit", "El camino de esta unidad", "مسار هذه الوحدة"),
    "assessments": ("Assessments", "Evaluaciones", "التقييمات"),
    "professional_learning": ("Professional learning", "Aprendizaje profesional", "التعلم المهني"),
    "no_units": (
        "Nothing is published yet. Units appear here as soon as they are.",
        "Todavía no hay nada publicado. Las unidades aparecen aquí en cuanto lo están.",
        "لم يُنشر شيء بعد. تظهر الوحدات هنا حالما تُنشر.",
    ),
    # A lesson
    "in_this_lesson": ("In this lesson", "En esta lección", "في هذا الدرس"),
    "you_need": ("You need", "Necesitas", "تحتاج إلى"),
    "gather": ("Gather", "Reunir", "اجمع"),
    "copy": ("Copy", "Copiar", "انسخ"),
    "addressing": ("Addressing", "Trabaja", "يتناول"),
    "building-on": ("Building on", "Se apoya en", "يبني على"),
    "building-toward": ("Building toward", "Prepara para", "يمهد إلى"),
    "addressing_plain": ("This lesson teaches", "Esta lección enseña", "يعلّم هذا الدرس"),
    "building-on_plain": ("It builds on", "Se apoya en", "ويبني على"),
    "building-toward_plain": ("It prepares for", "Prepara para", "ويمهد إلى"),
    "addressing_in": ("Taught in", "Se enseña en", "يُعلَّم في"),
    "building-on_in": ("Built on in", "Es la base de", "يُبنى عليه في"),
    "building-toward_in": ("Prepared in", "Se prepara en", "يُمهَّد له في"),
    "practises_in": ("Practised in", "Se practica en", "يُتدرَّب عليه في"),
    "assesses_in": ("Checked in", "Se comprueba en", "يُختبر في"),
    "about_standards": (
        "What this lesson is part of",
        "De qué forma parte esta lección",
        "مما يتكون هذا الدرس",
    ),
    "practices": ("Mathematical practices", "Prácticas matemáticas", "الممارسات الرياضية"),
    "routines": ("Routines", "Rutinas", "الروتينات"),
    "optional": ("Optional", "Opcional", "اختياري"),
    "points": ("points", "puntos", "نقاط"),
    "point": ("point", "punto", "نقطة"),
    "problem": ("Problem", "Problema", "مسألة"),
    "hint": ("Hint", "Pista", "تلميح"),
    "show_hint": ("Show a hint", "Ver una pista", "أظهر تلميحًا"),
    "name": ("Name", "Nombre", "الاسم"),
    "date": ("Date", "Fecha", "التاريخ"),
    # Languages
    "other_languages": ("Also in", "También en", "أيضًا بـ"),
    "stale": (
        "This translation is behind the original lesson.",
        "Esta traducción está atrasada respecto a la lección original.",
        "هذه الترجمة متأخرة عن الدرس الأصلي.",
    ),
    "read_original": ("Read the original", "Leer el original", "اقرأ الأصل"),
    # Search
    "search_label": (
        "Search lessons, standards and terms",
        "Buscar lecciones, estándares y términos",
        "ابحث في الدروس والمعايير والمصطلحات",
    ),
    "search_help": (
        "Words, a standard such as 6.RP.A.3, a practice such as MP2, “grade 6”, or a formula such as 3/4.",
        "Palabras, un estándar como 6.RP.A.3, una práctica como MP2, «grado 6» o una fórmula como 3/4.",
        "كلمات، أو معيار مثل 6.RP.A.3، أو ممارسة مثل MP2، أو صيغة مثل 3/4.",
    ),
    "search_keys": (
        "Arrow keys move through the results, Escape clears.",
        "Las flechas recorren los resultados; Escape borra.",
        "الأسهم تتنقل بين النتائج، وEscape يمسح.",
    ),
    "search_button": ("Search", "Buscar", "بحث"),
    "search_results": ("Results", "Resultados", "النتائج"),
    "search_noscript": (
        "Search needs scripts. Browse the units or the glossary instead.",
        "La búsqueda necesita scripts. Recorre las unidades o el glosario.",
        "البحث يحتاج إلى البرمجة النصية. تصفح الوحدات أو المصطلحات.",
    ),
    "searching": ("Searching…", "Buscando…", "جارٍ البحث…"),
    "none_found": (
        "Nothing found. Try fewer or other words.",
        "No se encontró nada. Prueba con menos palabras u otras.",
        "لم يُعثر على شيء. جرّب كلمات أقل أو غيرها.",
    ),
    "count_one": ("1 result", "1 resultado", "نتيجة واحدة"),
    "count_many": ("{count} results", "{count} resultados", "{count} نتائج"),
    "count_best": (
        "{count} results, the best {shown} first",
        "{count} resultados; primero los {shown} mejores",
        "{count} نتائج، أفضل {shown} أولًا",
    ),
    "search_failed": (
        "Search could not be loaded. Check the connection and try again.",
        "No se pudo cargar la búsqueda. Revisa la conexión e inténtalo de nuevo.",
        "تعذر تحميل البحث. تحقق من الاتصال وحاول مرة أخرى.",
    ),
    # Glossary, standards, what is not there
    "used_in": ("Used in", "Se usa en", "يُستخدم في"),
    "term": ("Glossary", "Glosario", "مصطلح"),
    "no_terms": ("No terms yet.", "Todavía no hay términos.", "لا مصطلحات بعد."),
    "standards_intro": (
        "Which lessons teach, practise and check each standard. The short labels are ours, not the official text.",
        "Qué lecciones enseñan, practican y comprueban cada estándar. Las etiquetas cortas son nuestras, no el texto oficial.",
        "الدروس التي تعلّم كل معيار وتدرّب عليه وتختبره. العناوين القصيرة منا، لا النص الرسمي.",
    ),
    "not_found": ("This page is not here", "Esta página no está aquí", "هذه الصفحة ليست هنا"),
    "not_found_text": (
        "It may have moved. Look for it among the units, or search.",
        "Quizá se movió. Búscala entre las unidades o con la búsqueda.",
        "ربما نُقلت. ابحث عنها بين الوحدات أو بالبحث.",
    ),
    "moved": ("This page has moved", "Esta página se movió", "نُقلت هذه الصفحة"),
}
_PRACTICE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "answer": "Your answer", "check": "Check my answer", "right": "Right.", "wrong": "Not yet. Try again.", "empty": "Write or choose an answer first.",
        "kept": "Your answers stay on this device. Nobody else sees them.", "forget": "Forget my answers on this device",
        "forgotten": "Your answers on this device are forgotten.",
    },
    "es": {
        "answer": "Tu respuesta", "check": "Comprobar mi respuesta", "right": "Correcto.", "wrong": "Todavía no. Inténtalo de nuevo.",
        "empty": "Primero escribe o elige una respuesta.", "kept": "Tus respuestas se quedan en este dispositivo. Nadie más las ve.",
        "forget": "Olvidar mis respuestas en este dispositivo", "forgotten": "Tus respuestas en este dispositivo se olvidaron.",
    },
    "ar": {
        "answer": "إجابتك", "check": "تحقق من إجابتي", "right": "صحيح.", "wrong": "ليس بعد. حاول مرة أخرى.", "empty": "اكتب إجابة أو اختر واحدة أولًا.",
        "kept": "تبقى إجاباتك على هذا الجهاز، ولا يراها أحد غيرك.", "forget": "انسَ إجاباتي على هذا الجهاز", "forgotten": "نُسيت إجاباتك على هذا الجهاز.",
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
_PRINT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "print_booklet": "Print the booklet", "print_booklet_help": "All lessons with room to write; one lesson alone too.", "print_packs": "Print packs",
        "print_packs_help": "Student booklet, teacher guide, answer key, copy masters.", "print_help": "Made for paper: print this page, or save it as a PDF. Choose a lesson to print it alone.",
        "print_all": "The whole unit", "pack_booklet": "Student booklet", "pack_guide": "Teacher guide", "pack_key": "Answer key", "pack_copy": "Copy masters",
        "name_line": "Name", "date_line": "Date", "to_prepare": "What to copy and gather",
    },
    "es": {
        "print_booklet": "Imprimir el cuaderno", "print_booklet_help": "Todas las lecciones con espacio para escribir; también una sola.", "print_packs": "Para imprimir",
        "print_packs_help": "Cuaderno del estudiante, guía docente, respuestas, hojas para copiar.", "print_help": "Hecho para papel: imprime esta página o guárdala como PDF. Elige una lección para imprimirla sola.",
        "print_all": "Toda la unidad", "pack_booklet": "Cuaderno del estudiante", "pack_guide": "Guía docente", "pack_key": "Respuestas", "pack_copy": "Hojas para copiar",
        "name_line": "Nombre", "date_line": "Fecha", "to_prepare": "Qué copiar y reunir",
    },
    "ar": {
        "print_booklet": "اطبع الكراسة", "print_booklet_help": "كل الدروس مع مكان للكتابة.", "print_packs": "للطباعة", "print_packs_help": "كراسة الطالب ودليل المعلم ومفتاح الإجابات وأوراق للنسخ.",
        "print_help": "صُنعت للورق: اطبع هذه الصفحة أو احفظها PDF.", "print_all": "الوحدة كلها", "pack_booklet": "كراسة الطالب", "pack_guide": "دليل المعلم", "pack_key": "مفتاح الإجابات",
        "pack_copy": "أوراق للنسخ", "name_line": "الاسم", "date_line": "التاريخ", "to_prepare": "ما يُنسخ ويُجمع",
    },
}  # fmt: skip
_ALL: Mapping[str, Mapping[str, str]] = {
    language: {key: said[column] for key, said in _WORDS.items()} for column, language in enumerate(_SPOKEN)
}
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


_REPORT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "report_title": "Report something on “{title}”",
        "report_lead": "A mistake, something unclear, a picture that does not show: say it here. No name or address is asked for; please give none, and no student’s name. What nobody acts on is deleted after {days} days.",
        "report_chosen": "The words on the page that you mean (copy them here)", "report_words": "What about them (at most {most} characters)",
        "report_send": "Send", "report_leave": "Back without sending", "report_back": "Back to “{title}”",
        "report_thanks": "Thank you. Somebody who writes these pages will read it.",
    },
    "es": {
        "report_title": "Informar de algo en «{title}»",
        "report_lead": "Un error, algo que no se entiende, una imagen que no aparece: cuéntalo aquí. No se pide nombre ni dirección; por favor, no los escribas, ni el nombre de ningún estudiante. Lo que nadie atiende se borra a los {days} días.",
        "report_chosen": "Las palabras de la página a las que te refieres (cópialas aquí)", "report_words": "Qué pasa con ellas (como máximo {most} caracteres)",
        "report_send": "Enviar", "report_leave": "Volver sin enviar", "report_back": "Volver a «{title}»",
        "report_thanks": "Gracias. Lo leerá alguien que escribe estas páginas.",
    },
    "ar": {
        "report_title": "الإبلاغ عن شيء في «{title}»",
        "report_lead": "خطأ، أو شيء غير واضح، أو صورة لا تظهر: اكتبه هنا. لا نطلب اسمًا ولا عنوانًا؛ من فضلك لا تكتبهما، ولا اسم أي طالب. ما لا يتابعه أحد يُحذف بعد {days} يومًا.",
        "report_chosen": "الكلمات التي تقصدها في الصفحة (انسخها هنا)", "report_words": "ماذا عنها؟ ({most} حرفًا على الأكثر)",
        "report_send": "إرسال", "report_leave": "العودة دون إرسال", "report_back": "العودة إلى «{title}»",
        "report_thanks": "شكرًا. سيقرؤه أحد كاتبي هذه الصفحات.",
    },
}  # fmt: skip
"""The form to which the published pages lead; the studio shows it in the language of the page."""


@cache
def strings(language: str) -> Mapping[str, str]:
    """The interface's words in a language; English where it does not speak it."""
    name = language.partition("-")[0]
    return {
        **_OFFLINE.get(name, _OFFLINE["en"]),
        **_PRINT.get(name, _PRINT["en"]),
        **_REPORT.get(name, _REPORT["en"]),
        **_ALL.get(name, _ALL["en"]),
    }
