"""Sends the program's own scripts, styles and fonts: made small where the browser can take it so."""

from __future__ import annotations

import gzip
import json
import mimetypes

from flask import Response, request, send_from_directory

from curriculum_studio.publishing.program import dist_folder

_SMALL = (("br", ".br"), ("gzip", ".gz"))
_WORTH = 1400
"""Below this size, in bytes, a page is one packet anyway."""


def send_asset(filename: str) -> Response:
    """A built file; beside a script or a style lie compressed copies, which go to whoever asks for them."""
    folder = dist_folder()
    for coding, ending in _SMALL:
        small = f"{filename}{ending}"
        if request.accept_encodings[coding] and (folder / small).is_file():
            kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
            response = send_from_directory(folder, small, mimetype=kind)
            response.headers["Content-Encoding"] = coding
            break
    else:
        response = send_from_directory(folder, filename)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def editor_pieces() -> list[str]:
    """The scripts that the editor's own needs at once, so that a browser asks for all of them together."""
    try:
        pieces: list[str] = json.loads((dist_folder() / "editor.json").read_bytes())
    except FileNotFoundError:
        return []
    return pieces


def squeezed(page: str) -> Response:
    """A page that is large for a slow line, compressed where the browser can take it so.

    Only for pages that show nothing of what their address says: from the size of others a stranger could learn what stands
    beside what he put there.
    """
    body = page.encode()
    response = Response(body, mimetype="text/html")
    response.headers["Vary"] = "Accept-Encoding"
    if len(body) > _WORTH and request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
