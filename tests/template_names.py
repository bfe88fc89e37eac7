"""Which names a template uses that nobody gives it: seen from what is passed, included, extended and imported, without rendering."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2 import meta, nodes

ROOT = Path(__file__).resolve().parents[1]
PUBLISHING = ("pages.py", "session_packs.py")
_READER = Flask(__name__).jinja_env
_READER.filters.update(html=str, unmarked=str, hint_on_page=str, said=str)
# What Flask and its forms give every template that is not merely imported, and those too.
ALWAYS = frozenset({*_READER.globals, "csrf_token", "g", "request", "session"})


@cache
def _trees(folder: str) -> tuple[tuple[Path, ast.Module], ...]:
    paths = sorted((ROOT / "curriculum_studio" / folder).rglob("*.py"))
    return tuple((path, ast.parse(path.read_text("utf-8"))) for path in paths)


@cache
def _read(text: str) -> tuple[nodes.Template, frozenset[str], frozenset[str]]:
    """A template, the names that it makes itself, and those that it asks for."""
    tree = _READER.parse(text)
    made = frozenset(_made_in(tree))
    return tree, made, meta.find_undeclared_variables(tree) - made


def _called(node: ast.AST) -> str:
    """The last name of what is called."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _keys(tree: ast.AST) -> set[str]:
    """The names in `{"name": …}` and `f(name=…)`."""
    found = {one.arg for one in ast.walk(tree) if isinstance(one, ast.keyword) and one.arg}
    rows = [one for one in ast.walk(tree) if isinstance(one, ast.Dict)]
    return found | {key.value for row in rows for key in row.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}  # fmt: skip


def _everywhere() -> tuple[set[str], set[str]]:
    """Names that the program puts into all templates: into imported ones too, and into those alone that are rendered."""
    made, given = set(ALWAYS), set()
    for _, tree in (*_trees("web"), *_trees("publishing")):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(to := node.targets[0], ast.Subscript):
                if ast.unparse(to.value).endswith(".globals") and isinstance(to.slice, ast.Constant):
                    made.add(str(to.slice.value))
            elif _called(node) == "update" and "globals.update(" in ast.unparse(node):
                made |= _keys(node)
            elif _called(node) == "context_processor":
                given |= _keys(node)
    return made, given


@cache
def _renderings() -> tuple[tuple[str, frozenset[str]], ...]:
    """How the name of a template begins that is rendered, and what is passed to it. Where a row of names is passed on, any of its
    module counts; so do all of those who make pages of the sites."""
    found = []
    for _, tree in _trees("web"):
        for node in ast.walk(tree):
            if _called(node) == "render_template" and isinstance(node, ast.Call):
                names = {one.arg for one in node.keywords if one.arg}
                if any(one.arg is None for one in node.keywords):
                    names |= _keys(tree)
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and str(part.value).startswith("studio/"):
                        found.append((str(part.value), frozenset(names)))
    site = [_keys(tree) for path, tree in _trees("publishing") if path.name in PUBLISHING]
    return (*found, ("site/", frozenset().union(*site)))


def _made_in(tree: nodes.Template) -> set[str]:
    """Names that a template makes itself: set, looped over, imported, macros and their arguments."""
    found = {one.name for one in tree.find_all(nodes.Name) if one.ctx in ("store", "param")}
    found |= {one.name for one in tree.find_all(nodes.Macro)} | {
        one.target for one in tree.find_all(nodes.Import)
    }
    for one in tree.find_all(nodes.FromImport):
        found |= {name if isinstance(name, str) else name[1] for name in one.names}
    return found


def names_nobody_gives(templates: Mapping[str, str]) -> dict[str, set[str]]:
    """For each template, by name, the names in its text that nobody gives it."""
    trees = {name: _read(text) for name, text in templates.items()}
    made, given = _everywhere()
    known: dict[str, set[str]] = defaultdict(set)
    for name in trees:
        for begins, names in _renderings():
            if name.startswith(begins):
                known[name] |= names | given
    # What is included or extended sees what whoever does it sees; what is imported sees nothing.
    leads = [
        (name, one.template.value, own)
        for name, (tree, own, _) in trees.items()
        for one in tree.find_all((nodes.Include, nodes.Extends))
        if isinstance(one.template, nodes.Const)
    ]
    for _ in range(4):
        for name, to, own in leads:
            known[to] |= known[name] | own
    lacking = {name: asked - made - known[name] for name, (_, _, asked) in trees.items()}
    return {name: set(names) for name, names in lacking.items() if names}
