"""Every page of the desk, in light and dark, wide and narrow: nothing that axe finds, nothing that overflows."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Role
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Payslip
from tests.browser.conftest import Open, violations
from tests.doors.desk.conftest import Desk
from tests.settlement.conftest import DECEMBER_4, settle, statement, treasurer, worked

__all__ = ["treasurer", "worked"]

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = [
    "today", "tasks", "messages", "call", "requests", "contracts", "hours", "people", "add_person", "money", "payroll",
    "wages", "invoices", "bank", "balance", "imports", "results", "settings", "tariffs", "figures", "activities",
    "ranking", "search",
]  # fmt: skip


def faults(page: Page) -> list[str]:
    found = []
    for width, theme in ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        found += [f"{width} {theme} {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} {theme} overflows")
    return found


def test_every_page_is_accessible(at_the_desk: Open, desk: Desk, mission: Mission) -> None:
    assert mission.agreement
    page = at_the_desk(desk(Role.COORDINATOR, Role.TREASURER, Role.DIRECTOR))
    base = page.url.removesuffix("/bureau/")
    addresses = [reverse(f"desk:{name}") for name in PLAIN] + [
        reverse("desk:call") + f"?client={mission.client_id}&refaire={mission.number}",
        reverse("desk:request", args=[mission.number]),
        reverse("desk:contract", args=[mission.agreement.number]),
        reverse("desk:person", args=[mission.worker_id]),
        reverse("desk:person", args=[mission.client_id]),
        reverse("desk:change_person", args=[mission.worker_id]),
        reverse("desk:worker", args=[mission.worker_id]),
    ]
    assert wrong(page, base, addresses) == {}


def wrong(page: Page, base: str, addresses: list[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(base + address)
        if seen := faults(page):
            found[address] = seen
    return found


@pytest.fixture
def closed_month(worked: Mission, treasurer: Act) -> Invoice:
    """A month with wages handed over, ordered and waiting, and two movements that nobody explained."""
    settle(treasurer)
    invoice, payslip = Invoice.objects.get(), Payslip.objects.get()
    operations.hand_over(act=treasurer, payslip=payslip, how="cheque")
    payslip.pk, payslip.number = None, "BP-2026-0002"
    payslip.save(force_insert=True)
    operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date())
    payslip.pk, payslip.number = None, "BP-2026-0003"
    payslip.save(force_insert=True)
    statement(treasurer, ("20.00", "CRDT", "R1", "merci"), ("3.10", "DBIT", "R2", "FRAIS"))
    return invoice


def test_money_with_rows_is_accessible(at_the_desk: Open, desk: Desk, closed_month: Invoice) -> None:
    page = at_the_desk(desk(Role.TREASURER))
    names = [reverse(f"desk:{name}") for name in ("money", "wages", "invoices", "bank", "balance")]
    addresses = [*names, reverse("desk:invoice", args=[closed_month.number]), reverse("desk:payroll") + "?mois=2026-11"]
    assert wrong(page, page.url.removesuffix("/bureau/"), addresses) == {}
