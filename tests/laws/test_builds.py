"""Laws of building: same source, same bytes, whatever the way there; a change rebuilds what depends on it."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.output import late_files
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.laws.twins import Maker

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ("student", "family", "teacher")


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder and the hash of its bytes, the state of publishing and late files aside."""
    late = {f"{edition}/{name}" for edition in EDITIONS for name in late_files(folder / edition)}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not (name := path.relative_to(folder).as_posix()).startswith(".publish")
        and name not in late
    }


def school(rng: random.Random) -> dict[str, str]:
    """A small curriculum of two units, links and terms, from which changes start."""
    files = {
        "curriculum.md": "---\nid: the-root\ntitle: School\nlanguage: en\nformat: 1\n---\nWelcome.\n",
        "glossary.md": "### ratio {#ratio}\nA comparison.\n\n### rate {#rate}\nPer one.\n",
        "charter.md": "## Goals\n- g1: Together\n  - measure: m\n  - target: t\n",
    }
    for unit in ("a", "b"):
        names = [f"{n:02}" for n in range(1, 4)]
        files[f"{unit}/unit.md"] = unit_text(unit, names)
        for name in names:
            files[f"{unit}/{name}.md"] = lesson_text(rng, f"{unit}-lesson-{name}")
    return files


def unit_text(unit: str, names: list[str]) -> str:
    return f"---\nid: unit-{unit}\ntitle: Unit {unit}\ngrade: 6\nsections: [{{title: All, lessons: [{', '.join(names)}]}}]\n---\n"


def lesson_text(rng: random.Random, name: str) -> str:
    links = rng.choice(
        ["[r](../glossary.md#ratio)", "[r](../glossary.md#rate)", "[next](02.md)", "[it](../b/03.md#c)", ""]
    )
    told = (
        f"### Misconception: Mixes {rng.randrange(5)} {{#m-{rng.randrange(3)}}}\nWhy.\n"
        if rng.randrange(2)
        else ""
    )
    return (
        f"---\nid: {name}\ntitle: Lesson {rng.randrange(5)}\nminutes: 10\n"
        f"standards: {{addressing: [6.RP.A.{rng.randint(1, 3)}]}}\n---\nStory {rng.randrange(9)}\n\n"
        f"## Warm-up {{#w minutes=10}}\n### Student task\nSay $\\frac{{{rng.randrange(9)}}}{{4}}$ and {links}\n"
        f"### Launch\nwords {rng.randrange(9)}\n## Cool-down {{#c}}\n### Student task\nbye {rng.randrange(50)}\n\n### Problem {{#p1}}\nWhich?\n\n"
        f"- [x] 1\n- [ ] 2 {{misconception=m-{rng.randrange(3)}}}\n{told}"
        f"### Advancing student thinking {{for=m-{rng.randrange(3)}}}\nWhat if {rng.randrange(9)}?\n"
    )


def change(rng: random.Random, files: dict[str, str]) -> None:
    """One random act of a writer: edit, add, remove, rename, reorder, translate, change the root."""
    lessons = [p for p in files if p.endswith(".md") and "/" in p and "unit.md" not in p and ".es." not in p]
    act = rng.randrange(9)
    if act <= 3 and lessons:
        path = rng.choice(lessons)
        name = files[path].split("id: ")[1].split("\n")[0]
        files[path] = lesson_text(rng, name)
    elif act == 4 and len(lessons) > 2:
        path = rng.choice(lessons)
        if path not in ("a/02.md", "b/02.md", "b/03.md"):
            del files[path]
    elif act == 5:
        unit = rng.choice("ab")
        number = rng.randrange(10, 99)
        files[f"{unit}/{number}.md"] = lesson_text(rng, f"{unit}-lesson-{number}")
    elif act == 6:
        unit = rng.choice("ab")
        names = sorted({p.split("/")[1][:-3] for p in lessons if p.startswith(f"{unit}/")})
        rng.shuffle(names)
        files[f"{unit}/unit.md"] = unit_text(unit, names)
    elif act == 7 and lessons:
        path = rng.choice(lessons)
        name = files[path].split("id: ")[1].split("\n")[0]
        files[path[:-3] + ".es.md"] = (
            f"---\ntitle: Lección {rng.randrange(9)}\nlanguage: es\ntranslates: {{id: {name}, student: 00000000, whole: 00000000}}\n"
            f"---\n## Calentamiento {{#w}}\n### Tarea del estudiante\nHola {rng.randrange(9)}\n"
        )
    else:
        files["glossary.md"] = (
            f"### ratio {{#ratio}}\nA comparison {rng.randrange(9)}.\n\n### rate {{#rate}}\nPer one.\n"
        )


def drop_orphans(files: dict[str, str]) -> None:
    ids = {t.split("id: ")[1].split("\n")[0] for p, t in files.items() if ".es." not in p and "id: " in t}
    for path in [p for p in files if ".es." in p]:
        if files[path].split("{id: ")[1].split(",")[0] not in ids:
            del files[path]


def test_an_incremental_build_equals_a_fresh_one(tmp_path: Path) -> None:
    trials = 60 if os.environ.get("CAMPAIGN") else 6
    compared = 0
    for seed in range(trials):
        rng = random.Random(seed)
        files = school(rng)
        for step in range(8):
            snapshot = {path: text.encode() for path, text in files.items()}
            report = publish(snapshot, tmp_path / f"inc{seed}", EDITIONS)
            if report.done:
                publish(snapshot, tmp_path / f"fresh{seed}-{step}", EDITIONS)
                fresh, grown = tree(tmp_path / f"fresh{seed}-{step}"), tree(tmp_path / f"inc{seed}")
                assert grown == fresh, f"seed {seed}, step {step}: {set(grown.items()) ^ set(fresh.items())}"
                compared += 1
            for _ in range(rng.randint(1, 3)):
                change(rng, files)
            drop_orphans(files)
    assert compared > trials * 4


