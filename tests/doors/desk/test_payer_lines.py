"""One transfer of a payer for several of its shares, at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.settlement.models import Payer, PayerShare, Receipt
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions
from tests.doors.desk.test_payers import december
from tests.settlement.conftest import treasurer
from tests.settlement.test_payer_lines import came, shared, three
from tests.settlement.test_payers import ccas

__all__ = ["ccas", "december", "three", "treasurer"]

pytestmark = pytest.mark.usefixtures("inside")


def page_of(line: BankLine) -> str:
    return reverse("desk:line_shares", args=[line.id])


def test_what_is_proposed_is_said_with_its_reason_and_taken_at_a_press(
    treasury: Client, treasurer: Act, three: list[PayerShare]
) -> None:
    line = came(treasurer, "70.00")
    BankLine.objects.update(counterparty="CCAS DE VALMARELLE")
    page = text(treasury.get(reverse("desk:line", args=[line.id])))
    assert "nom de ce payeur, tout ce qu’il doit, au centime" in page
    assert page_of(line) in page
    treasury.post(page_of(line), {"shares": [str(one.id) for one in three]})
    page = text(treasury.get(reverse("desk:line", args=[line.id])))
    assert "FA-2026-0003-T1" in page
    treasury.post(reverse("desk:undo_line", args=[line.id]), {"reason": "entered_twice"})
    line.refresh_from_db()
    assert line.state == "unmatched"


def test_a_month_is_ticked_and_the_difference_is_said(
    treasury: Client, treasurer: Act, three: list[PayerShare]
) -> None:
    line, payer = came(treasurer, "25.00"), Payer.objects.get().person_id
    assert "Coché :" not in text(treasury.get(page_of(line)))
    page = text(treasury.get(f"{page_of(line)}?payeur={payer}&mois=2026-11"))
    assert "Coché : 30,00 €, la ligne : 25,00 €." in page
    assert "Il manque 5,00 € : la dernière part reste due d’autant." in page
    assert page.count(" checked") == 2
    assert "Il manque 45,00 €" in text(treasury.get(f"{page_of(line)}?payeur={payer}"))


def test_what_does_not_fit_comes_back_as_it_was_ticked(
    treasury: Client, treasurer: Act, three: list[PayerShare]
) -> None:
    line = came(treasurer, "45.00")
    answer = treasury.post(page_of(line), {"shares": [str(one.id) for one in three[:2]]})
    page = text(answer, 422)
    assert "Les parts cochées font 30,00 € et la ligne 45,00 € : l’écart est de 15,00 €." in page
    assert page.count(" checked") == 2
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("odd", [[], ["x"], [str(new_id())], ["²", ""]])
def test_odd_input_is_a_sentence(treasury: Client, treasurer: Act, three: list[PayerShare], odd: list[str]) -> None:
    line = came(treasurer, "45.00")
    answer = treasury.post(page_of(line), {"shares": odd})
    assert "Cochez au moins une part." in text(answer, 422)


def test_without_anything_owed_the_page_says_so(treasury: Client, treasurer: Act) -> None:
    assert "Aucun payeur ne doit rien" in text(treasury.get(page_of(came(treasurer, "45.00"))))


def test_more_shares_ask_no_more_questions(
    treasury: Client, treasurer: Act, three: list[PayerShare], ccas: Payer, odile: Person
) -> None:
    line = came(treasurer, "45.00")
    few = questions(lambda: treasury.get(page_of(line)))
    for _ in range(3):
        shared(treasurer, ccas, odile, 700)
    assert questions(lambda: treasury.get(page_of(line))) == few
