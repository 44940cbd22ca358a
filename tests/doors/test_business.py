"""What a supplier sold: their page, the client's, the desk's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client

from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from entremise.settlement.models import SupplierInvoice, SupplierPaid
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import desk
from tests.jobs.conftest import bruno, hedge, karim, legal, nadege, odile, place
from tests.settlement.test_suppliers import done_for, settle

__all__ = ["bruno", "desk", "hedge", "karim", "legal", "nadege", "odile", "place"]


@pytest.fixture
def worked(act: Act, odile: Person, bruno: Person, hedge: Activity) -> Mission:
    return done_for(act, odile, bruno, hedge)


@pytest.fixture
def sold(act: Act, worked: Mission) -> SupplierInvoice:
    settle(replace(act, at=datetime(2026, 12, 4, 9, tzinfo=UTC)))
    return SupplierInvoice.objects.get()


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\u00a0", " ")


def test_a_supplier_sees_what_they_sold_and_says_it_is_paid(
    inside_as: Visitor, bruno: Person, sold: SupplierInvoice
) -> None:
    client = inside_as(bruno)
    page = text(client, "/moi/entreprise/")
    for said in ("66,66 €", "commission 6,67 €", "S1-2026-0001", "RS1-2026-0001"):
        assert said in page
    assert client.get(f"/moi/entreprise/{sold.id}.pdf").content.startswith(b"%PDF")
    answer = client.post(f"/moi/entreprise/{sold.id}/paiement", follow=True)
    assert "Payée" in answer.content.decode()
    assert SupplierPaid.objects.get().invoice == sold


def test_a_client_sees_whom_to_pay(inside_as: Visitor, odile: Person, sold: SupplierInvoice) -> None:
    page = text(inside_as(odile), "/moi/factures/")
    assert "Bruno Corvaisier" in page
    assert "66,66 €" in page


def test_nobody_else_sees_it(inside_as: Visitor, odile: Person, nadege: Person, sold: SupplierInvoice) -> None:
    for stranger in (odile, nadege):
        assert inside_as(stranger).get("/moi/entreprise/").status_code in (403, 404)
        assert inside_as(stranger).get(f"/moi/entreprise/{sold.id}.pdf").status_code in (403, 404)
        assert inside_as(stranger).post(f"/moi/entreprise/{sold.id}/paiement").status_code in (403, 404)


def test_the_desk_sees_the_month_before_it_settles(desk: Callable[..., Client], worked: Mission) -> None:
    page = text(desk(Role.TREASURER), "/bureau/argent/paies/?mois=2026-11")
    assert "Personnes indépendantes" in page
    assert "66,66 €" in page
    assert "6,67 €" in page


def test_the_return_of_sellers_is_a_page_and_a_file(desk: Callable[..., Client], sold: SupplierInvoice) -> None:
    treasury = desk(Role.TREASURER)
    page = text(treasury, "/bureau/argent/vendeurs/?annee=2026")
    assert "73282932000074" in page
    assert "66,66 €" in page
    assert "Aucune vente" in text(treasury, "/bureau/argent/vendeurs/?annee=2020")
