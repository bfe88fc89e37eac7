"""Sends the program's own scripts, styles and fonts: made small where the browser can take it so."""

from __future__ import annotations

import mimetypes

from flask import Response, request, send_from_directory

from curriculum_studio.publishing.program import dist_folder


def send_asset(filename: str) -> Response:
    """A built file; beside a script or a style lies a compressed copy (`.gz`), which goes to whoever asks for it."""
    folder = dist_folder()
    small = f"{filename}.gz"
    if not filename.endswith(".gz") and request.accept_encodings["gzip"] and (folder / small).is_file():
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        response = send_from_directory(folder, small, mimetype=kind)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(folder, filename)
    response.headers["Vary"] = "Accept-Encoding"
    return response
