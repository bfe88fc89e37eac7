"""The studio's search over the working text: where its index lies, who writes it, how it heals.

Whoosh stands behind this door. One thread writes, whatever the number of those who save; readers keep the state
that they opened until a newer one is whole. The index is a derived memory and may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.writing import CLEAR

from curriculum_studio.domain.errors import StudioError
from curriculum_studio.storage.search_folder import (
    Damaged,
    check_left,
    check_sums,
    current,
    keep_sums,
    locked,
    make_current,
    telling_damage,
)
from curriculum_studio.storage.search_query import FACETS, Found, Hit, Standing, answer
from curriculum_studio.storage.search_schema import (
    SCHEMA,
    VERSION,
    Card,
    SearchDocument,
    SearchPart,
    fields_of,
)
from curriculum_studio.storage.search_texts import Piece
from curriculum_studio.storage.search_turns import Turns
from curriculum_studio.storage.search_view import View
from curriculum_studio.storage.search_writing import FEW, MANY, in_pieces, joining, take_away, writing

__all__ = [
    "FACETS", "Card", "Found", "Hit", "Piece", "Progress", "SearchDocument", "SearchIndex", "SearchPart", "Source", "Standing",
]  # fmt: skip
Source = Callable[[], tuple[int, Iterable[SearchDocument]]]
"""How many texts there are, and the texts; asked for once the index is held for writing."""
Progress = Callable[[int, int], None]
_LOOK = 0.5
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Update:
    documents: Iterable[SearchDocument]
    gone: tuple[str, ...]


@dataclass(slots=True)
class _Rebuild:
    source: Source
    progress: Progress | None
    done: Future[int]


class SearchIndex:
    """The index of a workspace. Safe for threads; several processes may open the same folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._opening = threading.RLock()
        self._turns: Turns[_Update | _Rebuild] = Turns(self._write, self._join)
        self._name = ""
        self._index: Any = None
        self._view: View | None = None
        self._views = 0
        self._looked = 0.0
        self._broken = ""
        self._rebuilding = False
        self._closed = False
        self.progress: tuple[int, int] | None = None
        """While everything is made anew: how many texts are done, of how many."""

    # Reading -----------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether there is a whole index to read; where not, it is to be made anew."""
        with self._reading() as view:
            return view is not None

    @property
    def rebuilding(self) -> bool:
        """Whether everything is being made anew."""
        return self._rebuilding

    @property
    def generation(self) -> int:
        """A number that changes whenever readers see another state; 0 where there is none."""
        with self._reading() as view:
            return view.number if view is not None else 0

    def empty(self) -> bool:
        """Whether nothing is indexed yet."""
        return not self.cards()

    def cards(self) -> dict[str, Card]:
        """What is indexed, by path."""
        with self._reading() as view:
            return {card.path: card for card in view.cards.values()} if view is not None else {}

    def search(
        self,
        text: str,
        limit: int = 20,
        *,
        first: int = 0,
        standings: Mapping[str, Standing] | None = None,
        filters: Mapping[str, frozenset[str]] | None = None,
    ) -> Found:
        """The best texts for a query, from the `first` on. With `standings` only the paths named there are found,
        filtered and counted. Where the index turns out damaged, `ready` is false."""
        with self._reading() as view:
            if view is None:
                return Found(ready=False)
            try:
                with telling_damage(view.folder):
                    return answer(view, text, standings, filters or {}, first, limit)
            except Damaged as damage:
                self._give_up(damage)
                return Found(ready=False)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[View | None]:
        self._look()
        with self._lock:
            view = self._view
            if view is not None:
                view.users += 1
        try:
            yield view
        finally:
            if view is not None:
                with self._lock:
                    view.users -= 1
                    if view.retired and not view.users:
                        view.close()

    def _look(self) -> None:
        """Opens a newer state if there is one. Whoever comes while another thread opens it reads the older one."""
        now = time.monotonic()
        if self._closed or (self._looked and now - self._looked < _LOOK):
            return
        if not self._opening.acquire(blocking=self._view is None):
            return
        try:
            self._looked = now
            name = self._current()
            with telling_damage(self._folder / name):
                if name != self._name:
                    opened = self._opened(name) if name else None
                    self._show(opened)
                    self._index, self._name = opened, name
                elif self._view is not None and self._index.latest_generation() != self._view.generation:
                    self._show(self._index, self._view)
        except Damaged as damage:
            self._give_up(damage)
        finally:
            self._opening.release()

    def _opened(self, name: str) -> Any:
        """An index as Whoosh opens it. Before it reads anything, its files must be what was written."""
        check_sums(self._folder / name)
        return index.open_dir(str(self._folder / name), schema=SCHEMA)

    def _current(self) -> str:
        name = current(self._folder)
        return name if name != self._broken else ""

    def _show(self, opened: Any, before: View | None = None) -> None:
        """Lets readers see another state, of which `before` may have much in memory; the older one is let go when its last reader
        is done."""
        view = None
        if opened is not None:
            self._views += 1
            view = View(opened, self._views, before)
        with self._lock:
            old, self._view = self._view, view
            if old is not None:
                old.retired = True
                if not old.users:
                    old.close()

    def _give_up(self, damage: Damaged) -> None:
        _log.error("The search index is damaged and will be made anew.", exc_info=damage)
        with self._opening:
            self._broken = damage.name
            if self._name == damage.name:
                self._index, self._name = None, ""
                self._show(None)

    # Writing -----------------------------------------------------------------------------------------------

    def later(self, documents: Iterable[SearchDocument], gone: Iterable[str] = ()) -> None:
        """Adds or replaces documents and takes away those that are gone, in the background; returns at once.

        `documents` may be a generator: it runs on the writer's thread.
        """
        self._turns.ask(_Update(documents, tuple(gone)))

    def rebuild_later(self, source: Source, progress: Progress | None = None) -> Future[int]:
        """Makes everything anew in the background; readers go on with what there is. One at a time."""
        done: Future[int] = Future()
        with self._lock:
            if self._rebuilding:
                done.set_result(0)
                return done
            self._rebuilding = True
        self._turns.ask(_Rebuild(source, progress, done), now=True)
        return done

    def rebuild(self, source: Source, progress: Progress | None = None) -> int:
        """Makes everything anew; gives the number of documents when it is done."""
        done: Future[int] = Future()
        with self._lock:
            self._rebuilding = True
        self._turns.ask(_Rebuild(source, progress, done), now=True)
        return done.result()

    def flush(self, seconds: float | None = None) -> bool:
        """Waits until all that was asked before is written; false where the time was too short."""
        return self._turns.flush(seconds)

    @property
    def pending(self) -> bool:
        """Whether something that was asked is not written yet."""
        return self._turns.pending

    def close(self) -> None:
        """Writes what was asked, then closes."""
        self._turns.close()
        with self._opening:
            self._closed = True
            self._show(None)

    def _write(self, jobs: list[_Update | _Rebuild]) -> None:
        updates: list[_Update] = []
        with self._outliving("The search index could not be written."), locked(self._folder):
            for job in jobs:
                if isinstance(job, _Update):
                    updates.append(job)
                else:
                    # What is made anew is read later than any text that an update before it was about.
                    updates.clear()
                    self._rebuild(job)
            if updates:
                self._update(updates)

    def _join(self) -> None:
        """Puts small pieces together while nobody waits: readers have less to look through, and no save pays for it."""
        with self._outliving("The pieces of the search index could not be joined."):
            with self._reading() as view:
                many = view is not None and in_pieces(view.pieces)
            if many:
                with locked(self._folder):
                    if self._name and self._name == self._current():
                        self._commit(self._name, {}, FEW)

    @contextlib.contextmanager
    def _outliving(self, undone: str) -> Iterator[None]:
        """What the one writer does may fail. A damaged index is given up; one that is whole goes on being read, and the next search
        finds out which texts it lacks."""
        try:
            yield
        except Damaged as damage:
            self._give_up(damage)
        except Exception:
            # Whatever it was, the writer outlives it: those who wait for a dead one would wait for ever.
            _log.exception(undone)

    def _update(self, updates: list[_Update]) -> None:
        folder = self._current()
        if not folder:
            return
        wanted: dict[str, SearchDocument | None] = {}
        for update in updates:
            wanted.update(dict.fromkeys(update.gone))
            try:
                wanted.update((one.path, one) for one in update.documents)
            except StudioError:
                _log.exception("A text could not be read for search.")
        if wanted:
            self._commit(folder, wanted, MANY)

    def _commit(self, folder: str, wanted: Mapping[str, SearchDocument | None], most: int) -> None:
        """Writes texts (None for those that are gone) and joins pieces of like size where there are so many of them."""
        here = self._folder / folder
        with telling_damage(here, held=True):
            check_left(here)
            opened = self._index if folder == self._name else None
            opened = opened if opened is not None else self._opened(folder)
            with writing(opened, self._turns.give_way) as writer:
                with self._reading() as view:
                    for path, one in wanted.items():
                        row = _row(one) if one is not None else {}
                        if one is None or row:
                            take_away(writer, view, path)
                        if row:
                            writer.add_document(**row)
                writer.commit(mergetype=joining(most))
            keep_sums(here)
        self._look_again()

    def _rebuild(self, job: _Rebuild) -> None:
        name = f"index-{VERSION}-{uuid.uuid4().hex[:8]}"
        try:
            total, documents = job.source()
            self.progress = (0, total)
            (self._folder / name).mkdir()
            count = 0
            with writing(index.create_in(str(self._folder / name), SCHEMA)) as writer:
                for one in documents:
                    if row := _row(one):
                        writer.add_document(**row)
                    count += 1
                    self.progress = (count, total)
                    if job.progress:
                        job.progress(count, total)
                writer.commit(mergetype=CLEAR)
            keep_sums(self._folder / name)
            make_current(self._folder, name)
            self._look_again()
        except BaseException as error:
            # Whatever it was, whoever waits for it is told: he would wait for ever.
            _log.exception("The search index could not be made anew.")
            shutil.rmtree(self._folder / name, ignore_errors=True)
            job.done.set_exception(error)
            return
        finally:
            self.progress = None
            with self._lock:
                self._rebuilding = False
        job.done.set_result(count)

    def _look_again(self) -> None:
        """Opens what was just written on the writer's thread, so that no reader waits for it."""
        self._looked = 0.0
        self._look()


def _row(one: SearchDocument) -> dict[str, Any]:
    """A text as it is written; nothing where it cannot be read, so that one text never costs all others."""
    try:
        return fields_of(one)
    except Exception:
        # Whatever it was: with every try to make the index anew it would come again, and all would wait for ever.
        _log.exception("%s could not be read for search.", one.path)
        return {}
