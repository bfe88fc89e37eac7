"""What an update of the program makes read anew: all that reading a text leads through, and nothing beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import curriculum_studio
from curriculum_studio.publishing.program import READING_LIBRARIES, reading_modules, reading_version

PACKAGE = Path(curriculum_studio.__file__).parent
_READ = """
import json, sys
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.lesson_markdown import read_document
for path in sys.argv[1:]:
    facts_of(read_document("grade-6/ratios/" + path.rpartition("/")[2], open(path, "rb").read()))
print(json.dumps({name: getattr(module, "__file__", None) for name, module in sys.modules.items()}))
"""


def _loaded() -> dict[str, str | None]:
    """The modules that a process of its own holds once it has read a unit's texts."""
    texts = sorted(str(path) for path in PACKAGE.parent.glob("units/grade-6/ratios/*.md"))
    assert texts
    said = subprocess.run([sys.executable, "-c", _READ, *texts], capture_output=True, check=True, text=True)
    return dict(json.loads(said.stdout))


def test_what_reads_texts_is_all_that_reading_loads() -> None:
    loaded = {
        Path(file) for name, file in _loaded().items() if name.startswith("curriculum_studio.") and file
    }
    named = set(reading_modules())
    # The packages themselves hold no code but their sentence.
    assert {path for path in loaded - named if path.name != "__init__.py"} == set()
    assert PACKAGE / "formats" / "outline_lines.py" in named
    assert PACKAGE / "formats" / "html_compare.py" not in named
    assert PACKAGE / "domain" / "suppression.py" not in named


def test_the_libraries_that_read_are_named() -> None:
    makers = packages_distributions()
    loaded = {maker.lower() for name in _loaded() for maker in makers.get(name.partition(".")[0], [])}
    # The installer's own hook is loaded into every process; mdurl belongs to markdown-it-py.
    assert loaded - {"curriculum-studio", "mdurl", "setuptools"} <= set(READING_LIBRARIES)
    assert reading_version() == reading_version()
