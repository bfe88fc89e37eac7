"""Zips whose bytes depend on their files alone, written and read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_AT_ONCE = (1980, 1, 1, 0, 0, 0)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip: in order, of one time, stored and not packed, since what packing makes differs between
    machines; servers pack it on the way."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            row = zipfile.ZipInfo(name, _AT_ONCE)
            row.create_system, row.external_attr = 3, 0o644 << 16
            archive.writestr(row, files[name])
    return target.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    """The files of a zip that `zip_of` made; none where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        return {}
