"""What a supplier, their client and the desk see of a quote and of a month, in a real browser."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Request
from entremise.kernel.act import Act
from entremise.market.models import Proposal
from entremise.payments import operations as payments
from entremise.people.models import Person
from tests.browser.test_site_pages import At, at_the_door, faults, faulty
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.conftest import bruno
from tests.jobs.test_quotes import asked, wanted
from tests.settlement.test_suppliers import done_for, settle

__all__ = ["asked", "at_the_door", "bruno", "inside_as", "wanted"]

pytestmark = pytest.mark.django_db(transaction=True)


def keep(page: Page, name: str) -> None:
    """A photograph, for whoever wants to look: ENTREMISE_PHOTOS names the folder."""
    folder = os.environ.get("ENTREMISE_PHOTOS")
    for width, theme in ((390, "light"), (1280, "dark")) if folder else ():
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.screenshot(path=Path(folder or "") / f"{name}-{width}-{theme}.png", full_page=True)


def test_a_quote_is_named_and_answered_on_pages_without_fault(
    at_the_door: At,
    inside_as: Visitor,
    coordination: Client,
    act: Act,
    bruno: Person,
    odile: Person,
    asked: Proposal,
    wanted: Request,
) -> None:
    payments.set_bank_account(act=act, person=bruno, iban="FR7630006000011234567890189")
    page = at_the_door("/moi/", inside_as(bruno))
    assert faults(page) == []
    keep(page, "supplier")
    page.get_by_text("Un autre prix").click()
    page.get_by_label("Votre prix, taxes comprises").fill("rien")
    page.get_by_role("button", name="Envoyer mon devis").click()
    assert faults(page) == []
    keep(page, "supplier-refused")
    with transaction.atomic():
        jobs.send_quote(act=act.for_person(bruno.id), proposal=asked, hourly=3300)
    page = at_the_door("/moi/visites/", inside_as(odile))
    assert faults(page) == []
    keep(page, "client")
    page = at_the_door(f"/bureau/demandes/{wanted.listing.number}/", coordination)
    addresses = [f"/bureau/demandes/{wanted.listing.number}/", f"/bureau/personnes/{bruno.id}/entreprise"]
    assert faulty(page, [*addresses, f"/bureau/personnes/{bruno.id}/"]) == {}
    page.goto(addresses[0])
    keep(page, "desk")
    page.goto(addresses[1])
    keep(page, "desk-business")


def test_a_month_is_on_pages_without_fault(
    at_the_door: At, inside_as: Visitor, act: Act, bruno: Person, odile: Person, hedge: Activity
) -> None:
    with transaction.atomic():
        done_for(replace(act, at=TODAY), odile, bruno, hedge)
        settle(replace(act, at=datetime(2026, 12, 4, 9, tzinfo=UTC)))
    page = at_the_door("/moi/entreprise/", inside_as(bruno))
    assert faults(page) == []
    keep(page, "business")
    page = at_the_door("/moi/factures/", inside_as(odile))
    assert faults(page) == []
    keep(page, "client-invoices")
