"""What imports cannot say: sizes, plain templates, no machine's own paths, documents that follow the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from curriculum_studio.cli import main
from curriculum_studio.domain.findings import RULES
from curriculum_studio.domain.headers import ATTRIBUTES, headers_table
from curriculum_studio.domain.kinds import PART_KEYS
from curriculum_studio.settings import settings_table
from tests.node import told_of
from tests.template_names import names_nobody_gives

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "curriculum_studio").rglob("*.py"))
TOP = {
    "curriculum_studio", "units", "templates", "tests", "bench", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "Makefile", "package.json", "package-lock.json", "requirements.txt", "requirements-dev.txt", "node_modules",
}  # fmt: skip


def test_files_and_functions_stay_small() -> None:
    long_files = {p.name: n for p in SOURCES if (n := p.read_text().count("\n")) > 400}
    assert not long_files
    long_functions = [
        f"{path.name}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert not long_functions


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        str(p) for p in SOURCES if p.name != "__init__.py" and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert not silent
    assert all(not p.read_text().strip() for p in SOURCES if p.name == "__init__.py")


# Where anything at all may be caught, and how often: each says there for whom it would be a wait for ever.
BROAD = {
    "live/journal_writer.py": 1, "live/rooms.py": 1, "storage/content.py": 2, "storage/search.py": 3, "storage/search_folder.py": 1,
    "web/keeper.py": 1, "web/server.py": 1,
}  # fmt: skip


def _broad(node: ast.AST) -> bool:
    """Whether it catches whatever comes: a bare `except`, one of `Exception` or `BaseException`, or a `suppress` of them."""
    if isinstance(node, ast.ExceptHandler):
        caught = [node.type]
    elif isinstance(node, ast.Call) and "suppress" in (
        getattr(node.func, "attr", ""),
        getattr(node.func, "id", ""),
    ):
        caught = list(node.args)
    else:
        return False
    return any(
        one is None
        or {name.id for name in ast.walk(one) if isinstance(name, ast.Name)} & {"Exception", "BaseException"}
        for one in caught
    )


def test_what_is_caught_is_named() -> None:
    found = {
        path.relative_to(ROOT / "curriculum_studio").as_posix(): count
        for path in SOURCES
        if (count := sum(map(_broad, ast.walk(ast.parse(path.read_text())))))
    }
    assert found == BROAD


def test_scripts_use_what_there_is_and_all_of_it(tmp_path: Path) -> None:
    scripts = [
        path
        for folder in ("curriculum_studio/frontend", "tests", "bench")
        for path in (ROOT / folder).rglob("*.*js")
        if "node_modules" not in path.parts
    ]
    assert len(scripts) > 50
    wrong = tmp_path / "wrong.mjs"
    wrong.write_text(
        'import { a, b } from "./c.js";\nexport const f = (one, two) => { let d = a; d = two + lost; };\nconst { g } = f;\n'
        "try { f(); } catch (error) { f(); }\n"
    )
    found = told_of("names.mjs", [*scripts, wrong], "eslint-scope")
    assert {name for file, _, _, name in found if file == str(wrong)} == {"b", "d", "error", "g", "lost"}
    assert [row for row in found if row[0] != str(wrong)] == []


def test_templates_hold_no_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r'\sstyle="|\son\w+="|<style|javascript:', text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or "application/ld+json" in script, path
            # It comes in pieces that name each other, which a browser reads of modules alone.
            assert "/static/editor.js" not in script or 'type="module"' in script, path


def test_templates_import_only_what_there_is() -> None:
    """A name that a template of shared pieces does not have is found only when the page is asked for."""
    for path in ROOT.glob("templates/**/*.html"):
        for source, names in re.findall(
            r'{% from "([^"]+)" import ([^%]+?)\s*(?:with context )?%}', path.read_text()
        ):
            there = set(
                re.findall(r"{%-? macro (\w+)|{%-? set (\w+)", (ROOT / "templates" / source).read_text())
            )
            known = {name for pair in there for name in pair if name}
            wanted = {one.split(" as ")[0].strip() for one in names.split(",")}
            assert wanted <= known, f"{path.name}: {source} has no {wanted - known}"


def test_templates_use_only_what_they_are_given() -> None:
    """A name that nobody gives is nothing, and a call of it a fault that is found only when the page is asked for."""
    folder = ROOT / "templates"
    templates = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")
    }
    assert names_nobody_gives(templates) == {}
    # In a macro of an imported file, an included one, a block, a page that others extend, a loop.
    harmed = {
        "studio/desk.html",
        "studio/entries.html",
        "studio/home.html",
        "studio/page.html",
        "shared/parts.html",
        "site/unit.html",
    }
    for name in harmed:
        inside = re.search(r"{%-? (?:macro|block|for) [^%]*%}", templates[name])
        assert inside
        templates[name] = (
            f"{templates[name][: inside.end()]}{{{{ nobody(7) }}}}{templates[name][inside.end() :]}"
        )
    assert names_nobody_gives(templates) == {name: {"nobody"} for name in harmed}


def test_screens_speak_the_teachers_language() -> None:
    for path in (ROOT / "templates" / "studio").rglob("*.html"):
        text = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]+>", " ", path.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"\b(?:commit|branch|merge|repository|markdown|blob)\b", text, re.IGNORECASE), (
            path
        )


def test_where_one_is_is_said_in_one_way() -> None:
    """Each page's trail is made by the one macro: none leaves a step out."""
    there = {
        path.name for path in (ROOT / "templates" / "studio").rglob("*.html") if "crumbs" in path.read_text()
    }
    assert there == {"desk.html"}


def test_locks_hold_no_addresses() -> None:
    for lock in (ROOT / "package-lock.json", *(ROOT / "bench" / "peers").rglob("package-lock.json")):
        assert '"resolved"' not in lock.read_text(), lock
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        assert "://" not in re.sub(r'"(?:url|funding)": .*', "", (ROOT / name).read_text()), name
    assert "--hash=sha256:" in (ROOT / "requirements.txt").read_text()


def test_no_file_names_a_folder_of_one_machine() -> None:
    """What only one machine has, a test or a page asks for in vain anywhere else."""
    home = "/" + "work/"
    for folder in ("curriculum_studio", "tests", "bench", "docs", "templates", "units"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.suffix in (".py", ".md", ".html", ".toml", ".js", ".mjs")
                and "dist" not in path.parts
                and "node_modules" not in path.parts
            ):
                found = re.search(rf"""[\s"'(`]{home}(?:main|shared|wt|tmp)\b""", path.read_text("utf-8"))
                assert not found, f"{path}: {found and found[0]}"


def test_top_level_holds_what_the_design_names() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found <= TOP, found - TOP


def test_documents_follow_the_code() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    context = main.make_context("curriculum-studio", [], resilient_parsing=True)
    for command in main.list_commands(context):
        assert f"`{command}" in readme, command
    assert settings_table() in (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert headers_table() in (ROOT / "docs" / "headers.md").read_text("utf-8")
    assert set(ATTRIBUTES) == set(PART_KEYS)
    findings = (ROOT / "docs" / "findings.md").read_text("utf-8")
    for code in RULES:
        assert f"`{code}`" in findings, code
