"""Finds a browser for the browser journeys, and says plainly where there is none."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str | None:
    """The program to drive: CHROMIUM, else what is on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


if __name__ == "__main__":
    found = browser()
    if found:
        print(f"Browser journeys run in {found}.")
    else:
        print(
            "No browser found: the browser journeys will be skipped. Set CHROMIUM, or as root run `make system`."
        )
