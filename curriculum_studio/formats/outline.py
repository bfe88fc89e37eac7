"""Reads the outline of a document by lines, before Markdown: parts, audiences, passages, comments, held text.

The rules are those of the lesson format; where a line could be read two ways, the reading that shows a student
less is taken, and a grave finding names it. Nothing here reaches over a heading of the outline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.kinds import Editions
from curriculum_studio.domain.lessons import DocumentKind, Slot
from curriculum_studio.formats import outline_lines as marks
from curriculum_studio.formats.attributes import split_end
from curriculum_studio.formats.kinds import name_of, near, shown
from curriculum_studio.formats.outline_drafts import PLAIN, Draft, Fence, OpenPassage
from curriculum_studio.formats.outline_places import AS_TEXT, Place, place_heading, root_audience


class OutlineReader:
    """One reading of one body. `read` gives the root draft; `findings` what was found on the way."""

    def __init__(self, file: str, kind: DocumentKind, lines: Sequence[str], first: int, start: int) -> None:
        self.file, self.kind = file, kind
        self.source, self.first, self.offset = lines, first, start
        self.findings: list[Finding] = []
        root = Place("root", root_audience(kind), root_audience(kind))
        self.root = Draft(root, 1, "", "", None, {}, first, start)
        self.open: list[Draft] = [self.root]
        self.held = False
        self.fence: Fence | None = None
        self.comment: tuple[int, int, str, int] | None = None
        self.passages: list[OpenPassage] = []
        self.columns: list[int] = [0]

    def read(self) -> Draft:
        """Reads all lines; the drafts' offsets are code points of the file."""
        offset = self.offset
        number = self.first
        for line in self.source:
            first, open_now = line[:1], self.comment or self.fence or self.passages
            # Most lines are empty or begin with a letter, and can be nothing but text.
            if (not first or first in PLAIN) and not open_now and "<!--" not in line:
                self.columns = [0] if first else self.columns
                self.open[-1].put(line, number)
            else:
                self.take(line, number, offset)
            offset += len(line) + 1
            number += 1
        self.end_open_marks(2)
        self.close_drafts(1, max(offset - 1, self.offset))
        return self.root

    @property
    def here(self) -> Draft:
        return self.open[-1]

    def report(self, code: str, line: int, column: int = 1, **words: str | int) -> None:
        self.findings.append(finding(code, self.file, line, column, **words))

    # Lines -------------------------------------------------------------------------------------------------

    def take(self, line: str, number: int, offset: int) -> None:
        if line.startswith("##") and (match := marks.HEADING.match(line)):
            self.heading(line, number, offset, len(match[1]))
            return
        bare, open_now = line.lstrip(" "), self.comment or self.fence or self.passages
        if not open_now and "<!--" not in line and (not bare or bare[0] in PLAIN):
            self.open[-1].put(line, number)
        else:
            self.take_slowly(line, number)

    def take_slowly(self, line: str, number: int) -> None:
        rest = self.without_comments(line, number)
        if rest is None:
            return
        if self.passages and not self.in_quote(rest, number):
            return
        if marks.MARK_LIKE.match(rest) and self.passage_mark(rest, number):
            return
        if self.fence is not None:
            self.in_fence(rest, number)
            return
        if marks.FENCE_LIKE.match(rest) and self.fence_mark(rest, number):
            return
        if not self.passages:
            self.hidden_heading(rest, number)
            self.columns = marks.columns_after(rest, self.columns)
        self.put(rest, number)

    def put(self, line: str, number: int) -> None:
        """Adds a line to whatever is open: a passage, a region held back, or the part's own text."""
        if self.passages:
            outer = self.passages[0]
            prefix = self.passages[0].prefix
            outer.text.append(line[len(prefix) :] if line.startswith(prefix) else line.lstrip(" "))
            outer.lines.append(number)
            return
        self.here.put(line, number)

    def without_comments(self, line: str, number: int) -> str | None:
        """The line without its comments; None where nothing of it is left, or a comment goes on."""
        was_cut = False
        head = ""
        if self.comment is not None:
            close = line.find("-->")
            if close < 0:
                return None
            head, line, was_cut = self.comment[2], line[close + 3 :], True
            self.comment = None
        if self.fence is None and "<!--" in line:
            size = len(line)
            line, opens = marks.uncommented(line)
            was_cut = was_cut or len(line) < size
            if opens:
                self.comment = (number, len(head) + opens, head + line, self.text_size())
                return None
        line = head + line
        if was_cut:
            line = line.rstrip(" ")
            # A line that held a comment only leaves nothing: an empty line there would part two paragraphs.
            if marks.BLANK_QUOTE.match(line):
                return None
        return line

    def text_size(self) -> int:
        return len(self.here.text)

    # Passages ----------------------------------------------------------------------------------------------

    def in_quote(self, line: str, number: int) -> bool:
        prefix = self.passages[-1].prefix.rstrip(" ")
        if ">" in prefix and not line.startswith(prefix):
            self.report("passage-quote", number)
            self.hold_from_passage()
            self.put(line, number)
            return False
        return True

    def passage_mark(self, line: str, number: int) -> bool:
        """Deals with a line that begins with colons; False where it is a line of code."""
        opening = marks.OPENING.match(line)
        if opening:
            inner = self.fence
            self.passages.append(OpenPassage(opening[1], len(opening[2]), number, self.text_size(), inner))
            self.fence = None
            return True
        if self.fence is not None:
            if "teacher" not in line.casefold():
                return False
        elif self.passages and (closing := marks.CLOSING.match(line)):
            passage = self.passages[-1]
            if closing[1] == passage.prefix and len(closing[2]) >= passage.size:
                self.close_passage()
                return True
        self.report("passage-mark", number, len(line) - len(line.lstrip()) + 1)
        if self.passages:
            self.hold_from_passage()
        elif self.fence is not None:
            self.hold_from(self.fence.at)
            self.fence = None
            self.held = True
        else:
            self.hold_rest()
        self.put(line, number)
        return True

    def close_passage(self) -> None:
        passage = self.passages.pop()
        self.fence = passage.fence
        if self.passages:
            return
        draft = self.here
        if draft.region is not None:
            draft.region_text += passage.text
            draft.region_lines += passage.lines
        else:
            draft.slots.append(
                Slot(passage.at, passage.prefix, "\n".join(passage.text), tuple(passage.lines))
            )

    def hold_from_passage(self) -> None:
        """Holds back all from the outermost open passage to the end of its `##` part."""
        outer = self.passages[0]
        self.passages = []
        self.fence = None
        self.hold_from(outer.at)
        self.here.region_text += outer.text
        self.here.region_lines += outer.lines
        self.held = True

    # Holding back ------------------------------------------------------------------------------------------

    def hold_rest(self) -> None:
        self.hold_from(self.text_size())

    def hold_from(self, at: int) -> None:
        self.here.hold_from(at)

    def end_region(self) -> None:
        self.here.end_region()

    # Code --------------------------------------------------------------------------------------------------

    def fence_mark(self, line: str, number: int) -> bool:
        match = marks.FENCE.match(line)
        if match is None:
            self.report("fence-place", number)
            self.hold_code(self.text_size())
            self.put(line, number)
            return True
        prefix = match[1] + " " * (len(match[2]) + len(match[3]) if match[2] else 0)
        column = len(prefix) - (prefix.rfind(">") + 1)
        bases = (
            [base for base in self.columns if base <= column]
            if not match[2] and ">" not in prefix
            else [column]
        )
        if column - max(bases, default=0) > 3 + (1 if ">" in prefix else 0):
            self.report("fence-place", number, len(prefix) + 1)
            self.hold_code(self.text_size())
        else:
            self.fence = Fence(prefix, match[4][0], len(match[4]), number, len(prefix) + 1, self.text_size())
        self.put(line, number)
        return True

    def in_fence(self, line: str, number: int) -> None:
        fence = self.fence
        assert fence is not None  # noqa: S101 - the caller looked
        end = marks.FENCE_END.match(line)
        closes = end is not None and end[2][0] == fence.char and len(end[2]) >= fence.size
        carried = line.startswith(fence.prefix) or (">" not in fence.prefix and not line.strip())
        if closes and end is not None and end[1] == fence.prefix:
            self.fence = None
        elif closes or (not carried and fence.prefix):
            self.report("fence-place", number)
            self.hold_code(fence.at)
            self.fence = None
        self.put(line, number)

    def hold_code(self, at: int) -> None:
        if self.passages:
            self.hold_from_passage()
        else:
            self.hold_from(at)
        self.held = True

    # Headings ----------------------------------------------------------------------------------------------

    def hidden_heading(self, line: str, number: int) -> None:
        match = marks.HIDDEN.match(line)
        text: str | None = None
        if match is not None:
            text = match[2] if match[2] is not None else match[3]
            spaced = match[2] is not None
            if text is not None and line.startswith("# ") and self.is_title(number):
                return
        elif marks.UNDERLINE.match(line) and self.here.text and self.here.lines[-1] == number - 1:
            text = self.here.text[-1].strip(" >")
            spaced = False
        if not text:
            return
        kind = near(split_end(text)[0].strip().strip("#").strip())
        if kind is None:
            if match is not None and spaced:
                self.report("heading-text", number)
            return
        self.report("hidden-heading", number, kind=shown(kind))
        if match is None:
            self.hold_from(max(self.text_size() - 1, 0))
        else:
            self.hold_rest()

    def is_title(self, number: int) -> bool:
        return (
            self.here is self.root
            and not any(line.strip() for line in self.root.text)
            and number >= self.first
        )

    def heading(self, line: str, number: int, offset: int, level: int) -> None:
        if self.comment is not None and level > 4:
            return
        if self.fence is not None and level > 4:
            self.in_fence(line, number)
            return
        if self.comment is not None or self.fence is not None:
            self.end_open_marks(level)
        line, opens = marks.uncommented(line)
        self.bare_heading(line, number, offset, level)
        if opens:
            self.comment = (number, opens, "", self.text_size())

    def bare_heading(self, line: str, number: int, offset: int, level: int) -> None:
        """Takes a heading that holds no comment, where neither a comment nor code is open."""
        words, attributes = split_end(line[level:])
        words = words.strip()
        stripped = words.rstrip("#")
        if stripped.endswith(" ") or not stripped:
            words = stripped.rstrip()
        if self.passages:
            kind = near(words)
            if level > 2 and kind is None:
                self.put(line, number)
                return
            if level > 2:
                self.report("heading-in-passage", number, kind=shown(kind or "student-task"))
                self.hold_from_passage()
            else:
                self.end_open_marks(level)
        self.open_part(line, number, offset, level, words, attributes.id, attributes.values)

    def end_open_marks(self, level: int) -> None:
        """A heading, or the end of the file, ends whatever is still open; all of it is held back."""
        if self.comment is not None:
            number, column, head, at = self.comment
            self.comment = None
            self.report("unclosed-comment", number, column)
            self.hold_code(at)
            if head.strip():
                self.put(head, number)
        if self.fence is not None:
            fence = self.fence
            self.report("unclosed-fence", fence.line, fence.column, marks=fence.char * fence.size)
            self.hold_code(fence.at)
            self.fence = None
        if self.passages and level == 2:
            self.report("unclosed-passage", self.passages[0].line, len(self.passages[0].prefix) + 1)
            self.hold_from_passage()

    def open_part(
        self,
        line: str,
        number: int,
        offset: int,
        level: int,
        words: str,
        name: str | None,
        values: Mapping[str, str],
    ) -> None:
        if level == 2:
            self.held = False
        parents = [draft for draft in self.open if draft.level < level]
        parent = parents[-1] if parents else self.root
        named = name_of(words)
        place = place_heading(self.kind, level, named.kind, near(words), parent.place)
        if place is AS_TEXT or place.kind == "region":
            self.text_heading(line, number, offset, level, teacher=place is not AS_TEXT)
            return
        self.close_drafts(level, offset)
        held = self.held or self.here.region == 0
        editions: Editions = place.editions & frozenset({"teacher"}) if held else place.editions
        own = place.own & editions
        draft = Draft(
            Place(place.kind, editions, own), level, named.words, named.title, name, values, number, offset
        )
        self.here.parts.append(draft)
        self.open.append(draft)
        self.columns = [0]
        self.note_place(place, named.words or words, number, level, words)

    def note_place(self, place: Place, words: str, number: int, level: int, heading: str) -> None:
        if place.unknown:
            nearest = near(heading)
            hint = (
                f"Did you mean “{shown(nearest)}”?"
                if nearest
                else "Use one of the names in the format's table."
            )
            self.report("unknown-kind", number, words=words, hint=hint)
        elif place.expected_level and place.expected_level != level:
            inside = "" if place.expected_level == 2 else ", inside the part that it belongs to"
            self.report("kind-level", number, words=words, marks="#" * place.expected_level, inside=inside)

    def text_heading(self, line: str, number: int, offset: int, level: int, *, teacher: bool) -> None:
        """A deeper heading that is text of its part; in a region of its own where its words are a teacher's."""
        while len(self.open) > 1 and self.here.level >= level:
            self.close_drafts(self.here.level, offset)
        draft = self.here
        if draft.region is not None and draft.region > 0 and level <= draft.region:
            self.end_region()
        if teacher and draft.region is None:
            draft.region = level
        self.put(line, number)

    def close_drafts(self, level: int, offset: int) -> None:
        while self.open and self.here.level >= level:
            self.end_region()
            self.here.end = offset
            if len(self.open) == 1:
                return
            self.open.pop()
        if self.here.region is not None and self.here.region > 0 and level <= self.here.region:
            self.end_region()
