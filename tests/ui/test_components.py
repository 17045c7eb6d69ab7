"""The component page in a real browser: nothing for axe to find, and each custom element by the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect

from retkoop.domain.chart import national_chart
from tests.ui.conftest import OpenComponents

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 390, "height": 844}}


def submitted(page: Page) -> Any:  # noqa: ANN401 -- JSON
    """Return what the sample form would send."""
    return page.evaluate("Object.fromEntries(new FormData(document.getElementById('sample')))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE])
def test_axe_finds_nothing(open_components: OpenComponents, device: dict[str, Any], scheme: str) -> None:
    page = open_components(color_scheme=scheme, reduced_motion="reduce", **device)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("opened", ["#menu", "#shortcuts", "#mot-ventilation", "#supprimer"])
def test_axe_finds_nothing_on_what_opens(open_components: OpenComponents, opened: str) -> None:
    page = open_components(reduced_motion="reduce", **PHONE)
    page.locator(opened).evaluate("card => card.showPopover()")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_nothing_sticks_out_of_the_page(open_components: OpenComponents, width: int) -> None:
    page = open_components(viewport={"width": width, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_page_asks_for_twelve_things_at_most(open_components: OpenComponents) -> None:
    page = open_components()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("performance.getEntriesByType('resource').length + 1") <= 12


def test_without_script_the_page_is_complete(open_components: OpenComponents) -> None:
    page = open_components(java_script_enabled=False)
    page.get_by_label("Compte").first.select_option("70700008")
    expect(page.get_by_role("button", name="Ajouter une ligne")).to_be_visible()
    page.get_by_role("button", name="Que veut dire « ventilation »").first.click()
    expect(page.get_by_text("Dire à quoi a servi la somme").first).to_be_visible()


class TestAccountPicker:
    @pytest.mark.parametrize("typed", ["707", "62", "photos", "École", "educ", "fete", "vente produits", "œuvres", "des", "618 x", "zzz"])
    def test_it_finds_what_the_domain_finds(self, page: Page, typed: str) -> None:
        page.locator("#id_account").fill(typed)
        assert page.locator("#id_account_list .picker-key").all_inner_texts() == [found.alias for found in national_chart().search(typed)]

    def test_enter_chooses_on_the_open_list(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("707")
        expect(field).to_have_attribute("aria-expanded", "true")
        field.press("Enter")
        expect(field).to_have_value("707 · Ventes de produits pour cession")
        expect(field).to_have_attribute("aria-expanded", "false")
        assert submitted(page)["account"] == "70700008"

    def test_arrows_walk_through_the_list(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("photos")
        field.press("ArrowDown")
        expect(field).to_have_attribute("aria-activedescendant", "id_account_option_1")
        field.press("ArrowDown")
        field.press("ArrowDown")
        field.press("ArrowUp")
        field.press("ArrowUp")
        field.press("Enter")
        assert submitted(page)["account"] == "70700008"

    def test_arrow_opens_the_whole_list_at_what_is_chosen(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.press("ArrowDown")
        assert page.locator("#id_account_list [role=option]").count() == 16
        expect(page.locator("#id_account_list [aria-selected=true] .picker-key")).to_have_text("618")

    def test_tab_takes_the_proposal(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("mairie")
        field.press("Tab")
        expect(field).to_have_value("741 · Subventions de l’État et des collectivités")
        expect(page.locator("#id_amount")).to_be_focused()

    def test_escape_leaves_things_as_they_were(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("photos")
        field.press("Escape")
        expect(field).to_have_value("618 · Charges des activités éducatives")
        assert submitted(page)["account"] == "61800008"

    def test_words_that_lead_nowhere_stay_and_choose_nothing(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("zzz")
        field.press("Tab")
        expect(field).to_have_value("zzz")
        assert (submitted(page)["account"], submitted(page)["account_typed"]) == ("", "zzz")

    def test_words_that_lead_nowhere_take_the_place_of_what_was_chosen(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("zzz")
        field.press("Enter")
        expect(field).to_have_value("zzz")
        assert (submitted(page)["account"], submitted(page)["account_typed"]) == ("", "zzz")
        field.fill("707")
        field.press("Enter")
        assert submitted(page)["account"] == "70700008"

    def test_an_emptied_field_chooses_nothing(self, page: Page) -> None:
        field = page.locator("#id_account")
        field.fill("")
        field.press("Tab")
        assert submitted(page)["account"] == ""

    def test_a_click_chooses(self, page: Page) -> None:
        page.locator("#id_account").click()
        page.get_by_role("option", name="741").click()
        assert submitted(page)["account"] == "74100008"

    def test_enter_on_the_closed_list_sends_the_form(self, page: Page) -> None:
        page.evaluate(
            "document.getElementById('sample').addEventListener('submit', (event) => { event.preventDefault(); window.sent = true; })"
        )
        page.locator("#id_account").press("Enter")
        assert page.evaluate("window.sent") is True

    def test_a_change_is_said_once(self, page: Page) -> None:
        page.evaluate("window.changes = 0; document.getElementById('sample').addEventListener('change', () => { window.changes += 1; })")
        page.locator("#id_account").fill("707")
        page.locator("#id_account").press("Tab")
        assert page.evaluate("window.changes") == 1

    def test_the_field_says_its_error(self, page: Page) -> None:
        field = page.locator("#id_wrong-account")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description("Choisissez dans la liste.")


class TestSplitRows:
    def test_a_row_comes_with_its_numbers_and_the_cursor(self, page: Page) -> None:
        page.evaluate("document.addEventListener('rows-changed', () => { window.changed = true; })")
        page.get_by_role("button", name="Ajouter une ligne").click()
        expect(page.locator("[name=parts-TOTAL_FORMS]")).to_have_value("3")
        expect(page.locator("#id_parts-2-account")).to_be_focused()
        expect(page.locator("[name=parts-2-amount]")).to_have_attribute("aria-describedby", "id_parts-2-amount_said")
        assert page.evaluate("window.changed") is True

    def test_a_row_goes_and_the_others_are_numbered_again(self, page: Page) -> None:
        page.get_by_role("button", name="Retirer cette ligne").first.click()
        expect(page.locator("[name=parts-TOTAL_FORMS]")).to_have_value("1")
        expect(page.locator("[name=parts-0-amount]")).to_have_value("64,50")
        expect(page.locator("#id_parts-0-account")).to_have_value("607 · Achats de produits pour cession")
        expect(page.locator("[data-remove]")).to_be_disabled()

    def test_the_keyboard_does_it_too(self, page: Page) -> None:
        page.locator("#id_parts-0-amount").press("Alt+Insert")
        expect(page.locator("[data-row]")).to_have_count(3)
        page.locator("#id_parts-0-amount").press("Alt+Delete")
        expect(page.locator("[data-row]")).to_have_count(2)
        expect(page.locator("#id_parts-0-account")).to_be_focused()


class TestAutoFocus:
    def test_the_cursor_waits_in_the_first_field_with_its_text_selected(self, page: Page) -> None:
        expect(page.locator("#id_day")).to_be_focused()
        assert page.evaluate("getSelection().toString()") == "14/11/2025"

    def test_the_first_wrong_field_comes_before(self, page: Page) -> None:
        page.evaluate(
            "(() => { const around = document.createElement('auto-focus');"
            " around.innerHTML = '<input id=one autofocus><input id=two aria-invalid=true value=x>';"
            " document.querySelector('main').append(around); })()"
        )
        expect(page.locator("#two")).to_be_focused()


class TestToasts:
    def test_the_server_can_say_a_word(self, page: Page) -> None:
        page.evaluate("document.body.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Enregistré.', tone: 'good'}, bubbles: true}))")
        expect(page.locator("#toasts")).to_have_text("Enregistré.")
        page.locator("#toasts").get_by_role("button", name="Fermer").click()
        expect(page.locator("#toasts undo-toast")).to_have_count(0)

    def test_three_words_at_most_stay_in_sight(self, page: Page) -> None:
        for number in range(5):
            page.evaluate("text => document.dispatchEvent(new CustomEvent('toast', {detail: {text}}))", str(number))
        assert page.locator("#toasts p").all_inner_texts() == ["2", "3", "4"]

    def test_a_good_word_goes_by_itself_but_never_under_the_eyes(self, page: Page) -> None:
        page.clock.install()
        page.evaluate("document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Enregistré.', tone: 'good'}}))")
        page.locator("#toasts p").hover()
        page.clock.run_for(20_000)
        expect(page.locator("#toasts undo-toast")).to_have_count(1)
        page.mouse.move(0, 0)
        page.clock.run_for(9_000)
        expect(page.locator("#toasts undo-toast")).to_have_count(0)

    def test_control_z_undoes_but_not_while_typing(self, page: Page) -> None:
        page.evaluate(
            "document.addEventListener('submit', (event) => {"
            " event.preventDefault(); window.undone = event.target.getAttribute('action'); })"
        )
        page.locator("#id_label").type("a")
        page.locator("#id_label").press("Control+z")
        page.locator("#id_label").press("Control+z")
        assert page.evaluate("window.undone") is None
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Control+z")
        assert page.evaluate("window.undone") == "#annuler"


class TestLeaveGuard:
    def leave(self, page: Page) -> list[str]:
        asked: list[str] = []

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", answer)
        page.goto("/nowhere/")
        return asked

    def test_nothing_typed_nothing_asked(self, page: Page) -> None:
        page.locator("#id_label").click()
        assert self.leave(page) == []

    def test_what_was_typed_is_asked_about(self, page: Page) -> None:
        page.locator("#id_label").fill("Musée")
        assert self.leave(page) == ["beforeunload"]

    def test_what_was_put_back_is_not(self, page: Page) -> None:
        page.locator("#id_label").fill("Musée")
        page.locator("#id_label").fill("Entrées au musée, CE1-CE2")
        assert self.leave(page) == []


class TestShortcutKeys:
    def test_a_key_presses_what_carries_it(self, page: Page) -> None:
        page.evaluate("document.querySelector('[data-key-for=n]').addEventListener('click', () => { window.pressed = true; })")
        page.locator("#id_label").press("n")
        assert page.evaluate("window.pressed") is None
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("n")
        assert page.evaluate("window.pressed") is True

    def test_the_card_opens_and_switches_them_off_for_good(self, page: Page) -> None:
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Raccourcis du clavier")).to_be_visible()
        page.get_by_label("Ne pas utiliser les raccourcis d’une seule touche").check()
        page.keyboard.press("Escape")
        page.reload()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Raccourcis du clavier")).to_be_hidden()
        page.get_by_role("button", name="Raccourcis").click()
        expect(page.get_by_role("dialog", name="Raccourcis du clavier")).to_be_visible()


class TestNetwork:
    def ask(self, page: Page, path: str, method: str = "get") -> None:
        page.evaluate(
            "([path, method]) => { const ask = document.createElement('button'); ask.id = 'ask'; ask.textContent = 'avant';"
            " ask.setAttribute(`hx-${method}`, path); document.querySelector('main').append(ask); htmx.process(ask); ask.click(); }",
            [path, method],
        )

    def test_an_error_is_said_and_the_page_stays(self, page: Page) -> None:
        self.ask(page, "/broken/")
        expect(page.locator("#toasts p")).to_have_text(
            "L’erreur vient de nous, pas de vous. Ce qui était enregistré l’est toujours. "
            "Attendez un instant et recommencez. Si cela continue, prévenez votre association départementale."
        )
        expect(page.locator("#ask")).to_have_text("avant")

    def test_an_error_that_is_a_page_stays_out_of_the_page(self, page: Page) -> None:
        self.ask(page, "/told/")
        expect(page.locator("#toasts p")).to_have_text(
            "Retkoop a rencontré un problème. Ce que vous avez saisi est toujours là : réessayez dans un instant."
        )

    def test_a_cut_network_is_said(self, page: Page) -> None:
        page.context.set_offline(True)
        self.ask(page, "/composants/")
        expect(page.locator("#toasts p")).to_have_text(
            "La connexion est coupée. Ce que vous avez saisi est toujours là : réessayez dans un instant."
        )

    def test_the_token_goes_along(self, page: Page) -> None:
        self.ask(page, "/save/", "post")
        expect(page.locator("#ask")).to_have_text("enregistré")

    @pytest.mark.parametrize("path", ["/invalid/", "/conflict/"])
    def test_a_refused_form_takes_its_place(self, page: Page, path: str) -> None:
        self.ask(page, path)
        expect(page.locator("#ask")).to_have_text("À corriger")
        expect(page.locator("#toasts undo-toast")).to_have_count(0)
