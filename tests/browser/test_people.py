"""An administrator in the browser: invite, hand out links, help who lost a password, look at the record, close an account."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, Visit

PASSWORD = "a long bridge of 9 planks"


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_an_administrator_from_invitation_to_leaving(visit: Visit, kind: str, width: int) -> None:
    omar, nora = visit("Omar", width, kind), visit("", width, kind)
    page, name = omar.page, f"Nora {kind} {width}"
    omar.press("link", "People")
    omar.fill("Name", name)
    omar.fill("Account (what they sign in with)", name)
    omar.press("button", "Invite")
    omar.told("Copy the link now")
    omar.look("a link to hand out")
    link = page.locator("code.link").inner_text()
    nora.page.goto(link)
    nora.headed(f"Welcome, {name}")
    nora.look("the page of an invitation")
    nora.fill(re.compile("^New password"), PASSWORD)
    nora.press("button", "Set the password and sign in")
    nora.headed(f"Welcome, {name}")
    nora.press("link", re.compile(name))
    nora.headed("Your account")
    nora.look("one's own account")
    nora.press("button", "Sign out")
    nora.press_this(nora.page.locator("summary", has_text="account and a password"))
    nora.fill("Account", name.lower())
    nora.fill("Password", "not the right one at all")
    nora.press("button", "Sign in")
    nora.told("Account and password do not fit together.")
    nora.look("a sign-in that failed")
    nora.fill("Password", PASSWORD)
    nora.press("button", "Sign in")
    nora.headed(f"Welcome, {name}")
    omar.press("link", "People")
    omar.press("link", name)
    omar.headed(name)
    omar.look("one person")
    omar.choose(
        f"What {name} does here", "researcher: writes with a team, and reviews alignment and evidence"
    )
    omar.press("button", "Give this role")
    expect(page.get_by_text("before: teacher · now: researcher")).to_be_visible()
    omar.press("button", "Make a new password link")
    omar.told("Copy the link now")
    nora.page.goto(page.locator("code.link").inner_text())
    nora.fill(re.compile("^New password"), f"{PASSWORD} more")
    nora.press("button", "Set the password and sign in")
    omar.press("link", "Back to people")
    omar.press("link", name)
    omar.headed(name)
    omar.press("button", "Close this account")
    expect(page.get_by_text("This account is closed")).to_be_visible()
    nora.go("/account")
    nora.headed("Sign in")
    omar.press("link", "People")
    omar.press("link", "The record")
    expect(page.get_by_text("The record is whole.")).to_be_visible()
    expect(page.locator(".recent li").first).to_contain_text("closed an account")
    omar.look("the record")


def test_a_hundred_people_at_once(visit: Visit) -> None:
    omar = visit("Omar", 360)
    omar.go("/people")
    rows = "\n".join(
        f"Person {n} with a rather long name,person{n}@school.example,teacher,Ratios" for n in range(100)
    )
    omar.fill("or paste the table here", f"name,account,role,team\n{rows}")
    omar.press("button", "Invite all of them")
    omar.headed("100 people invited")
    omar.look("a hundred links")
    omar.go("/people")
    omar.look("a long list of people")
    omar.fill("or paste the table here", "name,account,role\nX,y,king")
    omar.press("button", "Invite all of them")
    omar.told("Nobody was invited.")
    omar.look("a table that was refused")
    omar.go("/teams")
    omar.press_this(omar.page.locator("main").get_by_role("link", name=re.compile("^Ratios")))
    omar.look("a large team")


def test_a_team_is_made_changed_and_taken_away(visit: Visit) -> None:
    dana = visit("Dana", 768, "keyboard")
    dana.press("link", "Teams")
    dana.fill("Name", "Statistics")
    dana.press("button", "Make the team")
    dana.headed("Statistics")
    dana.press("checkbox", re.compile("^Ben"))
    dana.press("checkbox", re.compile("^Keep working text private"))
    dana.look("a team")
    dana.press("button", "Keep these changes")
    dana.told("Kept. The team is as it stands here.")
    dana.press("link", "Teams")
    card = dana.page.locator("a.card").filter(has_text="Statistics")
    expect(card).to_contain_text("private")
    expect(card).to_contain_text("Ben")
    dana.press_this(card)
    dana.press_this(dana.page.locator("summary", has_text="Take this team away"))
    dana.press("button", "Take “Statistics” away")
    expect(card).to_have_count(0)


@pytest.mark.parametrize("kind", ["mouse", "keyboard"])
def test_somebody_is_found_in_a_long_list(visit: Visit, kind: str) -> None:
    omar, dana = visit("Omar"), visit("Dana", 768, kind)
    omar.press("link", "People")
    rows = "\n".join(f"Zoë {kind} {n:02},zoe-{kind}-{n}@school.example,teacher" for n in range(30))
    omar.fill("or paste the table here", f"name,account,role\n{rows}")
    omar.press("button", "Invite all of them")
    with omar.page.expect_download() as saved:
        omar.press("link", "Save all links as a table (CSV)")
    assert saved.value.path().read_text("utf-8").count("/welcome/") == 30
    dana.go("/teams")
    dana.fill("Name", f"A team by {kind}")
    dana.press("button", "Make the team")
    dana.headed(f"A team by {kind}")
    dana.look("a team in a studio with many people")
    # However many there are, they go on below and none stands to the right of the box.
    people = dana.page.locator("fieldset.people")
    assert people.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight > e.clientHeight")
    dana.fill("Find by name", f"zoe {kind} 17")
    dana.told(re.compile(r"^2 of \d+ shown"))
    # Enter looks for the name, and sends nothing.
    dana.page.keyboard.press("Enter")
    dana.press("checkbox", re.compile(f"Zoë {kind} 17"))
    dana.fill("Find by name", "nobody is called so")
    expect(dana.page.get_by_role("checkbox", name=re.compile(f"Zoë {kind} 17"))).to_be_visible()
    dana.press("button", "Keep these changes")
    dana.told("Kept. The team is as it stands here.")
    dana.press("link", "Teams")
    expect(dana.page.get_by_role("link", name=re.compile(f"A team by {kind}"))).to_contain_text(
        f"Zoë {kind} 17"
    )
