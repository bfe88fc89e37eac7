"""What a room reads of an update, and what it refuses; places in three units. Random ones print their seed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Text

from curriculum_studio.live.offsets import from_bytes, from_units, to_bytes, to_units, units_of
from curriculum_studio.live.text import SharedText, blob_of
from curriculum_studio.live.updates import Damaged, read_update, state_of, state_vector

_WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40)


@settings(deadline=None)
@given(_WORDS, st.data())
def test_places_lead_to_the_other_units_and_back(words: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words)))
    assert from_units(words, to_units(words, place)) == place
    assert from_bytes(words, to_bytes(words, place)) == place
    assert units_of(words) == len(words.encode("utf-16-le")) // 2
    if place < len(words) and words[place] > "\uffff":
        assert from_units(words, to_units(words, place) + 1) == place


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5), _WORDS), max_size=12))
def test_the_shared_text_is_changed_at_code_points(changes: list[tuple[int, int, str]]) -> None:
    words, shared = "Grüße 🙂 an 𝔸lle", SharedText.of("Grüße 🙂 an 𝔸lle")
    for place, length, instead in changes:
        start = min(place, len(words))
        end = min(start + length, len(words))
        shared.change([(start, end, instead)])
        words = words[:start] + instead + words[end:]
        assert str(shared) == words
    again = SharedText([shared.update()])
    assert (str(again), again.known()) == (words, shared.known())
    assert blob_of(str(again)) == blob_of(words)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), _WORDS), min_size=1, max_size=10))
def test_every_update_of_a_plain_text_is_read_as_what_it_is(changes: list[tuple[int, int, str]]) -> None:
    doc: Doc[Text] = Doc()
    text = doc.get("text", type=Text)
    seen: list[bytes] = []
    doc.observe(lambda event: seen.append(event.update))
    known: dict[int, int] = {}
    for place, length, words in changes:
        now = str(text)
        at, end = to_bytes(now, min(place, len(now))), to_bytes(now, min(place + length, len(now)))
        with doc.transaction():
            if end > at:
                del text[at:end]
            if words:
                text.insert(at, words)
        for update in seen:
            found = read_update(update)
            assert found.fits(known)
            known |= found.fresh(known)
        seen.clear()
        assert known == state_of(doc.get_state())
    whole = read_update(doc.get_update())
    assert whole.fits({})
    assert whole.fresh({}) == known
    assert state_of(state_vector(known)) == known


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_other_bytes_are_refused_and_never_anything_else(content: bytes) -> None:
    try:
        read_update(content)
    except Damaged:
        return


def test_what_cuts_a_character_in_two_is_seen() -> None:
    doc: Doc[Text] = Doc(client_id=7)
    doc.get("text", type=Text).insert(0, "a🙂b")
    found = read_update(doc.get_update())
    assert found.halves == {(7, 1)}
    # A piece of another writer between the two halves: left of it (7, 1), right of it (7, 2).
    cut = bytes([1, 1, 9, 0, 0xC4, 7, 1, 7, 2, 1, 65, 0])
    assert (7, 1) in read_update(cut).cuts
    with pytest.raises(Damaged):
        read_update(cut[:-1])
