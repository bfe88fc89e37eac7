"""Reads the header of a file: a strict, string-first subset of YAML, with line and column of everything.

What stands there is what comes out: `3:2`, `no`, `010` and `1.10` stay text. There are no anchors, tags,
merge keys or repeated keys, and the limits below are checked before anything is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MAX_BYTES = 16 * 1024
MAX_DEPTH = 6
MAX_KEYS = 200

Value = str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]


class HeaderError(Exception):
    """A header that cannot be read: `line` and `column` are 1-based within the text that was given."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


@dataclass(frozen=True, slots=True)
class Header:
    """The values of a header and where each stands (1-based line and column in the file)."""

    values: Mapping[str, Value]
    places: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """The value as one line of text; `default` where it is absent or not a plain text."""
        value = self.values.get(key, default)
        return value if isinstance(value, str) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """The value as a list of texts; one text counts as a list of one."""
        value = self.values.get(key)
        if isinstance(value, str):
            return (value,) if value else ()
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def table(self, key: str) -> Mapping[str, Value]:
        """The value as a map; empty where it is absent or something else."""
        value = self.values.get(key)
        return value if isinstance(value, dict) else {}

    def place(self, *path: str | int) -> tuple[int, int]:
        """Where a value stands; its nearest known parent where it does not."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


def read_mapping(text: str, first_line: int = 1, *, name: str = "header", pairs: bool = False) -> Header:
    """Reads header lines (without the `---` marks) into values and places.

    `first_line` is the file's line number of the first line, `name` what the text is called in faults.
    With `pairs` the comma of `(1, 2)` belongs to the pair, inside brackets and braces too. Raises `HeaderError`.
    """
    if len(text.encode()) > MAX_BYTES:
        raise HeaderError(f"The {name} is larger than {MAX_BYTES // 1024} KB.", first_line, 1)
    reader = _Reader(text.split("\n"), first_line, name, _PAIR_STOP if pairs else _FLOW_STOP)
    values = reader.block_map(0, (), 1)
    return Header(values, reader.places)


_KEY = re.compile(r"""("[^"\n]*"|'[^'\n]*'|[^\s:#"'\[\]{},&*!|>%@`-][^:\n"']*?)[ ]*:(?:[ ]+|$)""")
_FLOW_STOP = re.compile(r"[^,\]}]*+(?P<stop>[,\]}])")
# Possessive, so that a line without a stop is walked once and a pair is never taken apart afterwards.
_PAIR_STOP = re.compile(r"(?:[^,\]}(]|\([^(),\]}]*,[^(),\]}]*\)|\()*+(?P<stop>[,\]}])")
_BAD_START = {
    "&": "Anchors (&) are not read here; write the value out or put it in quotes.",
    "*": "Aliases (*) are not read here; write the value out or put it in quotes.",
    "!": "Tags (!) are not read here; write the value as plain text or in quotes.",
    "@": "A value cannot begin with @; put it in quotes.",
    "`": "A value cannot begin with a back quote; put it in quotes.",
    ">": "Folded text (>) is not read here; use | and lines below it.",
    "%": "A value cannot begin with %; put it in quotes.",
}


class _Reader:
    """One reading of one header: lines, a cursor, and the places found so far."""

    def __init__(self, lines: list[str], first_line: int, name: str, stop: re.Pattern[str]) -> None:
        self.lines = lines
        self.at = 0
        self.first = first_line
        self.name, self.stop = name, stop
        self.places: dict[Path, tuple[int, int]] = {}
        self.keys = 0

    def fail(self, reason: str, column: int = 0) -> HeaderError:
        return HeaderError(reason, self.first + min(self.at, len(self.lines) - 1), column + 1)

    def peek(self) -> tuple[int, str] | None:
        """Indentation and text of the next line that says something; moves over blanks and comments."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            body = line.lstrip(" ")
            if body and body[0] == "\t":
                raise self.fail("A tab stands in the indentation; use spaces.", len(line) - len(body))
            if body.strip() and body[0] != "#":
                return len(line) - len(body), body
            self.at += 1
        return None

    def count_key(self, column: int) -> None:
        self.keys += 1
        if self.keys > MAX_KEYS:
            raise self.fail(f"The {self.name} has more than {MAX_KEYS} keys.", column)

    def deeper(self, depth: int, column: int) -> None:
        if depth > MAX_DEPTH:
            raise self.fail(f"The {self.name} is nested more than {MAX_DEPTH} levels deep.", column)

    def block_map(self, indent: int, path: Path, depth: int) -> dict[str, Value]:
        self.deeper(depth, indent)
        found: dict[str, Value] = {}
        while (line := self.peek()) is not None:
            column, body = line
            if column < indent:
                break
            if column > indent:
                raise self.fail("This line is indented more than the lines above it.", column)
            if body.startswith("- ") or body.rstrip() == "-":
                raise self.fail("A list item stands where a name and a colon are expected.", column)
            self.entry(body, column, found, path, depth)
        return found

    def entry(self, body: str, column: int, found: dict[str, Value], path: Path, depth: int) -> None:
        match = _KEY.match(body)
        if match is None:
            raise self.fail("A line here reads `name: value`.", column)
        key = match[1].strip("\"'") if match[1][0] in "\"'" else match[1]
        self.count_key(column)
        if key == "<<":
            raise self.fail("Merge keys (<<) are not read here.", column)
        if key in found:
            raise self.fail(f"The key “{key}” stands here twice.", column)
        self.places[(*path, key)] = (self.first + self.at, column + 1)
        found[key] = self.value(body[match.end() :], column + match.end(), column, (*path, key), depth)

    def value(self, rest: str, column: int, indent: int, path: Path, depth: int) -> Value:
        """The value after a key: on its line, or in the block below it."""
        if not rest.strip() or rest.lstrip().startswith("#"):
            self.at += 1
            return self.block_below(indent, path, depth)
        if rest.rstrip() in ("|", "|-", "|+"):
            self.at += 1
            return self.text_block(indent)
        if rest[0] in "[{":
            return self.flow(rest, column, path, depth)
        text = self.scalar(rest, column)
        self.at += 1
        return text

    def block_below(self, indent: int, path: Path, depth: int) -> Value:
        line = self.peek()
        if line is None:
            return ""
        column, body = line
        is_item = body.startswith("- ") or body.rstrip() == "-"
        if is_item and column >= indent:
            return self.block_list(column, path, depth + 1)
        return self.block_map(column, path, depth + 1) if column > indent else ""

    def block_list(self, indent: int, path: Path, depth: int) -> list[Value]:
        self.deeper(depth, indent)
        items: list[Value] = []
        while (line := self.peek()) is not None:
            column, body = line
            if column != indent or not (body.startswith("- ") or body.rstrip() == "-"):
                if column > indent:
                    raise self.fail("This line is indented more than the list above it.", column)
                break
            inner = body[1:].lstrip(" ")
            offset = column + len(body) - len(inner)
            here = (*path, len(items))
            self.places[here] = (self.first + self.at, offset + 1)
            self.count_key(column)
            if inner and inner[0] not in "[{\"'" and _KEY.match(inner):
                # `- title: x` opens a map whose keys stand at the column of its first key.
                self.lines[self.at] = " " * offset + inner
                items.append(self.block_map(offset, here, depth + 1))
            else:
                items.append(self.value(inner, offset, column, here, depth))
        return items

    def text_block(self, indent: int) -> str:
        kept: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            kept.append(line)
            self.at += 1
        margin = min((len(k) - len(k.lstrip(" ")) for k in kept if k.strip()), default=0)
        return "\n".join(k[margin:] for k in kept).rstrip("\n")

    def scalar(self, rest: str, column: int) -> str:
        first = rest[0]
        if first in "\"'":
            text, end = self.quoted(rest, 0, column)
            tail = rest[end:].strip()
            if tail and not tail.startswith("#"):
                raise self.fail("Something stands after the closing quote.", column + end)
            return text
        if first in _BAD_START:
            raise self.fail(_BAD_START[first], column)
        cut = rest.find(" #")
        return (rest if cut < 0 else rest[:cut]).strip()

    def quoted(self, text: str, start: int, column: int) -> tuple[str, int]:
        quote, out, i = text[start], [], start + 1
        while i < len(text):
            ch = text[i]
            if ch == quote:
                if quote == "'" and text[i + 1 : i + 2] == "'":
                    out.append("'")
                    i += 2
                    continue
                return "".join(out), i + 1
            if ch == "\\" and quote == '"':
                nxt = text[i + 1 : i + 2]
                if nxt not in ('"', "\\", "n", "/"):
                    raise self.fail('Only \\", \\\\ and \\n are read after a backslash.', column + i)
                out.append("\n" if nxt == "n" else nxt)
                i += 2
                continue
            out.append(ch)
            i += 1
        raise self.fail("A quote is opened here and not closed on its line.", column + start)

    def flow(self, rest: str, column: int, path: Path, depth: int) -> Value:
        """`[…]` or `{…}`, over several lines where its brackets are not closed on the first."""
        parser = _Flow(self, rest, column)
        result = parser.read(path, depth + 1)
        tail = parser.rest().strip()
        if tail and not tail.startswith("#"):
            raise self.fail("Something stands after the closing bracket.", parser.column())
        self.at += 1
        return result


