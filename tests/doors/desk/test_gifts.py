"""Gift vouchers at the desk, and on a client's own page."""

import re

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.kernel.act import Act
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import GiftVoucher, Invoice, Receipt
from entremise.tenancy.models import Organisation
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions
from tests.settlement.conftest import DECEMBER_4, treasurer, worked
from tests.settlement.test_gifts import invoice
from tests.stories.test_paid_by_several import member

__all__ = ["invoice", "treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")

PAGE = "/bureau/argent/bons-cadeaux/"
SALE = {"value": "30,00", "what": "", "buyer": "Claude", "how": "cash", "once": "k"}


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)
    cache.clear()


@pytest.fixture
def code(coordination: Client, invoice: Invoice) -> str:
    """Of a voucher of 30 €, as the page of its sale shows it."""
    found = re.search(r"\d{4} \d{4} \d{4}", text(coordination.post(PAGE, SALE)))
    assert found
    return found.group()


def test_a_code_is_shown_once_printed_then_and_kept_nowhere(coordination: Client, code: str) -> None:
    voucher = GiftVoucher.objects.get()
    printed = coordination.post(reverse("desk:print_gift_voucher", args=[voucher.id]), {"code": code})
    assert printed.content.startswith(b"%PDF")
    assert coordination.post(reverse("desk:print_gift_voucher", args=[voucher.id]), {"code": "1"}).status_code == 422
    assert code not in text(coordination.get(PAGE))
    assert coordination.post(PAGE, SALE).status_code == 422


def test_at_the_desk_a_code_pays_an_invoice(coordination: Client, invoice: Invoice, code: str) -> None:
    page = reverse("desk:spend_gift_voucher", args=[invoice.number])
    assert "Relisez ses douze chiffres" in text(coordination.post(page, {"code": "1234", "once": "k"}), 422)
    for _ in range(2):
        assert coordination.post(page, {"code": code.replace(" ", "."), "once": "k"}).status_code == 302
    assert Receipt.objects.get(how="gift_voucher").amount == 3000
    assert "19,00 €" in text(coordination.get(reverse("desk:invoice", args=[invoice.number])))
    back = reverse("desk:take_back_gift", args=[invoice.number, Receipt.objects.get(how="gift_voucher").id])
    assert [coordination.post(back).status_code for _ in range(2)] == [302, 404]
    assert "49,00 €" in text(coordination.get(page))


def test_a_code_pays_at_both_doors_under_another_key_while_the_old_one_is_known(
    coordination: Client, organisation: Organisation, invoice: Invoice, code: str, settings: LazySettings
) -> None:
    desk, site = (reverse(f"{door}:spend_gift_voucher", args=[invoice.number]) for door in ("desk", "site"))
    paper = reverse("desk:print_gift_voucher", args=[GiftVoucher.objects.get().id])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert coordination.post(paper, {"code": code}).content.startswith(b"%PDF")
    assert coordination.post(desk, {"code": code, "once": "k"}).status_code == 302
    assert "Il ne reste rien" in text(member(invoice.client, organisation).post(site, {"code": code, "once": "l"}), 422)


def test_a_client_pays_with_a_code_and_only_their_own_invoice(
    organisation: Organisation, invoice: Invoice, nadege: Person, code: str
) -> None:
    page = reverse("site:spend_gift_voucher", args=[invoice.number])
    stranger = member(nadege, organisation)
    assert stranger.post(page, {"code": code, "once": "k"}).status_code == 404
    client = member(invoice.client, organisation)
    assert "Aucun bon" in text(client.post(page, {"code": "0000 0000 0098", "once": "k"}), 422)
    assert client.post(page, {"code": code, "once": "k"}).status_code == 302
    assert "19,00 € avant" in text(client.get("/moi/factures/"))


def test_codes_cannot_be_tried_for_long(organisation: Organisation, invoice: Invoice) -> None:
    client, page = member(invoice.client, organisation), reverse("site:spend_gift_voucher", args=[invoice.number])
    tries = [client.post(page, {"code": "0000 0000 0098", "once": "k"}).status_code for _ in range(11)]
    assert (set(tries[:-1]), tries[-1]) == ({422}, 429)


def test_what_is_left_goes_back_by_whoever_may(coordination: Client, treasury: Client, code: str) -> None:
    back = reverse("desk:return_gift_voucher", args=[GiftVoucher.objects.get().id])
    assert coordination.post(back).status_code == 404
    assert treasury.post(back).status_code == 302
    assert "rendu" in text(treasury.get(PAGE))
    assert treasury.post(back).status_code == 422
    assert treasury.post(reverse("desk:lapse_gift_vouchers")).status_code == 302


def test_the_page_asks_as_much_for_many_as_for_one(treasury: Client, treasurer: Act, code: str) -> None:
    few = questions(lambda: treasury.get(PAGE))
    for number in range(5):
        operations.sell_gift_voucher(act=treasurer, value=100, how="cash", key=str(number), secret_key="s")
    assert questions(lambda: treasury.get(PAGE)) == few
