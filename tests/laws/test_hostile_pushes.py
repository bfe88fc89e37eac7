"""Pushes made by hand to do harm: each is refused with its reason, the store stays whole, and nothing else is touched."""

from __future__ import annotations

import subprocess
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from curriculum_studio.actions.pushes import receive_push
from curriculum_studio.domain.people import Person
from curriculum_studio.studio import Studio
from tests.storage.packs import NONE, Pack, request, said
from tests.web.cast import opened

MAIN = "refs/heads/main"
FILE, FOLDER, LINK, MODULE = "100644", "40000", "120000", "160000"
Case = tuple[str, Callable[["Workshop"], bytes], str]


@dataclass
class Workshop:
    """The studio under attack, and what a push needs to look honest."""

    studio: Studio
    person: Person

    @property
    def tip(self) -> str:
        found = self.studio.content.tip()
        assert found is not None
        return found

    @property
    def who(self) -> str:
        return f"{self.person.name} <{self.person.key}@studio.invalid>"

    def root(self, *, without: frozenset[bytes] = frozenset()) -> list[tuple[str, bytes, str]]:
        """The entries of the newest version's outermost folder."""
        store = self.studio.settings.content
        raw = subprocess.run(["git", "-C", str(store), "ls-tree", "-z", self.tip], capture_output=True, check=True).stdout  # fmt: skip
        rows = []
        for row in raw.split(b"\0")[:-1]:
            head, _, name = row.partition(b"\t")
            mode, _, oid = head.split()
            if name not in without:
                rows.append((mode.decode().lstrip("0"), name, oid.decode()))
        return rows

    def send(self, pack: bytes, *commands: tuple[str, str, str]) -> tuple[str, str]:
        answer = b"".join(receive_push(self.studio, self.person, request(pack, *commands)))
        if answer[4:7] == b"ERR":
            return answer.decode(), "ng"
        return said(answer)

    def put(self, *extra: tuple[str, bytes, str], pack: Pack, ordered: bool = True) -> tuple[str, str]:
        """Sends a version with more entries in the outermost folder."""
        rows = [*self.root(without=frozenset(name for _, name, _ in extra)), *extra]
        if ordered:
            rows.sort(key=lambda row: row[1] + (b"/" if row[0] == FOLDER else b""))
        version = pack.commit(pack.tree(*rows), self.tip, self.who)
        return self.send(pack.bytes(), (self.tip, version, MAIN))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    studio = opened(tmp_path_factory.mktemp("hostile"))
    yield Workshop(studio, studio.people.by_account("dana").person)
    studio.close()


def refused(workshop: Workshop, answer: tuple[str, str], before: str) -> None:
    words, report = answer
    assert "ng" in report, words + report
    assert "ok refs" not in report
    assert len(words.strip()) > 20, "a reason is a sentence"
    assert "Traceback" not in words
    assert str(workshop.studio.settings.folder) not in words
    assert workshop.tip == before


# Names ------------------------------------------------------------------------------------------------------

DOT_GIT = [b".git", b".GIT", b".Git", b"git~1", b"GIT~1", b".git ", b".git.", b".git. .", b".g\xe2\x80\x8cit", b".gi\xe2\x80\x8dt", b".git::$INDEX_ALLOCATION", b".git\\x", b"\xef\xbb\xbf.git", b".git\xe2\x80\x8e", b".gitmodules", b".gitattributes", b".gitignore"]  # fmt: skip
CLIMBS = [b".", b"..", b"...", b"a/b", b"../x", b"/etc", b"..\\x", b"c:x", b"a\\b", b"~", b"~root", b"-rf", b"--help", b"x.lock", b"x.md.lock", b".x", b".", b""]  # fmt: skip
MARKS = [bytes([code]) + b"x.md" for code in range(1, 32)] + [b"x" + bytes([code]) + b".md" for code in b':*?"<>|\\\x7f']  # fmt: skip
DEVICES = [name + ending for name in (b"con", b"CON", b"prn", b"aux", b"nul", b"Nul", *(f"com{n}".encode() for n in range(10)), *(f"LPT{n}".encode() for n in range(10))) for ending in (b"", b".md", b".tar.gz")]  # fmt: skip
ODD_BYTES = [b"x\xff.md", b"\xc0\xae.md", b"\xed\xa0\x80.md", b"\xf8\x88\x80\x80\x80", b"a\x80", b"\xfe\xff", b"caf\xe9.md"]  # fmt: skip
UNSEEN = [f"x{one}y.md".encode() for one in "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u2028\u2029\ue000\U000e0001\U000f0000"]  # fmt: skip
SPLIT = [unicodedata.normalize("NFD", name).encode() for name in ("é.md", "Größe.md", "niño.md", "Å.md", "한.md", "が.md")]  # fmt: skip
ENDS = [b"x.", b"x ", b"x.md.", b"x.md ", b"x..", b"a" * 401, b"a" * 5000, "é".encode() * 300]
TWINS = [b"Charter.md", b"CHARTER.MD", b"charter.MD", b"Grade-6", b"GRADE-3", b"STANDARDS", b"Rubrics", b"GLOSSARY.md", b"\xef\xbd\x83harter.md", b"glo\xc5\xbf\xc5\xbfary.md"]  # fmt: skip
NAMES = [*DOT_GIT, *CLIMBS, *MARKS, *DEVICES, *ODD_BYTES, *UNSEEN, *SPLIT, *ENDS]


