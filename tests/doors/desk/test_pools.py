"""The pages of pools: what they refuse, and how many questions they ask."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entremise.kernel.act import Role
from entremise.pools.models import Block, Budget, Pool
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.pools.conftest import done, joined, opened, planned, somebody, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
HOME = "/bureau/aide-partagee/"


@pytest.fixture
def support(desk: Desk) -> Client:
    return desk(Role.SUPPORT_WORKER)


@pytest.mark.parametrize("page", [HOME, HOME + "{pool}/", HOME + "financeurs/{funder}/?mois=2026-12"])
def test_more_members_and_hours_ask_no_more_questions(support: Client, page: str) -> None:
    act = staff()
    pool = opened(act)

    def asked() -> int:
        funder = Budget.objects.order_by("id")[0].funder_id
        with CaptureQueriesContext(connection) as seen:
            text(support.get(page.format(pool=pool.id, funder=funder)))
        return len(seen)

    def more(name: str) -> None:
        budgets = [joined(act, pool, somebody(f"{name} {one}"), kind="apa", paid=9000) for one in range(2)]
        funder = Budget.objects.order_by("id")[0].funder
        Budget.objects.update(funder=funder)
        done(act, planned(act, pool, *budgets), 60, *budgets)
        planned(act, pool, *budgets)

    more("A")
    asked()
    before = asked()
    for name in "BCD":
        more(name)
        opened(act, f"Groupe {name}")
    assert asked() == before


def test_what_is_typed_wrongly_is_said_beside_its_field_and_kept(support: Client) -> None:
    pool = opened(staff())
    typed = {
        "who": "Aline",
        "picked": str(somebody("Aline").id),
        "kind": "apa",
        "amount": "6oo",
        "reference": "APA 118",
    }
    page = text(support.post(f"{HOME}{pool.id}/budgets/", typed), 422)
    for said in ("Écrivez le montant ainsi", "Cochez au moins un besoin", 'value="6oo"', 'value="APA 118"'):
        assert said in page
    whole = {"amount": "600", "first": "01/01/2026", "last": "31/12/2026", "outcomes": ["rent"]}
    assert "Écrivez qui finance ce budget" in text(support.post(f"{HOME}{pool.id}/budgets/", {**typed, **whole}), 422)
    nobody = {**typed, **whole, "funder_name": "Personne de ce nom"}
    assert "une seule fiche doit correspondre" in text(support.post(f"{HOME}{pool.id}/budgets/", nobody), 422)


def test_a_block_has_its_source_and_ends_without_being_forgotten(support: Client) -> None:
    opened(staff())
    form = {"kind": "apa", "outcome": "rent", "source": "Règlement, page 12", "verified": "on"}
    assert support.post(f"{HOME}exclusions/", form).status_code == 302
    assert "ne peut déjà pas payer" in text(support.post(f"{HOME}exclusions/", form), 422)
    page = text(support.get(f"{HOME}exclusions/"))
    assert "Règlement, page 12" in page
    assert "à vérifier dans le texte" in page  # What comes with the program.
    block = Block.objects.get(kind="apa")
    assert support.post(f"{HOME}exclusions/{block.id}/fin").status_code == 302
    block.refresh_from_db()
    assert block.until
    assert block.verified


def test_an_empty_pool_is_closed_at_the_desk(support: Client) -> None:
    pool = opened(staff(TODAY))
    budget = joined(staff(), pool, somebody("Aline"))
    assert "Il se ferme une fois vide" in text(support.post(f"{HOME}{pool.id}/fermeture"), 422)
    assert support.post(f"{HOME}budgets/{budget.id}/depart", {"seen": "0"}).status_code == 302
    assert support.post(f"{HOME}{pool.id}/fermeture").status_code == 302
    assert Pool.objects.get().state == "closed"
