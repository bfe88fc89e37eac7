"""Turns the pages of a plan into HTML: gathers what each page is told, and the key that says when it must change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from curriculum_studio.domain.editions import View
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.html import Fill
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.formats.views import family_view, student_view, teacher_view, translated
from curriculum_studio.publishing import pages
from curriculum_studio.publishing.parts import Leaf, fill_leaf, leaf_of, page_text
from curriculum_studio.publishing.plan import Plan, anchor
from curriculum_studio.publishing.program import worker_script
from curriculum_studio.publishing.site import (
    Card,
    CodeLink,
    LessonPage,
    SectionCards,
    Site,
    StandardRow,
    Term,
    UnitCard,
    UnitPage,
)

_VIEWS = {"student": student_view, "family": family_view, "teacher": teacher_view}
_RELATIONS = ("addressing", "building-on", "building-toward", "practises", "assesses")


def view_of(document: Document, edition: str) -> View | None:
    """The view of a document in an edition."""
    return _VIEWS[edition](document)


class Pages:
    """The pages of one edition of one curriculum, rendered one by one."""

    def __init__(self, plan: Plan, site: Site, source: Snapshot) -> None:
        self.plan, self.site, self.source = plan, site, source

    def key(self, address: str) -> str:
        """A hash of everything that the page at an address is made from."""
        path = self.plan.pages[address]
        facts = self.plan.curriculum.facts[path]
        column = ("student", "family", "teacher").index(self.plan.edition)
        told: list[Any] = [self._context(path, address), facts.digests[column]]
        source = self.plan.curriculum.translated_from(path) if facts.kind == "translation" else None
        if source is not None:
            told.append(self.plan.curriculum.facts[source].digests[column])
        fill = self._fill(path, address)
        letter = self.plan.edition[0]
        for one in (facts, *([self.plan.curriculum.facts[source]] if source else ())):
            told.append([fill.link(use.target) for use in one.links if letter in use.seen])
            told.append([fill.picture(use.target) for use in one.pictures if letter in use.seen])
            elsewhere = (use.target for use in one.uses_misconceptions if letter in use.seen)
            told.append([fill.misconception(name) for name in elsewhere if name not in one.misconceptions])
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    def view(self, path: str) -> View | None:
        """The view that a page is made from; of a translation, with what it lacks in the source's language."""
        facts = self.plan.curriculum.facts[path]
        view = view_of(read_document(path, self.source[path]), self.plan.edition)
        source = self.plan.curriculum.translated_from(path) if facts.kind == "translation" else None
        if view is None or source is None:
            return view
        original = view_of(read_document(source, self.source[source]), self.plan.edition)
        return translated(original, view) if original is not None else view

    def render(self, address: str, leaf: Leaf | None = None) -> tuple[str, Leaf]:
        """The HTML of the page at an address and the leaf that it was made from."""
        path = self.plan.pages[address]
        if leaf is None:
            view = self.view(path)
            leaf = leaf_of(view) if view is not None else Leaf((), (), (), ())
        parts = fill_leaf(leaf, self._fill(path, address))
        kind, told = self._context(path, address)
        if kind == "unit":
            return pages.unit_page(self.site, UnitPage(parts=parts, **told)), leaf
        return pages.lesson_page(self.site, LessonPage(parts=parts, **told)), leaf

    def _fill(self, path: str, address: str) -> Fill:
        plan = self.plan
        return Fill(plan.link(path, address), plan.picture(path, address), plan.misconception(path, address))

    def _context(self, path: str, address: str) -> tuple[str, dict[str, Any]]:
        """All that a page is told besides its parts, as keyword arguments of its page type."""
        facts = self.plan.curriculum.facts[path]
        source = self.plan.curriculum.translated_from(path) if facts.kind == "translation" else None
        base = self.plan.curriculum.facts[source] if source is not None else facts
        return (
            ("unit", self._unit(base.path, path, address))
            if base.kind == "unit"
            else ("lesson", self._lesson(path, address))
        )

    def _header(self, path: str) -> dict[str, Any]:
        facts = self.plan.curriculum.facts[path]
        return {
            "license": facts.license or self.site.license,
            "credits": facts.credits,
            "based_on": dict(facts.based_on),
        }

    def _lesson(self, path: str, address: str) -> dict[str, Any]:
        plan = self.plan
        facts = plan.curriculum.facts[path]
        source = (plan.curriculum.translated_from(path) if facts.kind == "translation" else None) or path
        base = plan.curriculum.facts[source]
        unit = plan.curriculum.unit_of[source]
        # A reader of a translation goes on in its language where there is more of it.
        tongue = facts.language if facts.kind == "translation" else ""
        section, number, lessons = "", 0, 0
        previous = following = None
        if base.kind == "lesson":
            _, outline, number = plan.curriculum.placed[source]
            section, lessons = outline.title, len(unit.lessons)
            previous, following = plan.neighbours(source, tongue)
        materials = {k: v for k, v in base.materials if k == "student" or plan.edition == "teacher"}
        return {
            "kind": base.kind,
            "id": base.id,
            "title": facts.title,
            "address": address,
            "language": facts.language or self.site.language,
            "source_language": base.language or self.site.language,
            "grade": unit.facts.grade,
            "minutes": base.minutes,
            "unit": plan.unit_link(unit, tongue),
            "section": section,
            "number": number,
            "lessons": lessons,
            "previous": previous,
            "next": following,
            "standards": self._standards(base),
            "assesses": self._assessed(base),
            "practices": tuple(plan.code(code) for code in base.practices),
            "routines": base.routines,
            "materials": materials,
            "translations": plan.translations(path),
            "stale": self._stale(facts, base),
            **self._header(source),
        }

    def _stale(self, facts: Facts, source: Facts) -> bool:
        if facts.kind != "translation":
            return False
        return facts.translates[1] != source.student_hash or (
            self.plan.edition == "teacher" and facts.translates[2] != source.whole_hash
        )

    def _standards(self, facts: Facts) -> dict[str, tuple[CodeLink, ...]]:
        found: dict[str, tuple[CodeLink, ...]] = {}
        for relation in ("addressing", "building-on", "building-toward"):
            codes = tuple(self.plan.code(code) for r, code in self.plan.codes(facts) if r == relation)
            if codes:
                found[relation] = codes
        return found

    def _assessed(self, facts: Facts) -> tuple[CodeLink, ...]:
        codes = [code for relation, code in self.plan.codes(facts) if relation in ("practises", "assesses")]
        return tuple(self.plan.code(code) for code in dict.fromkeys(codes))

    def _unit(self, path: str, shown: str, address: str) -> dict[str, Any]:
        """What the page of the unit at `path` is told, from the file `shown`: the unit's own or a translation."""
        plan = self.plan
        facts = plan.curriculum.facts[path]
        words = plan.curriculum.facts[shown]
        unit = next(u for u in plan.curriculum.units if u.facts is facts or u.facts.path == path)
        teacher = plan.edition == "teacher"
        return {
            "id": facts.id,
            "title": words.title,
            "address": address,
            "language": words.language or self.site.language,
            "source_language": facts.language or self.site.language,
            "grade": facts.grade,
            "weeks": facts.weeks if teacher else "",
            "sections": tuple(
                SectionCards(
                    s.title,
                    s.goals if teacher else (),
                    tuple(plan.card_in(p, words.language) for p in s.lessons),
                )
                for s in unit.sections
            ),
            "standards": self._standards(facts),
            "assessments": tuple(plan.card(p) for p in unit.assessments) if teacher else (),
            "professional_learning": tuple(plan.card(p) for p in unit.sessions) if teacher else (),
            "license": facts.license or self.site.license,
            "translations": plan.translations(shown),
            "home": f"{unit.folder}/",
            "stale": self._stale(words, facts),
        }

    # Pages over many lessons ---------------------------------------------------------------------------------

    def lists(self) -> dict[str, bytes]:
        """The pages that are made from cards: front page, glossary, standards, search, charter, redirects."""
        cards = [self.plan.card(path) for path in self.plan.pages.values()]
        found = {
            "index.html": pages.front_page(
                self.site, self.unit_cards(self.plan.curriculum.units), self._own_parts("curriculum.md", "")
            ),
            "search/index.html": pages.search_page(self.site),
            "standards/index.html": pages.standards_page(
                self.site,
                self.plan.framework.title if self.plan.framework else "",
                self.standard_rows(cards),
            ),
            "404.html": pages.not_found_page(self.site),
        }
        if self.plan.edition == "student":
            found["offline/index.html"] = pages.offline_page(self.site)
            found["site.webmanifest"] = pages.web_manifest(self.site)
        if "glossary.md" in self.plan.curriculum.facts:
            found["glossary/index.html"] = pages.glossary_page(self.site, self.terms(cards))
        if self.plan.edition == "teacher" and "charter.md" in self.plan.curriculum.facts:
            found["charter/index.html"] = pages.charter_page(
                self.site, self._own_parts("charter.md", "charter/")
            )
        found.update(self._redirects())
        if self.site.base_url:
            found["sitemap.xml"] = self._sitemap(found)
        files = {path: text.encode() for path, text in found.items()}
        if "offline/index.html" in found:
            files["worker.js"] = worker_script()
        return files

    def unit_cards(self, units: Iterable[UnitOutline]) -> list[UnitCard]:
        """Units as the front page lists them."""
        teacher = self.plan.edition == "teacher"
        return [
            UnitCard(
                unit.facts.title, f"{unit.folder}/", unit.facts.grade, len(unit.lessons),
                unit.facts.weeks if teacher else "", tuple(s.title for s in unit.sections if s.title and s.lessons),
                unit.facts.language or self.site.language,
            )
            for unit in units
        ]  # fmt: skip

    def _own_parts(self, path: str, address: str) -> tuple[Any, ...]:
        view = self.view(path) if path in self.plan.curriculum.facts else None
        if view is None:
            return ()
        return fill_leaf(leaf_of(view), self._fill(path, address))

    def standard_rows(self, cards: list[Card]) -> list[StandardRow]:
        """The standards that these pages name, with those above them."""
        framework = self.plan.framework
        if framework is None:
            return []
        named: dict[str, dict[str, dict[str, Card]]] = {}
        for card in cards:
            if card.kind in ("lesson", "assessment"):
                for relation, code in card.codes:
                    named.setdefault(code, {}).setdefault(relation, {})[card.address] = card
        rows: list[StandardRow] = []
        shown: set[str] = set()
        for code in named:
            at = framework.find(code)
            while at is not None and at.code not in shown:
                shown.add(at.code)
                at = framework.find(at.parent) if at.parent else None
        for standard in framework.standards.values():
            if standard.code in shown:
                lessons = {
                    relation: tuple(named[standard.code][relation].values())
                    for relation in _RELATIONS
                    if relation in named.get(standard.code, {})
                }
                depth = {"grade": 0, "domain": 1, "cluster": 2, "standard": 3, "substandard": 4}.get(
                    standard.kind, 3
                )
                link = CodeLink(standard.code, standard.label, f"#{anchor(standard.code)}")
                rows.append(StandardRow(link, standard.kind, depth, lessons))
        return rows

    def terms(self, cards: list[Card]) -> list[Term]:
        """The glossary, each term with those of these pages that use it."""
        view = self.view("glossary.md")
        users: dict[str, list[Card]] = {}
        for card in cards:
            for term in card.terms:
                users.setdefault(term, []).append(card)
        terms: list[Term] = []
        fill = self._fill("glossary.md", "glossary/")
        for part in view.parts if view is not None else ():
            if part.kind != "term" or part.id is None:
                continue
            definition, others = split_translations(part.text)
            body = fill_leaf(page_text(definition, part.id, view.language if view else ""), fill)[0].body
            terms.append(Term(part.id, part.heading, body, others, tuple(users.get(part.id, ()))))
        return sorted(terms, key=lambda term: (term.word.casefold(), term.id))

    def _redirects(self) -> dict[str, str]:
        taken = set(self.plan.pages)
        found: dict[str, str] = {}
        for address, path in self.plan.pages.items():
            for old in self.plan.curriculum.facts[path].formerly:
                former = old.strip("/").removesuffix(".md") + "/"
                if former not in taken and re.fullmatch(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)+", former):
                    taken.add(former)
                    found[f"{former}index.html"] = pages.redirect_page(
                        self.site, former, address, self.plan.page_link(path).title
                    )
        return found

    def _sitemap(self, found: Mapping[str, str]) -> str:
        addresses = [
            "",
            *self.plan.pages,
            *(
                p.removesuffix("index.html")
                for p in found
                if p.endswith("/index.html") and p != "offline/index.html"
            ),
        ]
        base = self.site.base_url
        rows = "".join(f"<url><loc>{base}{address}</loc></url>\n" for address in sorted(set(addresses)))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
        )


_TRANSLATED = re.compile(r"^[-*+] ([a-z]{2,3}(?:-[A-Za-z0-9]+)?): (.+)$")


def split_translations(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A glossary entry as its definition and its items `- es: …`."""
    kept: list[str] = []
    others: list[tuple[str, str]] = []
    for line in text.split("\n"):
        match = _TRANSLATED.match(line)
        if match:
            others.append((match[1], match[2].strip()))
        else:
            kept.append(line)
    return "\n".join(kept).strip("\n"), tuple(others)
