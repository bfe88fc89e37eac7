"""Hides when the one writer of search works: what is asked within a moment is written together, and at once where somebody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Job = TypeVar("Job")
_GATHER, _LONGEST = 1.0, 8.0
"""A turn begins when nobody asked for so long; while many save it waits, for what is written together costs less, and takes
nothing from those who save. Not for ever: then it begins whoever asks."""
_REST = 3.0
_AWAY = 0.002


class Turns(Generic[Job]):
    """A queue of jobs and the thread that does them; the thread begins with the first job."""

    def __init__(self, work: Callable[[list[Job]], None], rest: Callable[[], None]) -> None:
        """`work` does jobs, and `rest` what is best done after them while nobody waits; neither raises."""
        self._work, self._rest = work, rest
        self._turn = threading.Condition()
        self._jobs: list[Job] = []
        self._asked = self._done = 0
        self._awaiting = 0
        self._hurry = self._ending = False
        self._thread: threading.Thread | None = None

    def ask(self, job: Job, *, now: bool = False) -> None:
        """Puts a job at the end; `now` lets it wait for no others."""
        with self._turn:
            self._asked += 1
            self._jobs.append(job)
            self._hurry |= now
            self._turn.notify_all()
            if self._thread is None:
                self._ending = False
                self._thread = threading.Thread(target=self._run, name="search-writer", daemon=True)
                self._thread.start()

    def flush(self, seconds: float | None = None) -> bool:
        """Waits until all that was asked before is done; false where the time was too short."""
        with self._turn:
            until = self._asked
            if self._jobs:
                self._hurry = True
                self._turn.notify_all()
            self._awaiting += 1
            try:
                return self._turn.wait_for(lambda: self._done >= until, seconds)
            finally:
                self._awaiting -= 1

    def give_way(self) -> None:
        """Lets others on for a moment; not where somebody waits for what is done here, or all is coming to its end."""
        if not (self._awaiting or self._ending):
            time.sleep(_AWAY)

    @property
    def pending(self) -> bool:
        """Whether something that was asked is not done yet."""
        with self._turn:
            return self._done < self._asked

    def close(self) -> None:
        """Does what was asked, then ends the thread."""
        with self._turn:
            self._ending = True
            self._turn.notify_all()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        restless = ending = False
        while not ending:
            jobs, ending = self._next(_REST if restless else None)
            if jobs:
                self._work(jobs)
                with self._turn:
                    self._done += len(jobs)
                    self._turn.notify_all()
            elif not ending:
                self._rest()
            restless = bool(jobs)

    def _next(self, patience: float | None) -> tuple[list[Job], bool]:
        """The jobs of the next turn, none where nobody asked for so long; and whether it is the last turn."""
        with self._turn:
            if self._turn.wait_for(lambda: self._jobs or self._ending, patience):
                self._gather()
            jobs, self._jobs, self._hurry = self._jobs, [], False
            return jobs, self._ending

    def _gather(self) -> None:
        """Waits, in the lock, until nobody asks any more, somebody waits for what was asked, or it has been long enough."""
        end, asked = time.monotonic() + _LONGEST, -1
        while asked != self._asked and (left := end - time.monotonic()) > 0:
            asked = self._asked
            if self._turn.wait_for(lambda: self._hurry or self._ending, min(_GATHER, left)):
                return