class _Flow:
    """Reads bracketed values; takes further lines from its reader as it needs them."""

    def __init__(self, reader: _Reader, text: str, column: int) -> None:
        self.reader, self.text, self.i, self.shift = reader, text, 0, column

    def column(self) -> int:
        return self.shift + self.i

    def rest(self) -> str:
        return self.text[self.i :]

    def skip(self) -> str:
        while True:
            while self.i < len(self.text) and self.text[self.i] == " ":
                self.i += 1
            if self.i < len(self.text) and not self.text.startswith("#", self.i):
                return self.text[self.i]
            reader = self.reader
            reader.at += 1
            if reader.at >= len(reader.lines):
                raise reader.fail("A bracket is opened and not closed.", self.shift)
            line = reader.lines[reader.at]
            self.text, self.i, self.shift = line, 0, 0

    def read(self, path: Path, depth: int) -> Value:
        self.reader.deeper(depth, self.column())
        opening = self.skip()
        self.i += 1
        if opening == "[":
            return list(self.items(path, depth))
        return self.entries(path, depth)

    def items(self, path: Path, depth: int) -> Iterator[Value]:
        count = 0
        while self.skip() != "]":
            self.reader.count_key(self.column())
            self.reader.places[(*path, count)] = (self.reader.first + self.reader.at, self.column() + 1)
            yield self.one((*path, count), depth)
            count += 1
            self.comma("]")
        self.i += 1

    def entries(self, path: Path, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self.skip() != "}":
            match = re.compile(r"""("[^"]*"|'[^']*'|[^:,\[\]{}]+?)[ ]*:[ ]*""").match(self.text, self.i)
            if match is None:
                raise self.reader.fail("Between braces each entry reads `name: value`.", self.column())
            key = match[1].strip("\"'")
            self.reader.count_key(self.column())
            if key in found:
                raise self.reader.fail(f"The key “{key}” stands here twice.", self.column())
            self.reader.places[(*path, key)] = (self.reader.first + self.reader.at, self.column() + 1)
            self.i = match.end()
            found[key] = self.one((*path, key), depth)
            self.comma("}")
        self.i += 1
        return found

    def comma(self, closing: str) -> None:
        ch = self.skip()
        if ch == ",":
            self.i += 1
        elif ch != closing:
            raise self.reader.fail(f"A comma or “{closing}” is expected here.", self.column())

    def one(self, path: Path, depth: int) -> Value:
        ch = self.skip()
        if ch in "[{":
            return self.read(path, depth + 1)
        if ch in "\"'":
            text, self.i = self.reader.quoted(self.text, self.i, self.shift)
            return text
        if ch in _BAD_START:
            raise self.reader.fail(_BAD_START[ch], self.column())
        words: list[str] = []
        while True:  # plain words may go on over the line's end
            stop = self.reader.stop.match(self.text, self.i)
            end = stop.start("stop") if stop else len(self.text)
            words.append(self.text[self.i : end].strip())
            self.i = end
            if stop:
                return " ".join(words)
            self.skip()
