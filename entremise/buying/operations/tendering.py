"""Suppliers answer a brief, once or better once more, and take an answer back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entremise.buying import queries
from entremise.buying.models import Brief, Tender, TenderEnd
from entremise.buying.operations.asking import locked_brief
from entremise.buying.rules.tiers import Tier, in_order
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.debits import today

HIGHEST = 1_000_000_00  # Minor units: beyond, somebody mistyped.
SAID: tuple[str, ...] = ("valid_until", "size", "minimum", "tiers", "vat_rate", "delivery", "lead_days")
SAID += ("distance", "origin", "label", "employment", "quality", "note")


@dataclass(frozen=True)
class Offered:
    """As `Tender`; tiers by boxes, prices of a unit in minor units, taxes included."""

    tiers: Sequence[Tier]
    vat_rate: Decimal
    valid_until: date
    size: int = 1
    minimum: int = 1
    delivery: int = 0
    lead_days: int = 0
    distance: int | None = None
    origin: str = ""
    label: str = ""
    employment: str = ""
    quality: str = ""
    note: str = ""


def tender(*, act: Act, brief: Brief, supplier: Person, offered: Offered) -> Tender:
    """A supplier's answer to a brief; it stands in place of what they answered before. The same again changes nothing.

    Raises Refused("not_now") when it asks for no answers, Refused("answers_over") after their last day,
    Refused("tiers_wrong") for tiers that do not get cheaper, Refused("valid_too_short") when it ends before the vote.
    """
    require(act, Verb.QUOTES_SEND, owner=supplier.id)
    row = locked_brief(brief.id)
    if row.state != "asking":
        raise Refused("not_now", {"thing": "brief", "state": row.state, "verb": "answer"})
    if today(act) > row.answers_until:
        raise Refused("answers_over", {"until": row.answers_until})
    if offered.valid_until < row.votes_until:
        raise Refused("valid_too_short", {"until": row.votes_until}, where="valid_until")
    tiers = _tiers(offered)
    before = next((one for one in queries.tenders_of(brief=row.id) if one.supplier_id == supplier.id), None)
    made = Tender(
        brief=row,
        supplier=supplier,
        replaces=before,
        dated_at=act.at,
        valid_until=offered.valid_until,
        size=offered.size,
        minimum=offered.minimum,
        tiers=tiers,
        vat_rate=offered.vat_rate,
        delivery=offered.delivery,
        lead_days=offered.lead_days,
        distance=offered.distance,
        origin=offered.origin[:120],
        label=offered.label[:120],
        employment=offered.employment[:200],
        quality=offered.quality[:200],
        note=offered.note[:300],
    )
    if before and all(getattr(before, name) == getattr(made, name) for name in SAID):
        return before
    made.save()
    record(act=act, type="tender_made", thing="tender", thing_id=made.id, data={"number": row.number})
    return made


def end_tender(*, act: Act, tender: Tender) -> Tender:
    """They take their answer back. Raises Refused("not_now") once one was chosen, or it was taken back before."""
    require(act, Verb.QUOTES_SEND, owner=tender.supplier_id)
    row = locked_brief(tender.brief_id)
    stands = [one.id for one in queries.tenders_of(brief=row.id)]
    if row.state not in ("asking", "voting") or tender.id not in stands:
        raise Refused("not_now", {"thing": "tender", "state": row.state, "verb": "end"})
    TenderEnd.objects.create(tender=tender, at=act.at)
    record(act=act, type="tender_ended", thing="tender", thing_id=tender.id, data={"number": row.number})
    return tender


def _tiers(offered: Offered) -> list[list[int]]:
    if offered.size < 1 or offered.minimum < 1:
        raise Refused("size_wrong", {"title": ""}, where="size")
    try:
        steps = in_order(offered.tiers)
    except ValueError:
        steps = []
    if not steps or steps[0].at_least < 1 or not all(0 < one.price <= HIGHEST for one in steps):
        raise Refused("tiers_wrong", {"title": ""}, where="tiers")
    return [[one.at_least, one.price] for one in steps]
