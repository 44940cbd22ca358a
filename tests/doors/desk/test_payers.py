"""Bodies that pay for others, as the desk works with them."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Payer, PayerShare, Receipt, Undertaking
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions
from tests.doors.desk.test_exports import rows_of, take
from tests.doors.desk.test_money import statement
from tests.settlement.conftest import DECEMBER_4, settle, treasurer, worked
from tests.settlement.test_payers import ccas, covered, covers, share
from tests.settlement.test_reminders import on

__all__ = ["ccas", "covered", "share", "treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")

PAGE = "/bureau/argent/payeurs/"
UNDERTAKEN = {"how": "percent", "value": "65", "starts_on": "01/11/2026", "reference": "PC-12"}


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


def test_from_a_bodys_card_to_a_shared_invoice(
    coordination: Client, treasury: Client, treasurer: Act, worked: Mission, odile: Person
) -> None:
    body = Person.objects.create(kind="association", family_name="Mutuelle des Lavoirs", known_since=DECEMBER_4)
    assert "Paie pour d’autres" in text(coordination.get(reverse("desk:person", args=[body.id])))
    coordination.post(reverse("desk:payer", args=[body.id]), {"kind": "mutual", "due_days": "30"})
    payer = Payer.objects.get()
    address = reverse("desk:undertakings", args=[odile.id])
    page = text(coordination.post(address, {**UNDERTAKEN, "payer": str(payer.id)}, follow=True))
    assert "Mutuelle des Lavoirs" in page
    assert "PC-12" in page
    settle(treasurer)
    page = text(treasury.get(reverse("desk:invoice", args=[Invoice.objects.get().number])))
    assert "Payé par Mutuelle des Lavoirs" in page
    assert "17,15 €" in page
    page = text(treasury.get(PAGE))
    assert "31,85 €" in page
    assert rows_of(take(treasury, "payers"))[1][1] == "FA-2026-0001-T1"


def test_a_transfer_that_names_a_share_is_matched_by_hand(treasury: Client, share: PayerShare) -> None:
    treasury.post(reverse("desk:bank"), {"file": statement(("31.85", "CRDT", "R1", "VIR CCAS"))})
    (line,) = BankLine.objects.all()
    address = reverse("desk:match", args=[line.id])
    assert treasury.post(address, {"number": share.reference}).status_code == 302
    line.refresh_from_db()
    assert (line.state, Receipt.objects.get().share) == ("matched", share)
    treasury.post(address, {"number": share.reference})
    assert Receipt.objects.count() == 1


def test_a_cheque_is_noted_once_and_a_refusal_says_who_owes_it(treasury: Client, share: PayerShare) -> None:
    address = reverse("desk:receive_share", args=[share.id])
    for _ in range(2):
        page = text(treasury.post(address, {"amount": "20", "how": "cheque", "once": "one"}, follow=True))
    assert "11,85 €" in page
    typed = {"amount": "11,85", "reason": "plafond atteint", "then": "client", "once": "two"}
    page = text(treasury.post(reverse("desk:refuse_share", args=[share.id]), typed, follow=True))
    assert "plafond atteint" in page
    assert "29,00 €" in text(treasury.get(reverse("desk:invoice", args=[share.invoice.number])))


def test_what_is_late_is_one_letter(treasury: Client, share: PayerShare, monkeypatch: pytest.MonkeyPatch) -> None:
    address = reverse("desk:remind_payer", args=[share.undertaking.payer.person_id])
    text(treasury.post(address), 422)
    monkeypatch.setattr(visit, "now", lambda: on(60))
    assert "Rappeler ce qui est en retard" in text(
        treasury.get(reverse("desk:payer", args=[share.undertaking.payer.person_id]))
    )
    assert "Le rappel part." in text(treasury.post(address, follow=True))
    assert Letter.objects.filter(template="payer_reminder").count() == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"payer": ""},
        {"payer": "x"},
        {"value": ""},
        {"value": "0"},
        {"value": "101"},
        {"value": "9" * 19},
        {"value": "²"},
        {"how": "per_year"},
        {"ceiling": "-1"},
        {"ceiling": "9" * 19},
        {"starts_on": ""},
        {"starts_on": "\x00"},
        {"ends_on": "01/10/2026"},
    ],
    ids=ascii,
)
def test_nonsense_is_no_undertaking(coordination: Client, ccas: Payer, odile: Person, odd: dict[str, str]) -> None:
    typed = {**UNDERTAKEN, "payer": str(ccas.id), **odd}
    text(coordination.post(reverse("desk:undertakings", args=[odile.id]), typed), 422)
    assert not Undertaking.objects.exists()


@pytest.mark.parametrize("typed", ["", "0", "31,86", "²", "1" * 19, "\x00"], ids=ascii)
def test_nonsense_is_no_payment_and_no_refusal(treasury: Client, share: PayerShare, typed: str) -> None:
    address = reverse("desk:receive_share", args=[share.id])
    text(treasury.post(address, {"amount": typed, "how": "cash", "once": "a"}), 422)
    address = reverse("desk:refuse_share", args=[share.id])
    text(treasury.post(address, {"amount": typed, "reason": "non", "then": "client", "once": "b"}), 422)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("days", ["", "-1", "366", "demain", "9" * 19], ids=ascii)
def test_nonsense_is_no_payer(coordination: Client, ccas: Payer, days: str) -> None:
    text(coordination.post(reverse("desk:payer", args=[ccas.person_id]), {"kind": "ccas", "due_days": days}), 422)


def test_a_private_person_pays_for_nobody(coordination: Client, odile: Person) -> None:
    text(coordination.post(reverse("desk:payer", args=[odile.id]), {"kind": "ccas", "due_days": "30"}), 422)
    assert not Payer.objects.exists()


def test_more_shares_ask_no_more_questions(treasury: Client, share: PayerShare) -> None:
    few = questions(lambda: treasury.get(PAGE))
    for number in range(3):
        person = Person.objects.create(kind="company", family_name=f"C{number}", known_since=DECEMBER_4)
        payer = Payer.objects.create(person=person, kind="other", due_days=30)
        undertaken = Undertaking.objects.create(
            payer=payer,
            beneficiary=share.invoice.client,
            how="percent",
            value=10,
            starts_on=DECEMBER_4.date(),
            noted_at=DECEMBER_4,
        )
        PayerShare.objects.create(
            invoice=share.invoice,
            undertaking=undertaken,
            reference=f"T{number}",
            asked=10,
            amount=10,
            due_on=DECEMBER_4.date(),
        )
    assert questions(lambda: treasury.get(PAGE)) == few


def test_an_undertaking_ends_at_its_own_beneficiarys_address_only(
    treasury: Client, treasurer: Act, ccas: Payer, odile: Person, karim: Person
) -> None:
    undertaken = covers(treasurer, ccas, odile)
    assert treasury.post(reverse("desk:end_undertaking", args=[karim.id, undertaken.id])).status_code == 404
    assert Undertaking.objects.get().state == "on"
    assert treasury.post(reverse("desk:end_undertaking", args=[odile.id, undertaken.id])).status_code == 302
    assert Undertaking.objects.get().state != "on"
