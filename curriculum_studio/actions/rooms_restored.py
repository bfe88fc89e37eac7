"""What becomes of words that were being written when a backup was made: they are in its journal, and no version yet."""

from __future__ import annotations

from datetime import UTC, datetime

from curriculum_studio.actions.identity import under_its_own
from curriculum_studio.actions.rooms import KEPT_NOTE
from curriculum_studio.domain.merging import keep_both
from curriculum_studio.live.offline import Written, let_go, written
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio

NOTE = "Kept the words that were being written when the backup was made"


def settle_journal(studio: Studio) -> int:
    """Puts words of the journal that no version holds into versions; gives how many texts got some.

    A backup's texts are a moment younger than its journal. Where a text is still the version that its document rests
    on, the document simply goes on. Where it is a later one, what that one holds already must not come in twice.
    """
    ended: list[str] = []
    saved = 0
    if studio.content.tip() is None:
        return 0
    snapshot = studio.snapshot()
    for one in written(studio.settings.journal):
        now = snapshot.blob(one.document) if one.document in snapshot else None
        if now == one.blob:
            continue
        ended.append(one.document)
        if one.authors:
            saved += _saved(studio, one, now)
    if ended:
        let_go(studio.settings.journal, ended)
    return saved


def _saved(studio: Studio, one: Written, now: str | None) -> bool:
    theirs = studio.content.read_blob(now).decode("utf-8", "replace") if now else ""
    text = keep_both(one.base, one.text, theirs)[0] if now else one.text
    if text == theirs:
        return False
    text = under_its_own(studio, one.document, text, theirs or one.base)
    authors = [Author(name, key) for key, name in one.authors]
    change = Change(one.document, text.encode(), now)
    studio.content.save([change], authors[0], NOTE if now else KEPT_NOTE, datetime.now(UTC), authors[1:])
    return True
