"""Prepaid vouchers, as the desk works with them."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Voucher, VoucherBatch
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions
from tests.doors.desk.test_exports import rows_of
from tests.doors.desk.test_exports import take as taken_away
from tests.settlement.conftest import DECEMBER_4, statement, treasurer, worked
from tests.settlement.test_vouchers import given, invoice, take

__all__ = ["invoice", "treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")

PAGE = "/bureau/argent/cesu/"
TYPED = {"issuer": "up", "form": "paper", "vintage": "2026", "value": "15,00", "numbers": "1001", "once": "k"}


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


def page_of(invoice: Invoice) -> str:
    return reverse("desk:take_vouchers", args=[invoice.number])


def test_a_value_of_its_own_stands_after_a_number(coordination: Client, invoice: Invoice) -> None:
    coordination.post(page_of(invoice), {**TYPED, "numbers": " 1001 \n\n10 02 = 20,50\n"})
    assert sorted(Voucher.objects.values_list("number", "amount")) == [("1001", 1500), ("1002", 2050)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"numbers": "1001 = vingt"}, "Écrivez le montant ainsi"),
        ({"numbers": ""}, "Écrivez au moins un numéro"),
        ({"numbers": "\n".join(map(str, range(101)))}, "Au plus 100 à la fois"),
        ({"vintage": "2024"}, "ne se prend plus depuis le vendredi 31 janvier 2025"),
        ({"vintage": "hier"}, "Écrivez l’année imprimée dessus"),
        ({"value": "50,00"}, "on ne rend pas la monnaie"),
        ({"issuer": "moi"}, "Choisissez dans la liste"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(
    coordination: Client, invoice: Invoice, wrong: dict[str, str], said: str
) -> None:
    answer = coordination.post(page_of(invoice), {**TYPED, **wrong})
    assert said in text(answer, 422)
    assert 'value="k"' in answer.content.decode()
    assert not Voucher.objects.exists()


def test_who_stands_at_the_counter_takes_and_hands_back_but_claims_nothing(
    coordination: Client, invoice: Invoice
) -> None:
    coordination.post(page_of(invoice), TYPED)
    voucher = Voucher.objects.get()
    back = reverse("desk:hand_back_voucher", args=[invoice.number, voucher.id])
    assert "Écrivez pourquoi" in text(coordination.post(back, {}), 422)
    assert coordination.post(back, {"reason": "mal lu"}).status_code == 302
    assert coordination.get(PAGE).status_code == coordination.post(PAGE, {}).status_code == 404
    assert "repris" in text(coordination.get(page_of(invoice)))


def test_the_page_asks_as_much_for_many_vouchers_as_for_one(treasury: Client, treasurer: Act, invoice: Invoice) -> None:
    take(treasurer, invoice, given("1", 100))
    few = questions(lambda: treasury.get(PAGE))
    take(treasurer, invoice, *(given(str(one), 100) for one in range(2, 12)), key="more")
    assert questions(lambda: treasury.get(PAGE)) == few
    batch = operations.claim_vouchers(act=treasurer, vouchers=list(Voucher.objects.filter(number="1")))
    one = questions(lambda: treasury.get(f"{PAGE}{batch.id}/"))
    more = operations.claim_vouchers(act=treasurer, vouchers=list(Voucher.objects.filter(state="held")))
    assert questions(lambda: treasury.get(f"{PAGE}{more.id}/")) == one


def test_a_list_holds_what_was_ticked_and_is_taken_away(treasury: Client, treasurer: Act, invoice: Invoice) -> None:
    one, _other = take(treasurer, invoice, given("1", 1000), given("2", 500))
    assert "Cochez au moins un CESU" in text(treasury.post(PAGE, {}), 422)
    treasury.post(PAGE, {"vouchers": [str(one.id)]})
    batch = VoucherBatch.objects.get()
    rows = rows_of(taken_away(treasury, "vouchers", filters=f"bordereau={batch.id}"))
    assert [row[1] for row in rows[1:]] == ["1"]


def test_a_line_that_names_the_list_pays_it(treasury: Client, treasurer: Act, invoice: Invoice) -> None:
    batch = operations.claim_vouchers(act=treasurer, vouchers=take(treasurer, invoice))
    lines = statement(treasurer, ("14.00", "CRDT", "R1", "CRCESU"), ("15.00", "CRDT", "R2", "CRCESU"))
    wrong, right = sorted(lines, key=lambda line: line.amount)
    answer = treasury.post(reverse("desk:match", args=[wrong.id]), {"number": batch.reference})
    assert "ensemble 15,00" in text(answer, 422)
    assert treasury.post(reverse("desk:match", args=[right.id]), {"number": batch.reference.lower()}).status_code == 302
    page = f"{PAGE}{batch.id}/"
    assert "remboursé" in text(treasury.get(page))
    assert treasury.post(f"{page}annulation").status_code == 302
    assert VoucherBatch.objects.get().state == "sent"


def test_a_batch_shows_none_of_the_vouchers_of_another_invoice_or_list(
    treasury: Client, treasurer: Act, invoice: Invoice, worked: Mission
) -> None:
    (voucher,) = take(treasurer, invoice)
    batch = operations.claim_vouchers(act=treasurer, vouchers=[voucher])
    other = VoucherBatch.objects.create(reference="CESU-2026-9999", made_at=treasurer.at)
    assert (
        treasury.post(reverse("desk:refuse_voucher", args=[other.id, voucher.id]), {"reason": "x"}).status_code == 404
    )
    assert (
        treasury.post(reverse("desk:refuse_voucher", args=[batch.id, voucher.id]), {"reason": "x"}).status_code == 302
    )


def test_the_certificates_of_a_year_are_made_from_their_page(
    treasury: Client, treasurer: Act, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(treasurer, invoice)
    page = "/bureau/argent/attestations/"
    assert treasury.post(page, {"year": "2026"}).status_code == 422
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4.replace(year=2027, month=1))
    assert "31/03/2027" in text(treasury.get(page))
    treasury.post(page, {"year": "2026"})
    assert "Toutes sont faites" in text(treasury.get(f"{page}?annee=2026"))


def test_what_is_too_late_to_be_claimed_is_shown_apart_and_written_off(
    treasury: Client, treasurer: Act, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(treasurer, invoice, given("1"))
    assert "Trop tard" not in text(treasury.get(PAGE))
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4.replace(year=2027))
    page = text(treasury.get(PAGE))
    assert "15,00 € que personne ne remboursera" in page
    assert "Faire le bordereau" not in page
    address = reverse("desk:write_off_vouchers")
    assert "15,00 €" in text(treasury.post(address, follow=True))
    assert treasury.post(address).status_code == 422
    assert Voucher.objects.get().state == "lost"
