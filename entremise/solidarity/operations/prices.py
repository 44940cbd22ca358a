"""Prices of one's own: the committee opens them, anybody asks, first come, first served; nobody proves anything."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Item, Payslip, SupplierInvoice
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.invoicing import Relief
from entremise.settlement.queries import dues
from entremise.settlement.rules.claims import ClaimLine
from entremise.solidarity import queries, rules
from entremise.solidarity.models import Award, Band, Fund, Place, Rules
from entremise.solidarity.operations.awards import promise
from entremise.solidarity.operations.contributions import add_to
from entremise.solidarity.operations.funds import locked_fund
from entremise.solidarity.operations.paying import give_rest_back, locked, spend_on
from entremise.solidarity.queries import prices
from entremise.solidarity.rules.prices import LIVE, PLACE, PURPOSE, Off, Work, require_ladder, season_of


def open_band(
    *,
    act: Act,
    fund: Fund,
    first: date,
    last: date,
    places: int,
    reserve: int,
    percent: int = 0,
    hourly: int = 0,
) -> Band:
    """The next step of a season's ladder, as the committee decided it under the rules in force; amounts in cents.

    Raises Refused("band_incomplete"), "band_order", "season_over", "seasons_meet", and what the rules, the committee or
    the fund do not allow.
    """
    require(act, Verb.FUNDS_RULE)
    on, off = today(act), Off(percent, hourly)
    version = _in_force(on)
    rules.require_committee(one.kind for one in queries.seats(on=on))
    owner = locked_fund(fund)  # Two that open a step wait for each other.
    season_of(first, last, prices.seasons(on=on), on=on)
    above = Band.objects.filter(first=first).order_by("-step").first()
    require_ladder(prices.off(band=above) if above else None, off)
    if places < 1:
        raise Refused("band_incomplete", where="places")
    limits = queries.limits(version=version)
    rules.require_allowed(limits, rules.Before(0, 0), purpose=PURPOSE, amount=reserve, by="place")
    rules.require_fund(owner.purposes, owner.closed_on, owner.usable_until, purpose=PURPOSE, on=last)
    band = Band(fund=owner, rules=version, first=first, last=last, step=above.step + 1 if above else 1)
    band.percent, band.hourly, band.places, band.reserve, band.opened_at = percent, hourly, places, reserve, act.at
    band.save(force_insert=True)
    data = {"step": band.step, "places": places, "rules": version.number}
    record(act=act, type="band_opened", thing="band", thing_id=band.id, data=data)
    return band


def set_places(*, act: Act, band: Band, places: int) -> Band:
    """More places, or fewer: whoever has one keeps it; none closes the price to others."""
    require(act, Verb.FUNDS_RULE)
    row = _locked_band(band.id)
    if row.places != places:
        row.places = places
        row.save(update_fields=["places"])
        record(act=act, type="band_resized", thing="band", thing_id=row.id, data={"places": places})
    return row


def ask_place(*, act: Act, person: Person, band: Band) -> Place:
    """Somebody asks for a price: theirs at once when a place is free and nobody waits, else they wait their turn.

    Again, it is the same place. Raises Refused("season_over"), "place_known" when they have another step of the season,
    "no_rules", and "award_year_spent" when the rules leave too little for them this year.
    """
    require(act, Verb.PLACES_ASK, owner=person.id)
    wait_for(people=[person.id])
    row = _locked_band(band.id)
    mine = Place.objects.filter(person=person, state__in=LIVE, band__first=row.first).first()
    if mine:
        if mine.band_id != row.id:
            raise Refused("place_known")
        return mine
    if row.last < today(act):
        raise Refused("season_over")
    others = Place.objects.filter(band=row, state="waiting").exists()
    state, fact = PLACE.step("", "ask")
    place = Place.objects.create(band=row, person=person, state=state, asked_at=act.at)
    record(act=act, type=fact, thing="place", thing_id=place.id)
    locked_fund(row.fund)
    return place if others or not prices.is_free(band=row) else _give(act, place, row, "give")


def give_place(*, act: Act, place: Place) -> Place:
    """Their turn has come, if a place is free and the fund can keep what goes with it; else they go on waiting."""
    require(act, Verb.PLACES_GIVE)
    row, band = _locked_place(place)
    locked_fund(band.fund)
    if row.state != "waiting" or not prices.is_free(band=band):
        return row
    given = _give(act, row, band, "give")
    _tell(act, given, "given")
    return given


def ease_place(*, act: Act, place: Place) -> Place:
    """« En ce moment c’est difficile »: down one step, without a question, so often a season.

    Raises Refused("eases_used"), "no_lower_price", "price_full" when nothing is free there, and as `ask_place`.
    """
    require(act, Verb.PLACES_ASK, owner=place.person_id)
    row, above = _locked_place(place)
    PLACE.step(row.state, "ease")
    most = int(figures.table().at("solidarity.eases", today(act)))
    if row.eased >= most:
        raise Refused("eases_used", {"count": most})
    lower = prices.below(band=above)
    if lower is None:
        raise Refused("no_lower_price")
    band = _locked_band(lower.id)
    _give_back(act, row)
    locked_fund(band.fund)
    if not prices.is_free(band=band):
        raise Refused("price_full")
    row.band, row.eased = band, row.eased + 1
    return _give(act, row, band, "ease", "band", "eased")


def leave_place(*, act: Act, place: Place) -> Place:
    """They no longer need it, or no longer wait: what is left of its reserve is free for somebody else."""
    require(act, Verb.PLACES_ASK, owner=place.person_id)
    row, _band = _locked_place(place)
    _give_back(act, row)
    return _move(act, row, "leave")


def end_place(*, act: Act, place: Place) -> Place:
    """Its season is over and invoiced."""
    require(act, Verb.PLACES_GIVE)
    row, _band = _locked_place(place)
    if row.state not in LIVE:
        return row
    _give_back(act, row)
    return _move(act, row, "end")


def ask_again(*, act: Act, place: Place) -> Place:
    """Before its season ends, whoever has a place is asked, once, whether they want one in the next."""
    require(act, Verb.PLACES_GIVE)
    row, _band = _locked_place(place)
    if row.state == "held" and row.asked_again_at is None:
        row.asked_again_at = act.at
        row.save(update_fields=["asked_again_at"])
        record(act=act, type="place_asked_again", thing="place", thing_id=row.id)
        _tell(act, row, "again")
    return row


def settle_item(*, act: Act, item: Item) -> Invoice | Payslip | list[SupplierInvoice] | None:
    """`settlement.settle_item`, where an invoice is borne in part, as it is made, by what is kept for their price; who
    has none may add something of their own will.
    """
    return settlement.settle_item(act=act, item=item, relief=Relief(_ahead, partial(_their_price, act)))


def _their_price(act: Act, invoice: Invoice) -> int:
    """Cents that the client pays less than the invoice says; below nothing, what they add."""
    return _relieve(act, invoice) or -add_to(invoice, _worked(invoice))


def _relieve(act: Act, invoice: Invoice) -> int:
    """Cents that their places bear of it; again, they are the same."""
    wait_for(people=[invoice.client_id])
    before = prices.borne(invoices=[invoice.id])
    if before:
        return before[invoice.id]
    parts = _parts(invoice.client_id, _worked(invoice), dues(invoices=[invoice])[invoice.id])
    for place, award, part in parts:
        spend_on(act, award, invoice, part, f"price:{invoice.id}:{place.id}")
    return sum(part for _, _, part in parts)


def _ahead(person: UUID, lines: Sequence[ClaimLine]) -> int:
    wait_for(people=[person])
    works = [Work(line.day, line.minutes if line.due is None else 0, line.amount) for line in lines]
    return sum(part for _, _, part in _parts(person, works, sum(line.amount for line in lines)))


def _parts(person: UUID, works: list[Work], due: int) -> list[tuple[Place, Award, int]]:
    """What each of their places bears of this work, at most what is due of it in all; its award is locked."""
    parts = []
    for place, amount in prices.reliefs(person=person, lines=works):
        award = locked(_award(place))
        part = min(amount, due, queries.left_of(award=award))
        if part > 0:
            parts.append((place, award, part))
            due -= part
    return parts


def _worked(invoice: Invoice) -> list[Work]:
    return [Work(line.day, line.minutes, line.amount) for line in invoice.lines.all()]


def _give(act: Act, place: Place, band: Band, verb: str, *changed: str) -> Place:
    """Its reserve is kept by an award, under the rules in force now."""
    asked, fact = rules.AWARD.step("", "ask")
    award = Award.objects.create(person=place.person, purpose=PURPOSE, need="", state=asked, asked_at=act.at)
    record(act=act, type=fact, thing="award", thing_id=award.id)
    place.award = promise(act, award, _in_force(today(act)), band.fund, band.reserve, "place")
    return _move(act, place, verb, "award", *changed)


def _give_back(act: Act, place: Place) -> None:
    if place.award and place.award.state == "granted":
        give_rest_back(act, locked(place.award))


def _move(act: Act, place: Place, verb: str, *changed: str) -> Place:
    place.state, fact = PLACE.step(place.state, verb)
    place.save(update_fields=["state", *changed])
    record(act=act, type=fact, thing="place", thing_id=place.id)
    return place


def _in_force(on: date) -> Rules:
    version = queries.rules_in_force(on=on)
    if version is None:
        raise Refused("no_rules")
    return version


def _award(place: Place) -> Award:
    if place.award is None:
        raise ValueError("a place that is held has its award")
    return place.award


def _locked_band(band: UUID) -> Band:
    return Band.objects.select_related("fund").select_for_update(no_key=True, of=("self",)).get(id=band)


def _locked_place(place: Place) -> tuple[Place, Band]:
    """The person, then the place, then its band: nobody else gives, takes or moves it meanwhile."""
    wait_for(people=[place.person_id])
    rows = Place.objects.select_related("person", "award").select_for_update(no_key=True, of=("self",))
    row = rows.get(id=place.id)
    return row, _locked_band(row.band_id)


def _tell(act: Act, place: Place, news: str) -> None:
    """That there is news, not which: a phone may be read by others."""
    messaging.queue(
        act=act,
        person=place.person,
        template="price_news",
        context={"organisation": place.person.organisation},
        key=f"price:{place.id}:{news}",
        about="place",
        about_id=place.id,
    )
