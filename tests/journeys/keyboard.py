"""A person who keeps the cahier with the keyboard alone: every step is a key, and the cursor must be where it is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

FARTHEST = 27  # keys that anybody would press to reach a control


@dataclass(frozen=True)
class Line:
    """A line to note: amounts and days as people type them; where several accounts share, the first takes what the others leave.

    `kind` names the tabs over the form; `piece` is what the form proposes by itself; no `cheque` is typed where it proposes
    the right one.
    """

    kind: tuple[str, ...]
    piece: str
    day: str
    label: str
    amount: str
    accounts: tuple[tuple[str, str], ...] = ()
    tiers: str = ""
    means: str = ""
    cheque: str = ""
    project: str = ""
    classe: str = ""


class Keyboard:
    """Someone at the keyboard before a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def reach(self, control: Locator, key: str = "Tab") -> None:
        """Press a key until a control has the cursor."""
        expect(control).to_be_visible()
        for _ in range(FARTHEST):
            if control.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        expect(control).to_be_focused()

    def field(self, name: str) -> Locator:
        """Return the field of the form of an operation that bears a name."""
        return self.page.locator(f"#id_{name}")

    def fill(self, name: str, text: str) -> None:
        """Go on to a field, and type over what stands there."""
        field = self.field(name)
        self.reach(field)
        if field.input_value():
            self.press("Control+A")
        self.type(text)

    def arrive(self, heading: str) -> None:
        """Wait for a page, then pass its menu by: the first link of every page leads to its content, if the cursor is not there."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        if self.page.evaluate("document.activeElement.closest('form') !== null"):
            return
        self.press("Tab")
        expect(self.page.get_by_role("link", name="Aller au contenu")).to_be_focused()
        self.press("Enter")
        expect(self.page.locator("#suite")).to_be_focused()

    def choose(self, label: str, key: str = "Tab") -> None:
        """Go to the entry of a menu or a tab, and follow it."""
        self.reach(self.page.get_by_role("link", name=label, exact=True), key)
        self.press("Enter")

    def open_kind(self, *tabs: str) -> None:
        """From the date, go back to the tabs over the form and open those of a kind, where they are not open."""
        kinds = self.page.get_by_role("navigation", name="Que voulez-vous noter ?")
        for tab in tabs:
            link = kinds.get_by_role("link", name=tab, exact=True)
            if link.get_attribute("aria-current") == "true":
                continue
            self.reach(link, "Shift+Tab")
            self.press("Enter")
            expect(link).to_have_attribute("aria-current", "true")
            expect(self.field("date")).to_be_focused()

    def pick(self, row: int, words: str) -> None:
        """Find an account by what one would call it; what is found is taken on leaving."""
        self.fill(f"parts-{row}-account", words)
        expect(self.page.get_by_role("listbox").get_by_role("option", selected=True)).to_be_visible()

    def draft(self, line: Line) -> None:
        """Type a line as far as it can be sent."""
        expect(self.field("date")).to_be_focused()
        self.open_kind(*line.kind)
        expect(self.field("piece")).to_have_value(line.piece)
        self.type(line.day)
        self.fill("label", line.label)
        if line.tiers:
            self.fill("tiers", line.tiers)
        self.pay(line)
        self.fill("amount", line.amount)
        self.split(line.accounts)
        self.detail(line)

    def pay(self, line: Line) -> None:
        if line.means:
            group = self.page.get_by_role("group", name="Moyen")
            self.reach(group.get_by_role("radio", checked=True))
            self.reach(group.get_by_role("radio", name=line.means), "ArrowRight")
        if line.cheque:
            self.fill("cheque", line.cheque)

    def split(self, accounts: tuple[tuple[str, str], ...]) -> None:
        for row, (words, share) in enumerate(accounts):
            if row:
                self.press("Alt+Insert")
                expect(self.field(f"parts-{row}-account")).to_be_focused()
            self.pick(row, words)
            if share:
                self.fill(f"parts-{row}-amount", share)

    def detail(self, line: Line) -> None:
        if line.project or line.classe:
            self.reach(self.page.locator("summary", has_text=re.compile("Projet")).last)
            self.press("Enter")
            self.fill("project", line.project)
            self.fill("classe", line.classe)

    def note(self, line: Line) -> None:
        """Type a line and send it with Enter; the form is then ready for the next one, on the same day."""
        self.draft(line)
        self.save(line)

    def save(self, line: Line) -> None:
        if self.page.get_by_role("listbox").is_visible():
            self.press("Enter")  # takes the account that the list proposes
        self.press("Enter")
        expect(self.page.locator("#lignes tr.new", has_text=line.label)).to_be_visible()
        expect(self.field("piece")).not_to_have_value(line.piece)
        expect(self.field("date")).to_be_focused()
