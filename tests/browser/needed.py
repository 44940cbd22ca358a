"""Needs that wait, and a brief in each of its states."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from entremise.buying import operations, queries
from entremise.buying.models import Brief, Need, Tender
from entremise.buying.operations import BriefDraft, Offered
from entremise.buying.operations.needing import Words
from entremise.buying.rules.states import PUBLIC_BRIEFS
from entremise.buying.rules.tiers import Tier
from entremise.doors.clock.demo.founding import Cast
from entremise.people import operations as people
from entremise.people.models import Person, Supplier


def say_needs(cast: Cast, now: datetime, client: Person) -> None:
    """What a client and neighbours need; answered by everybody on their own account, voted on, chosen, given up."""
    act = cast.desk(now)
    suppliers = [one.person for one in Supplier.objects.select_related("person").order_by("id")[:4]]
    neighbour = people.add_person(act=act, given_name="Marcelle", family_name="Aubin", phones=[])

    def said(what: str, *who: Person) -> list[Need]:
        words = Words(what, 20, "sacs de 15 kg", "Plutôt avant les fêtes.", 690, now.date() + timedelta(days=16))
        return [operations.say_need(act=act, person=one, words=words) for one in who]

    def asked(title: str, *needs: Need, method: str = "approval") -> Brief:
        draft = BriefDraft(
            title=title,
            about="En sacs, livrés à Valmarelle avant les fêtes.",
            unit="sac de 15 kg",
            answers_until=now.date() + timedelta(days=7),
            votes_until=now.date() + timedelta(days=14),
            counts="La distance, et qui y travaille.",
            method=method,
        )
        return operations.write_brief(act=act, draft=draft, needs=needs)

    def answered(brief: Brief) -> list[Tender]:
        operations.ask_suppliers(act=act, brief=brief)
        offered = Offered(
            [Tier(1, 620), Tier(20, 560)],
            Decimal("0.1"),
            now.date() + timedelta(days=60),
            size=6,
            distance=14,
            origin="Forêt de Brune",
            label="Bois certifié",
            employment="Huit personnes, deux en insertion",
            quality="Peu de cendres",
            note="Reprise des palettes.",
        )
        return [operations.tender(act=act, brief=brief, supplier=one, offered=offered) for one in suppliers]

    said("huile d’olive", client, neighbour)
    said("couches", neighbour)
    asked("Couches lavables")
    answered(asked("Granulés pour l’hiver", *said("granulés de bois", client)))
    for title, method in (("Bûches", "approval"), ("Compost", "ranking")):
        brief = asked(title, *said(title, client, neighbour), method=method)
        made = answered(brief)
        operations.put_to_vote(act=act, brief=brief)
        operations.cast_ballot(act=act, brief=brief, person=neighbour, choices=[one.id for one in made[:2]])
    brief = asked("Charbon de bois", *said("charbon", neighbour))
    made = answered(brief)
    operations.put_to_vote(act=act, brief=brief)
    operations.cast_ballot(act=act, brief=brief, person=neighbour, choices=[made[0].id])
    operations.choose(act=act, brief=brief, tender=made[0], reason="Elle est la plus proche.")
    brief = asked("Lessive", *said("lessive", client))
    operations.give_up_brief(act=act, brief=brief, reason="Aucune offre ne tient le budget.")


def for_everybody() -> Iterator[str]:
    yield from (f"/besoins/{one.number}/" for one in Brief.objects.filter(state__in=PUBLIC_BRIEFS).order_by("number"))


def for_suppliers() -> Iterator[str]:
    yield "/moi/offres/"
    yield from (f"/moi/offres/{one.number}/" for one in Brief.objects.filter(state__in=("asking", "voting")))


def at_the_desk() -> Iterator[str]:
    waiting = "&".join(f"besoin={one.id}" for one in queries.needs_waiting())
    yield f"/bureau/besoins/appel?{waiting}"
    for one in Brief.objects.order_by("number"):
        yield f"/bureau/besoins/{one.number}/"
        if one.state == "asking":
            yield f"/bureau/besoins/{one.number}/offre"
        if one.state == "voting":
            yield f"/bureau/besoins/{one.number}/votes/{queries.voters(brief=one.id)[0].id}"
        if one.state == "chosen":
            yield f"/bureau/ensemble/nouveau/?besoin={one.number}"
