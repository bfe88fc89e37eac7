"""The editor in a real browser: a whole lesson without a mark typed, by mouse and by keyboard alone; pasting, finding, every state audited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import LESSON, UNIT, Hand, Visit

GOLDEN = Path(__file__).with_name("editor_lesson.md")
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20"><metadata>Room 12</metadata><rect width="40" height="20" fill="teal"/></svg>'


def put_in(hand: Hand, name: str, menu: str = "") -> None:
    """Presses a button of the toolbar, or an entry of one of its menus, with what the hand has."""
    page = hand.page
    button = page.get_by_role("toolbar", name="Write").get_by_role("button", name=menu or name, exact=True)
    if hand.kind == "mouse":
        button.click()
        if menu:
            page.get_by_role("menuitem", name=name, exact=True).click()
        return
    page.keyboard.press("Alt+F10")
    for _ in range(40):
        if button.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    else:
        raise AssertionError(f"No arrow leads to {menu or name}")
    page.keyboard.press("Enter")
    if menu:
        item = page.get_by_role("menuitem", name=name, exact=True)
        for _ in range(60):
            if item.evaluate("e => e === document.activeElement"):
                break
            page.keyboard.press("ArrowDown")
        else:
            raise AssertionError(f"No arrow leads to {name}")
        page.keyboard.press("Enter")


def closed(page: Page, dialog: Locator) -> None:
    """Waits until a dialog has gone and the text has the focus again, as one who sees it does."""
    expect(dialog).to_be_hidden()
    expect(page.locator(".cm-content")).to_be_focused()


def by_slash(page: Page, words: str) -> None:
    """Takes what a word behind a slash offers first."""
    page.keyboard.type("/" + words)
    expect(page.locator(".slash-menu li").first).to_have_text(re.compile(words, re.IGNORECASE))
    # Nobody takes what they have not read yet: Enter does nothing in the first moment.
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")


LINE = """() => {
  const node = getSelection().anchorNode;
  return (node.nodeType === 1 ? node : node.parentElement).closest(".cm-line")?.textContent ?? "";
}"""


def down_to(page: Page, words: str) -> None:
    """Goes down by arrows, as one who looks where the cursor is, to a line with these words; "" is an empty line."""
    for _ in range(40):
        page.keyboard.press("ArrowDown")
        line = page.evaluate(LINE)
        if (words and words in line) or line == words:
            return
    raise AssertionError(f"No arrow leads to {words or 'an empty line'}")


@pytest.mark.parametrize(("kind", "width"), [("keyboard", 1366), ("mouse", 360)])
def test_a_lesson_is_written_without_a_mark(visit: Visit, kind: str, width: int, tmp_path: Path) -> None:
    """Activity, table, fraction, number line, picture, problem with choices: words are typed, marks never."""
    ada = visit("Ada", width, kind)
    page = ada.page
    ada.go(UNIT)
    title = f"Halves and quarters by {kind}"
    ada.fill("Title", title)
    ada.press("button", "Start it")
    ada.headed(f"Change “{title}”")
    typed: list[str] = []

    def type_(words: str) -> None:
        assert not re.search(r"[#*_`$|\[\]{}\\~<>]|:::|^\s*[-+]\s|^\d+[.)]\s", words), words
        typed.append(words)
        page.keyboard.type(words)

    ada.to_text()
    page.keyboard.press("Control+End")
    # An activity, by the toolbar; what is chosen is its title.
    put_in(ada, "Activity", "Part")
    type_("Share a pizza")
    expect(page.locator(".outline-jump").filter(has_text="Share a pizza")).to_be_attached()
    _write_task(ada, type_)
    _write_problem(ada, type_, tmp_path)
    text = ada.text()
    start = text.index("## Activity: Share a pizza")
    assert text[start:] == GOLDEN.read_text("utf-8").replace("pizza.svg", f"pizza-by-{kind}.svg")
    ada.look("the editor with a whole lesson")
    ada.fill("What did you change?", "A lesson on halves")
    ada.press("button", "Save this version")
    ada.saved()
    ada.press("link", "Students see")
    article = page.locator("article")
    expect(article.locator("svg").first).to_be_visible()
    expect(article.locator("math mfrac").first).to_be_attached()
    expect(article.locator("table").first).to_contain_text("slices")
    expect(article.locator("img")).to_have_attribute("alt", "A pizza cut into four")
    expect(article.locator(".choice")).to_have_count(2)
    expect(article).not_to_contain_text("Ask who has seen this before")


def _write_task(ada: Hand, type_: object) -> None:
    assert callable(type_)
    page = ada.page
    down_to(page, "Launch")
    down_to(page, "")
    type_("Ask who has seen this before.")
    down_to(page, "Student task")
    down_to(page, "")
    type_("Four friends share a pizza. Each gets ")
    put_in(ada, "Formula")
    dialog = page.get_by_role("dialog", name="Formula")
    if ada.kind == "mouse":
        dialog.get_by_role("button", name="fraction", exact=True).click()
    else:
        ada.reach(dialog.get_by_role("button", name="fraction", exact=True))
        page.keyboard.press("Space")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    expect(dialog.locator("mfrac")).to_be_visible()
    ada.look(f"the formulas’ palette by {ada.kind}")
    page.keyboard.press("Enter")
    closed(page, dialog)
    type_(" of it.")
    page.keyboard.press("Enter")
    # A table, by the menu behind a slash.
    by_slash(page, "table")
    expect(page.get_by_role("dialog", name="Table")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    closed(page, page.get_by_role("dialog", name="Table"))
    for cell in ("friends", "slices", "4"):
        type_(cell)
        page.keyboard.press("Tab")
    type_("8")
    page.keyboard.press("Tab")
    type_("2")
    page.keyboard.press("Tab")
    type_("4")
    # Below the table, a number line with a form.
    down_to(page, "")
    put_in(ada, "Number line", "Figure")
    dialog = page.get_by_role("dialog", name="Number line")
    expect(dialog.locator("svg")).to_be_visible()
    ada.fill("To", "1")
    ada.fill(
        "What the picture shows, for those who do not see it (needed)",
        "A number line from 0 to 1 in quarters.",
    )
    ada.look(f"the form of a number line by {ada.kind}")
    if ada.kind == "mouse":
        dialog.get_by_role("button", name="Put it in").click()
    else:
        ada.reach(dialog.get_by_role("button", name="Put it in"))
        page.keyboard.press("Enter")
    closed(page, dialog)


def _write_problem(ada: Hand, type_: object, tmp_path: Path) -> None:
    assert callable(type_)
    page = ada.page
    file = tmp_path / f"pizza-by-{ada.kind}.svg"
    file.write_bytes(PICTURE)
    put_in(ada, "Picture")
    dialog = page.get_by_role("dialog", name="Picture")
    dialog.locator("input[type=file]").set_input_files(file)
    ada.fill("What it shows, for those who do not see it", "A pizza cut into four")
    ada.look(f"the form of a picture by {ada.kind}")
    if ada.kind == "mouse":
        dialog.get_by_role("button", name="Put it in").click()
    else:
        ada.reach(dialog.get_by_role("button", name="Put it in"))
        page.keyboard.press("Enter")
    closed(page, dialog)
    put_in(ada, "Problem with choices", "Part")
    type_("Which is more?")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    type_("one half")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    type_("one quarter")


WORD = """<html xmlns:m="http://schemas.microsoft.com/office/2004/12/omml"><head><style>p.MsoNormal{margin:0}</style></head><body><!--StartFragment-->
<h1>Sharing<o:p></o:p></h1>
<p class=MsoNormal>Each child gets <b>one half</b> or <i style='mso-bidi-font-style:normal'>less</i>: <!--[if gte msEquation 12]><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath><![endif]--><![if !msEquation]><span>junk</span><![endif]></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>four friends</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><![if !supportLists]><span><span style='mso-list:Ignore'>o<span>&nbsp; </span></span></span><![endif]>two pizzas</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>friends</p></td><td><p class=MsoNormal>slices</p></td></tr><tr><td><p class=MsoNormal>4</p></td><td><p class=MsoNormal>8 | 9</p></td></tr></table>
<!--EndFragment--></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span style="font-weight:400">Warm-up</span></h2>
<p dir="ltr"><span style="font-weight:400;font-style:normal">Look at </span><span style="font-weight:700">both</span><span style="font-weight:400"> and x</span><span style="font-size:0.6em;vertical-align:super"><sup>2</sup></span><span>.</span></p>
<ol style="margin-top:0"><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>First</span></p></li><ul><li dir="ltr" aria-level="2"><p role="presentation"><span>inner</span></p></li></ul><li dir="ltr"><p role="presentation"><span>Second *star*</span></p></li></ol>
<p><a href="https://www.google.com/url?q=https://example.org/a&sa=D"><span>a page</span></a><br></p></b>"""
WEB = """<div><script>alert(1)</script><style>p{}</style><h3>Slope</h3><p onclick="x()">It costs $5, and <span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>m</mi></mrow><annotation encoding="application/x-tex">\\frac{y_2-y_1}{x_2-x_1}</annotation></semantics></math></span><span class="katex-html" aria-hidden="true">m junk</span></span> is the slope.</p>
<p>Or <math><msup><mi>x</mi><mn>2</mn></msup><mo>≤</mo><msqrt><mn>9</mn></msqrt></math>.</p><ul><li>one</li><li>two<ul><li>three</li></ul></li></ul><blockquote><p>Said so.</p></blockquote><p><a href="javascript:alert(1)">no link</a> <img src="https://example.org/x.png" alt="A graph"></p></div>"""
PASTED = {
    "a word processor": (WORD, "## Sharing\n\nEach child gets **one half** or *less*: $\\frac{1}{2}$\n\n- four friends\n  - two pizzas\n\n| friends | slices |\n|---|---|\n| 4 | 8 \\| 9 |"),
    "a document of the web": (DOCS, "## Warm-up\n\nLook at **both** and $x^2$.\n\n1. First\n   - inner\n2. Second \\*star\\*\n\n[a page](https://example.org/a)"),
    "a page of the web": (WEB, "## Slope\n\nIt costs \\$5, and $\\frac{y_2-y_1}{x_2-x_1}$ is the slope.\n\nOr $x^2\\le\\sqrt{9}$.\n\n- one\n- two\n  - three\n\n> Said so.\n\nno link (A graph)"),
}  # fmt: skip
PASTE = """([html, plain]) => {
  const carried = new DataTransfer();
  carried.setData("text/html", html);
  carried.setData("text/plain", plain);
  document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("source", sorted(PASTED))
def test_what_is_pasted_keeps_what_it_means(visit: Visit, source: str) -> None:
    html, wanted = PASTED[source]
    ada = visit("Ada")
    ada.pastes = True
    page = ada.page
    # A lesson that no other of these journeys opens: what is left of this one becomes a version a moment later.
    ada.go(f"{UNIT}/03-for-one/edit")
    before = ada.text()
    ada.to_text()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, [html, "plain"])
    text = ada.text()
    assert text.startswith(before.rstrip("\n"))
    assert text[len(before.rstrip("\n")) :].strip("\n") == wanted
    # One step takes it all back.
    page.keyboard.press("Control+z")
    assert wanted not in ada.text()


