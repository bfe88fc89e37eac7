"""What a push would make of the store, and why it may not: every name, kind, size, text and author of it is looked at."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.content_changes import MAX_FILE, Author, Change, checked, names_of
from curriculum_studio.storage.content_quarantine import Lens

MOST_VERSIONS = 1_000
MOST_FILES = 50_000
"""Files and folders that may differ in one push: a few bytes can claim to hold millions of files."""
_MOST_LISTS = 64 * 1024 * 1024
_DEEPEST = 16
_LARGEST_FOLDER = 8 * 1024 * 1024
_LARGEST_NOTE = 20_000
_REASONS = 20
_DAY = 86_400
_FIRST_DAY = 1_104_537_600
_FILES = (b"100644", b"100755")
_FOLDER = b"40000"
_MARKS = re.compile(rb"^<{7} .*?^={7}\r?$.*?^>{7} ", re.MULTILINE | re.DOTALL)

_EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_ANEW = 'git rebase origin/main --exec "git commit --amend --no-edit --reset-author"'

_CREDIT = re.compile(r"^[ \t]*[\w-]+-by[ \t]*:(.*@.*)$", re.MULTILINE | re.IGNORECASE)

Files = dict[str, tuple[str | None, str | None]]
"""For each path that differs: the blob before and the blob after; None where there is none."""


@dataclass(slots=True)
class Reasons:
    """Why a push may not be taken in, each said once."""

    said: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        """Adds a reason; more than a terminal holds are not kept."""
        if sentence not in self.said and len(self.said) < _REASONS:
            self.said.append(sentence)

    def check(self) -> None:
        """Raises `Refused` with every reason, where there is one."""
        if self.said:
            raise Refused("\n".join(self.said))


@dataclass(frozen=True, slots=True)
class Commit:
    """A version as it was sent: its id, tree, parents and note."""

    id: str
    tree: str
    parents: tuple[str, ...]
    note: str


class Names:
    """All names of a state of the store as other computers take them: capitals and ways to write an accent count as equal."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._known: dict[str, Counter[str]] = {}
        for path in paths:
            self.add(path)

    def add(self, path: str) -> str | None:
        """Adds a path; another name that some computers could not tell from it, or from a folder of it."""
        found = None
        for one in _steps(path):
            known = self._known.setdefault(folded(one), Counter())
            known[one] += 1
            if len(known) > 1 and found is None:
                found = next(name for name in known if name != one)
        return found

    def remove(self, path: str) -> None:
        """Takes a path away."""
        for one in _steps(path):
            key = folded(one)
            known = self._known.get(key, Counter())
            known[one] -= 1
            if known[one] <= 0:
                del known[one]
            if not known:
                self._known.pop(key, None)


