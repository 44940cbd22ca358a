"""How many questions each list asks the database: the same for one row and for thirty, and which they are."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.agreements.models import Feedback
from entremise.buying import operations as buying
from entremise.buying.models import Purchase
from entremise.buying.operations import Wants
from entremise.buying.queries import articles_of
from entremise.campaigns import operations as campaigns
from entremise.doors.api.document import document
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, SavedSearch, SupplierQuote
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.jobs.rules.notices import Wanted
from entremise.kernel.act import Act, Role
from entremise.kernel.ids import new_id
from entremise.people.models import Person, Place
from entremise.settlement import operations as settlement
from entremise.settlement.models import Payslip, SupplierInvoice
from entremise.tenancy.base import TenantModel
from tests.buying.conftest import PELLETS, household, planned
from tests.doors.api.conftest import Program, Programs
from tests.doors.api.test_lists import settle, whole_job
from tests.jobs.conftest import TOMORROW, bruno, by_text, later

__all__ = ["bruno"]

pytestmark = pytest.mark.usefixtures("inside")
MANY, PAGE = 30, 20
# Two for everybody: the organisation that the address speaks for; the key with its person and their roles.
AT_MOST = 5
COUNTS = {
    "/people": 5,
    "/people?q=client": 5,
    "/places?q=valmarelle": 3,
    "/activities": 3,
    "/tariffs": 3,
    "/offers": 5,
    "/kept-offers": 3,
    "/people/{worker}/offers": 4,
    "/people/{worker}/searches": 5,
    "/notices": 5,
    "/notices?place={place}": 6,
    "/requests": 3,
    "/requests/{number}/days": 5,
    "/proposals": 3,
    "/quotes": 3,
    "/agreements": 5,
    "/documents": 3,
    "/missions": 5,
    "/feedback": 5,
    "/missions/{mission}/feedback": 4,
    "/invoices": 5,
    "/payslips": 3,
    "/payouts": 3,
    "/sales": 4,
    "/purchases": 4,
    "/purchases/{purchase}/pledges": 5,
    "/purchases/{purchase}/closing": 7,
    "/tasks": 3,
    "/messages": 3,
}
MORE = {
    "/purchases/{purchase}/closing": "What the rules work it out from: articles, orders, what each wants, the queue.",
    "/notices?place={place}": "The commune, those around it, all that fits there to be put in order, activities.",
}
# What the published rule works out from papers, hours, ways and tariffs of some two dozen people at a time: at most.
CHOSEN = {"/requests/{number}/candidates": 33, "/spreading?day={day}": 17}
# As many rows as somebody set, or as one visit has.
FEW = {
    "/places?q=valmarelle",
    "/activities",
    "/tariffs",
    "/people/{worker}/offers",
    "/requests/{number}/days",
    "/missions/{mission}/feedback",
    "/requests/{number}/candidates",
}


def asked(program: Program, path: str) -> tuple[int, int]:
    """Questions to the database, rows of the page."""
    with CaptureQueriesContext(connection) as made:
        answer = program.get(path)
    selects = [one["sql"] for one in made.captured_queries if one["sql"].startswith("SELECT")]
    return sum("set_config" not in sql for sql in selects), len(answer.json()["rows"])


def again(row: TenantModel, **other: Any) -> None:
    """The same row once more."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    type(row).objects.create(**{**columns, "id": new_id(), **other})


def sale(act: Act, client: Person, supplier: Person, hedge: Activity) -> None:
    """A quote that was accepted, and a visit that is billed in the supplier's name."""
    mode = with_pricing("quote").code
    request = jobs.post_request(act=act, client=client, activity=hedge, starts_at=TOMORROW, minutes=120, mode=mode)
    (proposal,) = jobs.propose(act=act, request=request, workers=[supplier.id])
    quote = jobs.send_quote(act=act.for_person(supplier.id), proposal=proposal, hourly=3000)
    jobs.accept_quote(act=act.for_person(client.id), quote=quote)
    mission = Mission.objects.select_related("agreement", "request__listing", "client", "worker").get(request=request)
    evening = by_text(supplier, role=Role.SUPPLIER, at=mission.ends_at)
    jobs.log_hours(act=evening, mission=mission, minutes=120, key=str(mission.id))
    jobs.confirm_hours(act=by_text(client, role=Role.CLIENT, at=mission.ends_at), mission=mission)


