"""A made second edition of a few standards for ratios, and a crosswalk to it: look-alike codes mean other things."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

SPACE = UUID("6f0f3a52-9a5a-4a57-9a3a-0f3a529a5a4a")
CODES = {
    "6.RP.A.1": "Rates of two quantities",
    "6.RP.A.2": "What a ratio says",
    "6.RP.A.3": "Tables of equal ratios",
    "6.RP.A.4": "Percent and conversion",
}


def edition() -> bytes:
    """The made edition as a package. 6.RP.A.1 and 6.RP.A.2 have changed places in it."""
    items = [
        {"identifier": str(uuid5(SPACE, code)), "humanCodingScheme": code, "fullStatement": words, "educationLevel": ["06"]}
        for code, words in CODES.items()
    ]  # fmt: skip
    links = [
        {
            "identifier": str(uuid5(SPACE, f"link {code}")),
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": str(uuid5(SPACE, code))},
            "destinationNodeURI": {"identifier": str(uuid5(SPACE, "document"))},
        }
        for code in CODES
    ]
    head = {"identifier": str(uuid5(SPACE, "document")), "title": "Made standards 2025", "creator": "Test"}
    return json.dumps({"CFDocument": head, "CFItems": items, "CFAssociations": links}).encode()


TABLE = b"""from,to,kind,note
6.RP.A.1,6.RP.A.2,moved,The words are the same.
6.RP.A.2,6.RP.A.1,edited,
6.RP.A.3,6.RP.A.3,split,Tables and graphs
6.RP.A.3,6.RP.A.4,split,Percent
4.OA.A.2,,dropped,
"""
NAME = "ccssm-2010--made-standards-2025"