def test_a_second_publish_writes_nothing(tmp_path: Path) -> None:
    snapshot = {path: text.encode() for path, text in school(random.Random(1)).items()}
    publish(snapshot, tmp_path / "out", EDITIONS)
    before = {
        p: p.stat().st_mtime_ns
        for p in (tmp_path / "out").rglob("*")
        if p.is_file() and ".publish" not in str(p)
    }
    report = publish(snapshot, tmp_path / "out", EDITIONS)
    after = {
        p: p.stat().st_mtime_ns
        for p in (tmp_path / "out").rglob("*")
        if p.is_file() and ".publish" not in str(p)
    }
    assert before == after
    assert (report.built, report.removed) == (0, 0)


def test_one_changed_lesson_rebuilds_only_what_depends_on_it(tmp_path: Path) -> None:
    files = school(random.Random(2))
    folder = tmp_path / "source"
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    publish(FolderSnapshot(folder), tmp_path / "out")
    (folder / "a/01.md").write_text(files["a/01.md"].replace("bye", "farewell"))
    report = publish(FolderSnapshot(folder), tmp_path / "out")
    assert report.built == 1
    text = files["a/01.md"].replace("bye", "farewell").replace("title: Lesson", "title: A better lesson")
    (folder / "a/01.md").write_text(text)
    report = publish(FolderSnapshot(folder), tmp_path / "out")
    # Its own page, the page of its unit, and the next lesson, which names it.
    assert report.built == 3


def test_an_edition_that_is_behind_catches_up(tmp_path: Path) -> None:
    files = school(random.Random(5))
    first = {path: text.encode() for path, text in files.items()}
    publish(first, tmp_path / "out", EDITIONS)
    files["a/01.md"] = files["a/01.md"].replace("title: Lesson", "title: A better lesson")
    del files["a/03.md"]
    second = {path: text.encode() for path, text in files.items()}
    publish(second, tmp_path / "out", ("student",))
    files["a/01.md"] = files["a/01.md"].replace("bye", "farewell")
    third = {path: text.encode() for path, text in files.items()}
    report = publish(third, tmp_path / "out", EDITIONS)
    assert report.done
    publish(third, tmp_path / "fresh", EDITIONS)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


class CutOff(dict[str, bytes]):
    """A source at which a publish ends like a killed one: after the files are in place, before that is remembered."""

    @property
    def version(self) -> str:
        raise KeyboardInterrupt


def test_what_a_publish_that_was_cut_off_left_there_does_not_stay(tmp_path: Path) -> None:
    files = {path: text.encode() for path, text in school(random.Random(7)).items()}
    publish(files, tmp_path / "out", EDITIONS)
    secret = CutOff(files)
    secret["a/01.md"] = files["a/01.md"].replace(b"bye", b"not to be seen")
    with pytest.raises(KeyboardInterrupt):
        publish(secret, tmp_path / "out", EDITIONS)
    assert "not to be seen" in (tmp_path / "out/student/a/01/index.html").read_text("utf-8")
    assert publish(files, tmp_path / "out", EDITIONS).done
    publish(files, tmp_path / "fresh", EDITIONS)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_withdrawn_lesson_goes_also_when_all_is_built_anew(tmp_path: Path) -> None:
    files = {path: text.encode() for path, text in school(random.Random(6)).items()}
    publish(files, tmp_path / "out", EDITIONS)
    del files["a/03.md"]
    publish(files, tmp_path / "out", EDITIONS, force=True)
    assert not (tmp_path / "out/student/a/03").exists()
    publish(files, tmp_path / "fresh", EDITIONS)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_grave_finding_leaves_the_site_untouched(tmp_path: Path) -> None:
    files = {path: text.encode() for path, text in school(random.Random(3)).items()}
    publish(files, tmp_path / "out", EDITIONS)
    before = tree(tmp_path / "out")
    broken = {**files, "a/01.md": files["a/01.md"] + b"\n[gone](nowhere.md)\n"}
    report = publish(broken, tmp_path / "out", EDITIONS)
    assert not report.done
    assert [f.code for f in report.findings if f.severity == "grave"] == ["link-missing"]
    assert tree(tmp_path / "out") == before


def run_publish(source: Path, out: Path, env: dict[str, str], *options: str) -> None:
    command = [
        sys.executable,
        "-m",
        "curriculum_studio",
        "publish",
        str(source),
        "--to",
        str(out),
        "--edition",
        "all",
    ]
    done = subprocess.run(
        [*command, "--json", *options],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_bytes_do_not_depend_on_the_machine(tmp_path: Path) -> None:
    files = Maker(5, hidden=False).snapshot() | {p: t.encode() for p, t in school(random.Random(4)).items()}
    for place in ("one", "another/folder"):
        for path, content in files.items():
            target = tmp_path / place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    run_publish(tmp_path / "one", tmp_path / "out1", {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"})
    run_publish(
        tmp_path / "another/folder",
        tmp_path / "out2",
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "LANGUAGE": "tr"},
        "--jobs",
        "2",
    )
    assert tree(tmp_path / "out1") == tree(tmp_path / "out2")