def one_more(act: Act, place: Place, hedge: Activity, number: int) -> None:
    """A whole job of two new people, and another that everybody may read of."""
    whole_job(act, place, hedge, number)
    client, first = Person.objects.get(family_name=f"Client {number}"), TOMORROW + timedelta(days=1)
    jobs.post_request(act=act, client=client, activity=hedge, starts_at=first, minutes=120, recurrence="FREQ=WEEKLY")


def bought_together(act: Act, number: int) -> Purchase:
    """One more purchase, and one more order in the first of them."""
    purchase = planned(act, PELLETS)
    campaigns.open_campaign(act=act, campaign=purchase.campaign)
    first = Purchase.objects.select_related("campaign").order_by("id")[0]
    (article,) = articles_of(purchase=first.id)
    buying.order(act=act, purchase=first, person=household(number), wants=[Wants(article, 2, 1, 620)], means="later")
    return first


def settled(act: Act) -> None:
    """The month, with its wages handed over."""
    settle(act)
    for payslip in Payslip.objects.all():
        settlement.hand_over(act=later(act, days=20), payslip=payslip, how="cheque")


def grow(act: Act, place: Place, hedge: Activity) -> None:
    """From one row of everything to thirty."""
    for number in range(1, MANY):
        one_more(act, place, hedge, number)
        bought_together(act, number)
    settled(act)
    said = Feedback.objects.get(writer__family_name="Client 0", about__family_name="Worker 0")
    rows = (SupplierQuote.objects.get(), SupplierInvoice.objects.get(), SavedSearch.objects.get())
    for number, mission in enumerate(Mission.objects.exclude(client=said.writer_id)):
        others = ({"state": "lapsed"}, {"number": f"X{number}"}, {"filters": {"words": f"{number}"}})
        for row, other in zip(rows, others, strict=True):
            again(row, **other)
        again(said, occasion=mission.id, state="open")


def measured(desk: Program, worker: Program, at: dict[str, object]) -> dict[str, tuple[int, int]]:
    """A list of what is one's own is asked by whoever has something."""
    own = {"/feedback"}
    return {path: asked(worker if path in own else desk, path.format(**at)) for path in (*COUNTS, *CHOSEN)}


def test_every_list_asks_as_many_questions_for_one_row_as_for_thirty(
    desk: Program, program: Programs, act: Act, place: Place, hedge: Activity, bruno: Person
) -> None:
    one_more(act, place, hedge, 0)
    client, karim = (Person.objects.get(family_name=f"{who} 0") for who in ("Client", "Worker"))
    sale(act, client, bruno, hedge)
    jobs.save_search(act=act, person=karim, wanted=Wanted(), channel="post")
    settled(act)
    mission, day = Mission.objects.get(worker=karim), TOMORROW + timedelta(days=1)
    series = Request.objects.exclude(listing__recurrence="").select_related("listing", "organisation").get()
    jobs.skip(act=act, request=series, day=(day + timedelta(weeks=1)).date())
    number = series.listing.number
    purchase = bought_together(act, 0).campaign.number
    at = {"worker": karim.id, "mission": mission.id, "number": number, "day": day.date(), "place": place.id}
    at["purchase"] = purchase
    worker = program(person=karim)
    for one in (desk, worker):
        one.get("/activities")  # The day of its use is noted.
    before = measured(desk, worker, at)
    grow(act, place, hedge)
    after = measured(desk, worker, at)
    for seen in (before, after):
        assert {path: count for path, (count, _) in seen.items() if path in COUNTS} == COUNTS
        assert {path: count for path, (count, _) in seen.items() if count > CHOSEN.get(path, count)} == {}
        assert [path for path, (_, rows) in seen.items() if not rows] == []
    assert [path for path, (_, rows) in after.items() if rows < PAGE and path not in FEW] == []


def test_whatever_asks_more_says_what_for() -> None:
    assert {path for path, count in COUNTS.items() if count > AT_MOST} == set(MORE)


def test_no_list_is_left_out() -> None:
    made = document()
    schemas = made["components"]["schemas"]
    lists = set()
    for path, methods in made["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        name = answer.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if "rows" in schemas.get(name, {}).get("properties", {}):
            lists.add(re.sub(r"{\w+}", "{}", path.removeprefix("/api/v1")))
    assert lists == {re.sub(r"{\w+}", "{}", path.partition("?")[0]) for path in (*COUNTS, *CHOSEN)}
