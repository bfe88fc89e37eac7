"""What a finding says to people who see a page: no marks of the source, and only of findings that there are."""

from __future__ import annotations

from curriculum_studio.domain.findings import ON_PAGE, RULES, finding, hint_on_page


def test_a_hint_on_the_page_speaks_of_the_page() -> None:
    assert set(ON_PAGE) <= set(RULES)
    found = finding(
        "part-missing", "a.md", 3, 1, where="The lesson", kind="cool-down", heading="## Cool-down"
    )
    assert "## Cool-down" in found.hint
    assert hint_on_page(found) == "Put it in with “Part” above the text."
    assert hint_on_page(finding("translation-orphan", "a.md", id="x")) == "Mend translates:."
    assert not any("`" in said or "##" in said for said in ON_PAGE.values())
