"""A push from outside, from the wire to the moment when it may land: hides what is read, compared and refused on the way."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.content_changes import MAX_FILE, Author
from curriculum_studio.storage.content_door import Door
from curriculum_studio.storage.content_examine import MOST_VERSIONS, Commit, Examiner, Files, Names
from curriculum_studio.storage.content_git import Bare
from curriculum_studio.storage.content_quarantine import NOTHING, Quarantine

MAIN = "refs/heads/main"
FETCH_FIRST = "Somebody saved something that you do not have yet. Type: git pull --rebase, then send again."
_OTHER_NAMES = {
    "refs/heads/published": "What is published changes by publishing in the studio, not from outside.",
    "refs/tags/": "Names of versions are given in the studio; marks (tags) are not taken in.",
}


@dataclass(frozen=True, slots=True)
class Push:
    """A push that does no harm: its newest version, the one of ours that it began from, and every file that differs.

    `plain`: its versions stand in one line, so that they can stand in the history as they are. `touched` are all files
    that any of them changes, `notes` what was said about each.
    """

    new: str
    base: str | None
    plain: bool
    files: Files
    touched: frozenset[str]
    notes: tuple[str, ...]
    quarantine: Quarantine

    def content(self, path: str) -> bytes:
        """The new bytes of a file. Raises `Refused` where it has none."""
        lens = self.quarantine.lens()
        try:
            return lens.content(self.files[path][1] or "", "blob", MAX_FILE)
        finally:
            lens.close()

    def texts(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The new bytes of several files; those that are gone are left out."""
        lens = self.quarantine.lens()
        try:
            blobs = {path: self.files[path][1] for path in paths}
            return {path: lens.content(blob, "blob", MAX_FILE) for path, blob in blobs.items() if blob}
        finally:
            lens.close()


def refusal_of(name: str, new: str) -> str:
    """Why a push may not change a name, "" where it is the working text and moves on."""
    if name != MAIN:
        plain = "Only the working text (main) takes changes from outside. Type: git push origin main"
        return next((why for mark, why in _OTHER_NAMES.items() if name.startswith(mark)), plain)
    if new == NOTHING:
        return "The working text cannot be taken away."
    return ""


def looked_at(store: Bare, quarantine: Quarantine, author: Author) -> Push | None:
    """Examines what a push would do to the working text; None where all of it is here already. Raises `Refused`."""
    old, new = quarantine.commands[MAIN]
    door, tip = Door(store), store.tip("main")
    lens = quarantine.lens()
    try:
        if lens.kind(new)[0] != "commit":
            raise Refused("Only versions of the working text can be sent.")
        if tip is not None and old == NOTHING:
            raise Refused(FETCH_FIRST)
        if old != NOTHING and not (
            tip is not None and door.is_before(old, tip) and door.is_before(old, new, quarantine.env)
        ):
            raise Refused(
                "This would take away what others wrote (a forced push), so it is refused. " + FETCH_FIRST
            )
        ours = [one for one in (tip, store.tip("published")) if one]
        # Whatever a version refers to must be there: a store with holes could not be read any more.
        if quarantine.run("rev-list", "--objects", "--quiet", new, "--not", *ours) is None:
            raise Refused("A part of what was sent is missing.")
        rows = quarantine.run("rev-list", "--reverse", "--topo-order", f"--max-count={MOST_VERSIONS + 1}", new, "--not", *ours)  # fmt: skip
        if rows is None or len(rows) > MOST_VERSIONS:
            raise Refused(f"More than {MOST_VERSIONS} versions at once cannot be taken in.")
        if not rows:
            return None
        base = (quarantine.run("merge-base", new, tip) or [""])[0] if tip else None
        if base == "":
            raise Refused("This has nothing in common with the working text here. Clone it anew.")
        examiner = Examiner(lens, author, int(time.time()))
        commits = [examiner.commit(one) for one in rows]
        found = _compared(store, examiner, commits, base)
        examiner.reasons.check()
    finally:
        lens.close()
    files, touched, plain = found
    return Push(new, base, plain, files, touched, tuple(one.note for one in commits), quarantine)


def _compared(
    store: Bare, examiner: Examiner, commits: list[Commit], base: str | None
) -> tuple[Files, frozenset[str], bool]:
    """What differs in the end, what any version touches, and whether they stand in one line upon `base`."""
    trees = {one.id: one.tree for one in commits}

    def tree_of(version: str | None) -> str | None:
        if version is None or version in trees:
            return trees.get(version or "")
        return next(
            row[5:].decode() for row in store.commit(version).split(b"\n") if row.startswith(b"tree ")
        )

    line = [base, *(one.id for one in commits)]
    plain = all(
        one.parents == ((before,) if before else ()) for one, before in zip(commits, line, strict=False)
    )
    if base is not None and any(not one.parents for one in commits):
        raise Refused("This has nothing in common with the working text here. Clone it anew.")
    last = commits[-1]
    names = Names(store.tree(base) if base else ())
    touched: set[str] = set()
    for one in commits:
        step = examiner.differences(tree_of(one.parents[0] if one.parents else None), one.tree)
        if plain:
            touched |= step.keys()
            _check_names(names, step, examiner)
    files = examiner.differences(tree_of(base), last.tree)
    if not plain:
        _check_names(names, files, examiner)
    return files, frozenset(touched | files.keys()), plain


def _check_names(names: Names, step: Files, examiner: Examiner) -> None:
    for path, (before, after) in step.items():
        if before and not after:
            names.remove(path)
    for path, (before, after) in step.items():
        if after and not before:
            twin = names.add(path)
            if twin is not None:
                examiner.reasons.add(f"{path} and {twin}: some computers cannot tell these two names apart.")