def test_every_lesson_opens_without_a_change_and_closes_so(visit: Visit) -> None:
    ada = visit("Ada")
    page = ada.page
    for place in (LESSON, f"{UNIT}/02-same-taste", f"{UNIT}/assessments/end-of-unit", UNIT + "/unit"):
        ada.go(f"{place}/edit")
        first = page.locator("#text").input_value()
        expect(page.locator(".cm-content")).to_be_visible()
        ada.to_text()
        for key in (
            "Control+Home",
            "Control+End",
            "Control+Shift+E",
            "Control+Home",
            "ArrowDown",
            "Control+Shift+E",
        ):
            page.keyboard.press(key)
        page.locator(".cm-about summary").click()
        if "assessments" in place:
            # What an assessment assesses stands in the form above it, and so does the button that adds to it.
            expect(page.get_by_role("group", name="Assesses these standards")).to_contain_text("6.RP.A.3d")
            expect(page.get_by_role("group", name="Teaches these standards")).to_be_hidden()
        assert ada.text() == first
        expect(page.locator("[data-state]")).to_have_text(re.compile("^(Saved)?$"))


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (360, "dark")])
def test_every_state_of_the_editor_is_clean(visit: Visit, width: int, scheme: str) -> None:
    ada = visit("Ada", width, "mouse", scheme)
    page = ada.page
    ada.go(f"{LESSON}/edit")
    ada.to_text()
    # On a small screen the way to the text leads over the header's form, which opens.
    if page.locator(".cm-about").get_attribute("open") is None:
        page.locator(".cm-about summary").click()
    ada.look("the header as a form")
    page.get_by_role("button", name=re.compile("^Teaches: add")).click()
    page.get_by_label("Code or words").fill("6.RP.A.2")
    expect(page.locator(".ask-choice").first).to_be_visible()
    ada.look("the search for a standard")
    page.locator(".ask-choice").filter(has_text="6.RP.A.2").first.click()
    expect(page.locator(".cm-codes").filter(has_text="6.RP.A.2").first).to_be_visible()
    assert "addressing: [6.RP.A.1, 6.RP.A.2]" in ada.text()
    for menu in ("Part", "Figure", "More"):
        page.get_by_role("toolbar", name="Write").get_by_role("button", name=menu, exact=True).click()
        expect(page.get_by_role("menu").first).to_be_visible()
        ada.look(f"the menu {menu}")
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator(".cm-search")).to_be_visible()
    ada.look("find and replace")
    for words, title, chosen, heading in (
        ("pelicans and", "About “Problem”", "3", "### Problem {#p2 standard=6.RP.A.1 dok=3 points=2}"),
        ("Draw the band", "About “Activity 2: Draw the band”", "", "{#draw-band minutes=12 rigor=conceptual,application}"),
    ):  # fmt: skip
        expect(page.locator(".cm-search")).to_have_count(int(words == "pelicans and"))
        if words != "pelicans and":
            page.get_by_role("button", name="Find", exact=True).click()
        page.locator(".cm-search input[name=search]").fill("")
        page.locator(".cm-search input[name=search]").press_sequentially(words)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.get_by_role("toolbar", name="Write").get_by_role("button", name="More", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^About this part")).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        ada.look(title)
        if chosen:
            page.get_by_label("Depth of knowledge that it asks for").select_option(chosen)
        else:
            page.get_by_role("checkbox", name="application").check()
        page.get_by_role("button", name="Write it down").click()
        assert heading in ada.text()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("/num")
    expect(page.locator(".slash-menu li").first).to_be_visible()
    ada.look("the menu behind a slash")
    page.keyboard.press("Escape")
    page.get_by_title("Keys and help").click()
    ada.look("the keys of the editor")


def test_the_header_is_a_form_and_minutes_add_up(visit: Visit) -> None:
    ada = visit("Ada")
    page = ada.page
    ada.go(f"{UNIT}/02-same-taste/edit")
    ada.to_text()
    before = ada.text()
    minutes = page.get_by_label(re.compile("^Minutes of Warm-up"))
    minutes.fill("9")
    minutes.press("Tab")
    expect(page.locator(".outline-total")).to_have_text("51 of 50 minutes")
    assert ada.text() == before.replace("minutes=8", "minutes=9", 1)
    page.locator(".cm-about summary").click()
    page.get_by_label("Minutes", exact=True).fill("51")
    expect(page.locator(".outline-total")).to_have_text("51 of 51 minutes")
    # Goals are chosen by their own words, far down in the form, and the page does not jump under the hand.
    goal = page.get_by_role("checkbox", name=re.compile("^Students explain why"))
    goal.scroll_into_view_if_needed()
    serves, at = goal.is_checked(), page.locator(".cm-scroller").evaluate("e => e.scrollTop")
    goal.click()
    expect(goal).to_be_checked(checked=not serves)
    expect(page.locator("#text")).to_have_value(
        re.compile(r"^goals: \[(?!.*g1)" if serves else r"^goals: \[.*g1", re.MULTILINE)
    )
    assert page.locator(".cm-scroller").evaluate("e => e.scrollTop") == at
    page.get_by_label("Title", exact=True).fill("The same: a taste")
    page.get_by_label("Title", exact=True).press("Tab")
    text = ada.text()
    assert 'title: "The same: a taste"' in text
    assert text.split("---\n", 2)[2] == before.replace("minutes=8", "minutes=9", 1).split("---\n", 2)[2]


def test_the_form_above_a_unit_offers_what_a_unit_may_have(visit: Visit) -> None:
    ada = visit("Ada")
    page = ada.page
    ada.go(f"{UNIT}/unit/edit")
    ada.to_text()
    page.locator(".cm-about summary").click()
    page.get_by_label("Weeks that it takes").fill("4")
    expect(page.locator("#text")).to_have_value(re.compile("^weeks: 4$", re.MULTILINE))
    expect(page.locator(".cm-about").get_by_label("Minutes", exact=True)).to_have_count(0)
    ada.go("/units/curriculum/edit")
    ada.to_text()
    expect(page.locator(".cm-about").get_by_label("School year")).to_have_count(1)
    expect(page.locator(".cm-goals")).to_have_count(0)


def test_the_preview_shows_the_part_in_which_somebody_writes(visit: Visit) -> None:
    ada = visit("Ada", 1366, "keyboard")
    page = ada.page
    ada.go(f"{LESSON}/edit")
    ada.to_text()
    shown = """(id) => {
      const pane = document.querySelector("#preview").getBoundingClientRect();
      const part = document.querySelector(`#preview #${id}`)?.getBoundingClientRect();
      return Boolean(part) && part.top >= pane.top - 2 && part.top < pane.top + pane.height / 2;
    }"""
    for heading, part in (("Cool-down", "paw"), ("Warm-up", "notice"), ("Activity 2", "draw-band")):
        page.locator(".outline-jump").filter(has_text=heading).first.click()
        page.wait_for_function(shown, arg=part)
        # The cursor went along: who writes now writes there, and reads it beside.
        expect(page.locator(".outline-jump[aria-current]")).to_contain_text(heading)