def folded(path: str) -> str:
    """A name as a computer sees it that knows no capitals and one way to write each accent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


def _steps(path: str) -> list[str]:
    names = path.split("/")
    return ["/".join(names[: at + 1]) for at in range(len(names))]


class Examiner:
    """Looks at one push by one person."""

    def __init__(self, lens: Lens, author: Author, now: int) -> None:
        self._lens, self._now = lens, now
        self._name, self._key = names_of(author)
        self.reasons = Reasons()
        self._differing = self._listed = 0
        self._lists: dict[str, dict[bytes, tuple[bytes, str]]] = {}
        self._blobs: set[tuple[str, bool]] = set()
        self._paths: set[str] = set()

    def commit(self, oid: str) -> Commit:
        """A version, its author and its note. Raises `Refused` where it is none."""
        raw = self._lens.content(oid, "commit", _LARGEST_NOTE + 20_000)
        head, _, note = raw.partition(b"\n\n")
        fields = [row.partition(b" ")[::2] for row in head.split(b"\n")]
        names = [name for name, _ in fields]
        if any(name not in (b"tree", b"parent", b"author", b"committer") for name in names):
            self.reasons.add(
                "A version is signed or marked in a way that may carry a mail address. Type: git config commit.gpgsign false, "
                f"then: {_ANEW}"
            )
        if names.count(b"tree") != 1 or names.count(b"author") != 1 or names.count(b"committer") != 1:
            raise Refused("A version that was sent cannot be read.")
        title = note.decode("utf-8", "replace").strip().partition("\n")[0][:80]
        values = dict(fields)
        for role in (b"author", b"committer"):
            self._check_person(values[role], title)
        try:
            text = note.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
            self.reasons.add(f"The note of “{title}” is not text (UTF-8).")
        own = [f"{self._name} <{self._key}@studio.invalid>"]
        if "\0" in text or len(text) > _LARGEST_NOTE:
            self.reasons.add(f"The note of “{title}” is too long, or holds what no text may hold.")
        if any(row.strip() not in own for row in _CREDIT.findall(text)):
            self.reasons.add(
                f"The note of “{title}” names somebody with an address. Take such lines (…-by: …) out of it: git commit --amend"
            )
        parents = tuple(value.decode("ascii", "replace") for name, value in fields if name == b"parent")
        return Commit(oid, values[b"tree"].decode("ascii", "replace"), parents, text.strip())

    def _check_person(self, line: bytes, title: str) -> None:
        match = re.fullmatch(rb"(.*) <([^<>]*)> (-?\d+) [+-]\d{4}", line)
        if match is None:
            raise Refused("A version that was sent cannot be read.")
        name, address = (part.decode("utf-8", "replace") for part in match.group(1, 2))
        if (name, address) != (self._name, f"{self._key}@studio.invalid"):
            who = f"user.name {shlex.quote(self._name)}"
            self.reasons.add(
                f"“{title}” was written as {name} <{address}>. Here people stand with their name and key alone, never with a mail address,"
                f" and each sends what is their own. Type these lines, then send again:\n"
                f"  git config {who}\n  git config user.email {self._key}@studio.invalid\n  {_ANEW}"
            )
        if not _FIRST_DAY <= int(match[3]) <= self._now + _DAY:
            self.reasons.add(
                f"“{title}” has a day that cannot be. Set this computer’s clock right, then type: {_ANEW}"
            )

    def differences(self, old: str | None, new: str | None, above: str = "") -> Files:
        """The files that differ between two folders. Raises `Refused` where they claim to be endless."""
        found: Files = {}
        before, after = self._folder(old), self._folder(new)
        if above.count("/") > _DEEPEST and after:
            raise Refused(f"Folders lie more than {_DEEPEST} deep in each other: {above}")
        for name in sorted(before.keys() | after.keys()):
            was, now = before.get(name), after.get(name)
            if was == now:
                continue
            self._differing += 1
            if self._differing > MOST_FILES:
                raise Refused(f"This claims to hold or to change more than {MOST_FILES:,} files.")
            path = above + self._text(name, above)
            if now is not None:
                self._check_path(path)
            was_folder, is_folder = (one is not None and one[0] == _FOLDER for one in (was, now))
            if was_folder or is_folder:
                found |= self.differences(
                    was[1] if was_folder and was else None, now[1] if is_folder and now else None, f"{path}/"
                )
            blobs = (
                was[1] if was and not was_folder else None,
                self._blob(path, *now) if now and not is_folder else None,
            )
            if blobs[0] != blobs[1]:
                found[path] = blobs
        return found

    def _folder(self, oid: str | None) -> dict[bytes, tuple[bytes, str]]:
        if oid is None:
            return {}
        if oid in self._lists:
            return self._lists[oid]
        raw, found, at = self._lens.content(oid, "tree", _LARGEST_FOLDER), {}, 0
        self._listed += len(raw)
        if self._listed > _MOST_LISTS:
            raise Refused("This claims to hold more files than can be looked through.")
        while at < len(raw):
            space = raw.index(b" ", at)
            end = raw.index(b"\0", space)
            found[raw[space + 1 : end]] = raw[at:space], raw[end + 1 : end + 21].hex()
            at = end + 21
        if not found and oid != _EMPTY:
            raise Refused("What was sent cannot be read.")
        self._lists[oid] = found
        return found

    def _text(self, name: bytes, above: str) -> str:
        try:
            return name.decode("utf-8")
        except UnicodeDecodeError:
            shown = name.decode("utf-8", "replace")
            self.reasons.add(f"The name of {above}{shown} is not text (UTF-8).")
            return shown

    def _check_path(self, path: str) -> None:
        if path in self._paths:
            return
        self._paths.add(path)
        try:
            checked(Change(path, None, None))
        except Refused as error:
            self.reasons.add(f"{path}: {error}")

    def _blob(self, path: str, mode: bytes, oid: str) -> str | None:
        """The blob of a file; None, with a reason, where it is none that the store takes."""
        if mode not in _FILES:
            what = {b"120000": "a link", b"160000": "another collection (a submodule)"}.get(mode, "of a kind that cannot be taken in")  # fmt: skip
            self.reasons.add(f"{path} is {what}. Only plain files can be taken in.")
            return None
        text = path.endswith((".md", ".yml", ".json", ".csv"))
        if (oid, text) in self._blobs:
            return oid
        self._blobs.add((oid, text))
        kind, size = self._lens.kind(oid)
        if kind != "blob":
            raise Refused("What was sent cannot be read.")
        if size > MAX_FILE:
            self.reasons.add(f"{path} is larger than {MAX_FILE // 1024 // 1024} MB.")
        elif text:
            content = self._lens.content(oid, "blob", MAX_FILE)
            try:
                checked(Change("text.md", content, None))
            except Refused as error:
                self.reasons.add(str(error).replace("text.md", path))
            if path.endswith(".md") and _MARKS.search(content):
                self.reasons.add(
                    f"{path} still holds the marks <<<<<<< and >>>>>>> where two changes met. Decide there, take the marks away, send again."
                )
        return oid
