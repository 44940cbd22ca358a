"""A month's bank lines by keyboard alone, in a real browser."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from entremise.payments.models import BankLine
from entremise.settlement.models import Invoice, Receipt
from tests.browser.conftest import Keys, Open, faults, focused
from tests.doors.desk.conftest import treasury
from tests.doors.desk.test_money import december, settled, statement
from tests.settlement.conftest import treasurer, worked

__all__ = ["december", "settled", "treasurer", "treasury", "worked"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside")]


def brought(treasury: Client) -> None:
    """Three lines of one day, in this order."""
    said = [("2.00", "DBIT", "R1", "TENUE"), ("49.00", "CRDT", "R2", "menage"), ("30.00", "CRDT", "R3", "merci")]
    treasury.post(reverse("desk:bank"), {"file": statement(*said)})
    BankLine.objects.filter(amount__gt=0).update(counterparty="MME MARSAN ODILE")


def shown(page: Page, amount: str) -> None:
    """The line is there, and the browser has put the focus on it, which comes a moment after the page."""
    expect(page.locator("h2").first).to_contain_text(amount)
    focused(page, "[data-keys] [tabindex]")


def test_lines_are_recognised_one_after_another_without_a_mouse(
    at_the_desk: Open, treasury: Client, settled: Invoice
) -> None:
    brought(treasury)
    page = at_the_desk(treasury)
    page.goto(page.url + "argent/banque/")
    page.get_by_role("link", name="Une par une, au clavier").press("Enter")
    keys = Keys(page)
    shown(page, "2,00")
    keys.press("s")
    expect(page.locator("#id_what")).to_be_focused()
    page.keyboard.type("frais")  # The list of what it may be goes to what is typed.
    expect(page.locator("#id_what")).to_have_value("fees")
    page.locator("button", has_text="Mettre de côté").press("Enter")
    page.wait_for_url("**fait=**")
    expect(page.locator("h2").first).to_contain_text("49,00")
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    shown(page, "49,00")
    keys.press("ArrowRight")
    shown(page, "30,00")
    keys.press("ArrowLeft")
    shown(page, "49,00")
    keys.press("ArrowDown")
    expect(page.locator("[data-choice]").first).to_be_focused()
    keys.press("1")
    shown(page, "30,00")
    assert Receipt.objects.get().amount == 4900
    keys.press("u")
    expect(page.locator("#annuler")).to_be_visible()
    assert faults(page) == []


def test_a_digit_in_a_field_chooses_nothing(at_the_desk: Open, treasury: Client, settled: Invoice) -> None:
    brought(treasury)
    page = at_the_desk(treasury)
    line = BankLine.objects.get(amount=4900)
    page.goto(page.url + f"argent/banque/lignes/{line.id}/")
    keys = Keys(page)
    shown(page, "49,00")
    keys.press("c")
    expect(page.locator("#q")).to_be_focused()
    keys.type("1s")
    expect(page.locator("#q")).to_have_value("1s")
    page.locator("body").evaluate("body => document.activeElement.blur()")
    keys.press("1")  # Nor does one while nothing of the page has the focus.
    assert not Receipt.objects.exists()
