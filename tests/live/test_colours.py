"""The colours of those who write together: each stands out 3 : 1 from what it stands on, and its name is read on it."""

from __future__ import annotations

import re

import pytest

from curriculum_studio.live.people import COLOURS
from tests.live.clients import ROOT

FRONTEND = ROOT / "curriculum_studio" / "frontend"


def values(css: str, name: str) -> list[str]:
    """The colours of a custom property: by light, then in the dark."""
    return re.findall(rf"--{name}: (#[0-9a-f]{{3,6}});", css)


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * one for one in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_each_person_stands_out(scheme: int) -> None:
    css, page = ((FRONTEND / name).read_text() for name in ("live/live.css", "studio.css"))
    people = values(css, "person")[scheme * COLOURS :][:COLOURS]
    assert len(set(people)) == COLOURS
    for colour in people:
        for ground in ("ground", "surface"):
            assert contrast(colour, values(page, ground)[scheme]) >= 3, (colour, ground)
        assert contrast(colour, values(css, "on-person")[scheme]) >= 4.5, colour
