"""A need told by telephone, line by line: a call to suppliers, two answers, a vote, a choice, a purchase, a parcel."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from entremise.buying.models import Article, Brief, Need, Parcel, Purchase, Tender
from entremise.kernel.act import Act, Role
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from tests.doors.desk.conftest import Desk
from tests.stories.conftest import Time
from tests.stories.together import PLAN, Household, books_balance, done, household, member, read, sawmill

__all__ = ["household", "member", "sawmill"]

CALL = {
    "title": "Granulés pour l’hiver",
    "about": "Des granulés en sacs.",
    "unit": "sac de 15 kg",
    "counts": "La distance.",
    "answers_until": "27/11/2026",
    "votes_until": "30/11/2026",
    "method": "approval",
    "quorum": "2",
}
ANSWER = {
    "from_1": "1",
    "price_1": "6,20",
    "size": "1",
    "minimum": "1",
    "vat_rate": "10",
    "lead_days": "9",
    "valid_until": "31/01/2027",
}


@pytest.mark.usefixtures("inside", "legal")
def test_a_need_told_by_telephone_becomes_a_parcel(
    time: Time, desk: Desk, household: Household, member: Callable[[Person], Client], sawmill: Person, act: Act
) -> None:
    coordination = desk(Role.COORDINATOR)
    callers = [household(1), household(2)]
    mill = people.add_person(act=act, family_name="Moulin Vert", kind="company", phones=["+33639981790"])

    # 1 · Two people say on the telephone what they need.
    for caller in callers:
        words = {
            "who": caller.full_name,
            "picked": str(caller.id),
            "what": "Granulés",
            "quantity": "20",
            "unit": "sacs",
        }
        done(coordination, "/bureau/besoins/", words)
    needs = [str(one) for one in Need.objects.values_list("id", flat=True)]

    # 2 · Put together into one call, which anybody may read once it is open.
    done(coordination, "/bureau/besoins/appel", {**CALL, "besoin": needs})
    brief = Brief.objects.get()
    ours, public = f"/bureau/besoins/{brief.number}/", f"/besoins/{brief.number}/"
    done(coordination, f"{ours}ouverture")
    assert "Granulés pour l’hiver" in read(member(callers[0]), public)

    # 3 · The sawmill answers on its own page, the mill by telephone.
    done(member(sawmill), f"/moi/offres/{brief.number}/", ANSWER)
    told = {**ANSWER, "price_1": "6,80", "who": mill.full_name, "picked": str(mill.id)}
    done(coordination, f"{ours}offre", told)
    sawn, milled = (Tender.objects.get(supplier=one) for one in (sawmill, mill))

    # 4 · One votes on their page, the other on the telephone.
    time.to(datetime(2026, 11, 28, 9, tzinfo=UTC))
    done(coordination, f"{ours}vote")
    done(member(callers[0]), f"{public}vote", {"choices": [str(sawn.id)]})
    done(coordination, f"{ours}votes/{callers[1].id}", {"choices": [str(sawn.id), str(milled.id)]})

    # 5 · Chosen as they voted, and published with how the votes counted.
    time.to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    done(coordination, f"{ours}choix", {"tender": str(sawn.id), "reason": ""})
    said = read(member(callers[1]), public)
    assert "Le choix : Scierie du Lac" in said
    assert "Ont voté : 2 sur 2" in said

    # 6 · The purchase is planned from the answer; with it both needs are met.
    proposed = read(coordination, f"/bureau/ensemble/nouveau/?besoin={brief.number}")
    assert 'value="6,20"' in proposed
    supplier = {"who": sawmill.full_name, "picked": str(sawmill.id), "besoin": str(brief.number)}
    tiers = {"threshold": "2", "from_1_1": "1", "from_1_2": "2"}
    done(coordination, "/bureau/ensemble/nouveau/", {**PLAN, **supplier, **tiers})
    purchase = Purchase.objects.get()
    assert purchase.supplier == sawmill
    assert set(Need.objects.values_list("state", flat=True)) == {"met"}
    number = purchase.campaign.number
    page, desk_page = f"/ensemble/{number}/", f"/bureau/ensemble/{number}/"
    done(coordination, f"{desk_page}ouverture")

    # 7 · Ordered by both, closed as it was shown, ordered, received, handed over, billed.
    done(member(callers[0]), f"{page}commande", {"quantity_1": "20", "ceiling_1": "620", "means": "later"})
    by_phone = {"quantity_1": "20", "ceiling_1": "6,20", "means": "later", "door": "phone"}
    done(coordination, f"{desk_page}commandes/{callers[1].id}/", by_phone)
    time.to(datetime(2026, 12, 7, 9, tzinfo=UTC))
    time.rounds()
    shown = read(coordination, f"{desk_page}cloture/")
    done(coordination, f"{desk_page}cloture/", dict(re.findall(r'name="(seen|households|total)" value="(\w+)"', shown)))
    done(coordination, f"{desk_page}remise/commande")
    time.to(datetime(2026, 12, 14, 9, tzinfo=UTC))
    done(coordination, f"{desk_page}remise/reception", {f"units_{Article.objects.get().id}": "40", "complete": "yes"})
    for parcel in Parcel.objects.order_by("number"):
        done(coordination, f"{desk_page}remise/colis/{parcel.id}/", {"key": f"tick-{parcel.number}"})
    assert list(Invoice.objects.values_list("total", flat=True)) == [20 * 575, 20 * 575]
    time.rounds()  # The last parcel ends it.
    assert Purchase.objects.get().state == "finished"
    assert books_balance()
