"""The one grammar of attributes: `{#id key=value key="value"}` at the end of a line, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ONE = r"""(?:\#[a-z][a-z0-9-]{0,63}|[a-z][a-z-]*=(?:"[^"\n]*"|[^\s"{}]+))"""
GROUP = re.compile(r"\{[ ]*(" + _ONE + r"(?:[ ]+" + _ONE + r")*)[ ]*\}")
_AT_END = re.compile(r"[ ]*" + GROUP.pattern + r"[ ]*$")
_EACH = re.compile(_ONE)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a group says: the id, if any, and the values by key."""

    id: str | None
    values: Mapping[str, str]


NONE = Attributes(None, {})


def standards_in(value: str) -> Iterator[tuple[str, str]]:
    """The standards that an attribute names, each with its framework ("" for the one that the curriculum follows)."""
    for one in value.replace(",", " ").split():
        # `ccssm-2010:6.RP.A.1` names the edition; a bare code is of the one that the curriculum follows.
        framework, _, code = one.rpartition(":")
        yield code, framework


def read_group(inside: str) -> Attributes:
    """Reads what stands between the braces; the text must fit the grammar."""
    name: str | None = None
    values: dict[str, str] = {}
    for match in _EACH.finditer(inside):
        item = match[0]
        if item[0] == "#":
            name = name or item[1:]
        else:
            key, _, value = item.partition("=")
            values.setdefault(key, value.strip('"'))
    return Attributes(name, values)


def split_end(line: str) -> tuple[str, Attributes]:
    """A line without the attributes at its end, and these; braces that do not fit stay text."""
    if not line.rstrip().endswith("}"):
        return line, NONE
    match = _AT_END.search(line)
    if match is None:
        return line, NONE
    return line[: match.start()], read_group(match[1])