@pytest.mark.parametrize("place", ["file", "folder"])
def test_names_that_would_do_harm(workshop: Workshop, place: str) -> None:
    for name in NAMES:
        pack, before = Pack(), workshop.tip
        blob = pack.add("blob", b"words\n")
        if place == "folder":
            row = FOLDER, name, pack.tree((FILE, b"x.md", blob))
        else:
            row = FILE, name, blob
        refused(workshop, workshop.put(row, pack=pack), before)


def test_names_that_some_computers_cannot_tell_apart(workshop: Workshop) -> None:
    for name in TWINS:
        pack, before = Pack(), workshop.tip
        blob = pack.add("blob", b"words\n")
        row = (FILE, name, blob) if b"." in name else (FOLDER, name, pack.tree((FILE, b"new-thing.md", blob)))
        answer = workshop.put(row, pack=pack)
        if name == b"glo\xc5\xbf\xc5\xbfary.md":
            assert "cannot tell" in answer[0]
        refused(workshop, answer, before)
    for first, second in (("a.md", "A.md"), ("straße.md", "STRASSE.md"), ("ﬁn.md", "fin.md"), ("ſ.md", "s.md"), ("K.md", "k.md")):  # fmt: skip
        pack, before = Pack(), workshop.tip
        blob = pack.add("blob", b"words\n")
        rows = [(FILE, first.encode(), blob), (FILE, second.encode(), blob)]
        refused(workshop, workshop.put(*rows, pack=pack), before)


# Kinds of files, and contents -------------------------------------------------------------------------------


def test_links_collections_and_odd_kinds(workshop: Workshop) -> None:
    for mode in (LINK, MODULE, "100664", "100600", "040000", "100777", "0100644", "10644", "000000", "777", "160001", "20666", "60666"):  # fmt: skip
        for target in (b"/etc/passwd", b"../../studio.toml", b"charter.md", b"x" * 5000):
            pack, before = Pack(), workshop.tip
            oid = pack.add("blob", target)
            refused(workshop, workshop.put((mode, b"new.md", oid if mode != MODULE else workshop.tip), pack=pack), before)  # fmt: skip


def test_texts_that_nobody_could_read(workshop: Workshop) -> None:
    marks = b"<<<<<<< mine\na\n=======\nb\n>>>>>>> theirs\n"
    bad = [b"\xff\xfe\x00a", b"caf\xe9", b"a\0b", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"x" * 100 + b"\x80", "words".encode("utf-16"), marks, b"Before.\n" + marks + b"After.\n", marks.replace(b"\n", b"\r\n")]  # fmt: skip
    for content in bad:
        for name in (b"new.md", b"new.es.md"):
            pack, before = Pack(), workshop.tip
            refused(workshop, workshop.put((FILE, name, pack.add("blob", content)), pack=pack), before)
    for name in (b"x.json", b"x.csv", b"x.yml"):
        pack, before = Pack(), workshop.tip
        refused(workshop, workshop.put((FILE, name, pack.add("blob", b"\xff\0")), pack=pack), before)


def test_what_is_too_large(workshop: Workshop) -> None:
    before = workshop.tip
    for name in (b"x.md", b"x.png", b"x"):
        pack = Pack()
        words, report = workshop.put((FILE, name, pack.add("blob", b"x" * (10 * 1024 * 1024 + 1))), pack=pack)
        assert "larger than 10 MB" in words
        refused(workshop, (words, report), before)


def test_a_few_bytes_that_claim_to_be_endless(workshop: Workshop) -> None:
    """Folders in folders, ten times ten times ten; a picture of zeros; a delta that copies itself."""
    before = workshop.tip
    for wide, deep in ((10, 12), (2, 40), (1, 200), (100, 5)):
        pack = Pack()
        inner = pack.tree((FILE, b"x.md", pack.add("blob", b"x")))
        for _ in range(deep):
            inner = pack.tree(*((FOLDER, f"f{n:03}".encode(), inner) for n in range(wide)))
        refused(workshop, workshop.put((FOLDER, b"bomb", inner), pack=pack), before)
    pack = Pack()
    many = pack.tree(*((FILE, f"n{n:07}.md".encode(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391") for n in range(250_000)))  # fmt: skip
    pack.add("blob", b"")
    refused(workshop, workshop.put((FOLDER, b"many", many), pack=pack), before)
    pack = Pack()
    packer = zlib.compressobj()
    body = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(64)) + packer.flush()
    size, head, first = 64 * 1024**2, bytearray(), 3 << 4
    first, size = first | size & 15, size >> 4
    while size:
        head.append(first | 128)
        first, size = size & 127, size >> 7
    pack.objects.append(bytes([*head, first]) + body)
    refused(workshop, workshop.put((FILE, b"zeros.png", "0123456789" * 4), pack=pack), before)
    pack = Pack()
    base = pack.add("blob", b"x" * 65_536)
    # Each order of four bytes copies the whole base once more: 100,000 of them make six gigabytes.
    length, out = 65_536 * 100_000, bytearray()
    for number in (65_536, length):
        while number > 127:
            out.append(number & 127 | 128)
            number >>= 7
        out.append(number)
    pack.add_delta(base, bytes(out) + b"\x80" * 100_000)
    refused(workshop, workshop.put((FILE, b"copies.png", base), pack=pack), before)


# Versions, authors, names of versions -----------------------------------------------------------------------


def test_versions_that_are_not_ones_own(workshop: Workshop) -> None:
    key, name = workshop.person.key, workshop.person.name
    ben = workshop.studio.people.by_account("ben").person
    people = [f"{name} <dana@school.org>", f"{ben.name} <{ben.key}@studio.invalid>", f"Dana Lead <{key}@studio.invalid>", f"{name} <{key}@studio.invalid.org>", f"dana@school.org <{key}@studio.invalid>", f" <{key}@studio.invalid>", f"{name} <>", f"{name}  <{key}@studio.invalid>", f"{name} <{key.upper()}@studio.invalid>", f"{name} <{key}@STUDIO.invalid>", f"{name}\u200b <{key}@studio.invalid>"]  # fmt: skip
    for who in people:
        pack, before = Pack(), workshop.tip
        blob = pack.add("blob", b"---\nid: newtext1\ntitle: x\n---\n")
        version = pack.commit(pack.tree(*workshop.root(), (FILE, b"zz.md", blob)), workshop.tip, who)
        words, report = workshop.send(pack.bytes(), (workshop.tip, version, MAIN))
        assert "git config" in words or "Git finds" in words, words
        refused(workshop, (words, report), before)


def _raw(workshop: Workshop, pack: Pack, head: str, note: bytes = b"x\n") -> bytes:
    tree = pack.tree(*workshop.root())
    head = head.replace("TREE", tree).replace("TIP", workshop.tip).replace("WHO", workshop.who)
    return head.encode() + b"\n" + note


def test_versions_that_cannot_be(workshop: Workshop) -> None:
    good = "tree TREE\nparent TIP\nauthor WHO 1750000000 +0000\ncommitter WHO 1750000000 +0000\n"
    heads = [
        "tree TREE\nparent TIP\n", "", "parent TIP\n" + good, good + "gpgsig -----BEGIN\n x@y.z\n", good + "encoding latin-1\n", good + "mergetag object x\n",
        good.replace("tree TREE\n", ""), good.replace("tree TREE", "tree TIP"), good.replace("tree TREE", "tree " + "0" * 40), good.replace("parent TIP", "parent " + "1" * 40),
        good.replace("parent TIP\n", ""), good.replace("parent TIP", "parent TREE"), good.replace("1750000000", "9999999999"), good.replace("1750000000", "-5"),
        good.replace("1750000000", "99999999999999999999999"), good.replace("1750000000 +0000", "x"), good.replace("author WHO", "author WHO <a@b.c>"), good + good,
        good.replace("author", "autor"), good + "x y\n",
    ]  # fmt: skip
    for head in heads:
        pack, before = Pack(), workshop.tip
        version = pack.add("commit", _raw(workshop, pack, head))
        refused(workshop, workshop.send(pack.bytes(), (workshop.tip, version, MAIN)), before)
    for note in (
        b"x\n\nSigned-off-by: D <d@school.org>\n",
        b"x\n\nco-authored-by: Ben <p-1@studio.invalid>\n",
        b"\xff\xfe",
        b"a\0b",
        b"x" * 30_000,
    ):
        pack, before = Pack(), workshop.tip
        version = pack.add("commit", _raw(workshop, pack, good, note))
        refused(workshop, workshop.send(pack.bytes(), (workshop.tip, version, MAIN)), before)


def test_names_of_versions_that_are_not_for_outside(workshop: Workshop) -> None:
    before, published = workshop.tip, workshop.studio.content.published()
    refs = [
        "refs/heads/published", "refs/heads/new", "refs/tags/v1", "refs/studio/record", "refs/heads/main.lock", "HEAD", "refs/heads/../../x", "main", "refs/heads/", "refs/replace/x",
        "refs/notes/commits", "refs/heads/main/x", "../config", "refs/heads/ma in", "refs/heads/\u202emain", "refs/heads/main\x1b[31m", "x" * 5000, "refs/heads/Main", "refs/remotes/origin/main",
    ]  # fmt: skip
    for name in refs:
        pack = Pack()
        blob = pack.add("blob", b"---\nid: newtext1\ntitle: x\n---\n")
        version = pack.commit(pack.tree(*workshop.root(), (FILE, b"zz.md", blob)), workshop.tip, workshop.who)
        words, report = workshop.send(pack.bytes(), (NONE, version, name))
        refused(workshop, (words, report), before)
        assert "\x1b" not in words + report
    for old, new in ((workshop.tip, NONE), (NONE, NONE), ("1" * 40, workshop.tip), (workshop.tip, "1" * 40)):
        refused(workshop, workshop.send(b"" if new == NONE else Pack().bytes(), (old, new, MAIN)), before)
    assert workshop.studio.content.published() == published
    shown = subprocess.run(["git", "-C", str(workshop.studio.settings.content), "for-each-ref"], capture_output=True, text=True, check=True)  # fmt: skip
    assert {row.split("\t")[1] for row in shown.stdout.splitlines()} <= {MAIN, "refs/heads/published"}


def test_force_and_stale(workshop: Workshop) -> None:
    tip = workshop.tip
    parents = subprocess.run(["git", "-C", str(workshop.studio.settings.content), "rev-list", tip], capture_output=True, text=True, check=True).stdout.split()  # fmt: skip
    pack = Pack()
    blob = pack.add("blob", b"---\nid: newtext1\ntitle: x\n---\n")
    lonely = pack.commit(pack.tree((FILE, b"zz.md", blob)), None, workshop.who)
    aside = pack.commit(pack.tree(*workshop.root(), (FILE, b"zz.md", blob)), lonely, workshop.who)
    for new in (lonely, aside):
        for old in (tip, NONE, parents[-1]):
            words, report = workshop.send(pack.bytes(), (old, new, MAIN))
            refused(workshop, (words, report), tip)


# The wire ---------------------------------------------------------------------------------------------------


def test_wires_that_are_cut_or_mad(workshop: Workshop) -> None:
    from io import BytesIO

    before = workshop.tip
    pack = Pack()
    blob = pack.add("blob", b"---\nid: newtext1\ntitle: x\n---\n")
    version = pack.commit(pack.tree(*workshop.root(), (FILE, b"zz.md", blob)), workshop.tip, workshop.who)
    good = request(pack.bytes(), (workshop.tip, version, MAIN))(10**9)
    cuts = [good[:at] for at in range(0, len(good), max(1, len(good) // 60))]
    flips = [good[:at] + bytes([good[at] ^ 255]) + good[at + 1 :] for at in range(150, len(good), max(1, len(good) // 60))]  # fmt: skip
    mad = [b"", b"0000", b"0000PACK", b"zzzz", b"fff0", b"0004" * 300, b"0001", b"00", b"\0" * 100, b"GET / HTTP/1.1\r\n\r\n", b"0009hello0000", b"0035shallow " + b"1" * 40 + b"\n0000"]  # fmt: skip
    for body in (*cuts, *flips, *mad):
        answer = b"".join(receive_push(workshop.studio, workshop.person, BytesIO(body).read))
        assert b"ok refs" not in answer, body[:200]
        assert workshop.tip == before
    extra = b"".join(receive_push(workshop.studio, workshop.person, BytesIO(good + b"more").read))
    assert workshop.tip == before or b"ok refs" in extra


def test_after_all_of_it_the_store_is_whole_and_works(workshop: Workshop) -> None:
    store = workshop.studio.settings.content
    done = subprocess.run(["git", "-C", str(store), "fsck", "--full", "--strict"], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not list((store / "quarantine").iterdir())
    assert {path.name for path in Path(store).iterdir()} <= {"HEAD", "config", "description", "hooks", "info", "objects", "refs", "packed-refs", "logs", "studio.write", "quarantine", "branches"}  # fmt: skip
    before = workshop.tip
    pack = Pack()
    blob = pack.add("blob", b"---\nid: goodtext\ntitle: A good text\n---\n")
    words, report = workshop.put((FILE, b"good.md", blob), pack=pack)
    assert "ok refs/heads/main" in report, words
    assert "Taken in: 1 file" in words
    assert workshop.tip != before
