"""« The same each time »: what a household orders of every purchase of a series, alone or in turn with another."""

from collections.abc import Sequence

from entremise.buying import queries
from entremise.buying.models import Series, Standing, StandingLine
from entremise.buying.operations.planning import Wants
from entremise.buying.rules.states import STANDING
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from entremise.people.operations.waiting import wait_for
from entremise.people.rules.may import Verb, require
from entremise.tenancy.queries import here


def say_standing(
    *, act: Act, series: Series, person: Person, wants: Sequence[Wants], means: str, budget: int | None = None
) -> Standing:
    """From the next purchase of the series on they want this each time, in place of what they said before. Nothing is
    ordered today.

    Raises Refused("nothing_wanted"), Refused("ceiling_too_low") below the lowest price there can be today,
    Refused("over_budget") for more than a limit of theirs, and Refused("shared_already") for whoever takes turns with
    another household.
    """
    require(act, Verb.PLEDGES_MAKE, owner=person.id)
    wanted = [one for one in wants if one.quantity]
    _check(wanted, budget)
    wait_for(people=[person.id])
    row = queries.taking_part(series=series.id, person=person.id)
    if row and row.person_id != person.id:
        raise Refused("shared_already")
    before = row.state if row else ""
    state, fact = STANDING.step(before, "say")
    row = row or Standing(series=series, person=person, said_at=act.at, after=queries.last_opened(series=series.id))
    if before == "paused":
        row.after = queries.last_opened(series=series.id)
    row.state, row.means, row.budget = state, means, budget
    row.save()
    StandingLine.objects.filter(standing=row).update(quantity=0, tolerance=0)
    for one in wanted:
        said = {"quantity": one.quantity, "tolerance": one.tolerance, "ceiling": one.ceiling}
        StandingLine.objects.update_or_create(
            standing=row, title=one.article.lot.title, unit=one.article.unit, defaults=said
        )
    _record(act, row, fact)
    return row


def _check(wanted: Sequence[Wants], budget: int | None) -> None:
    if not wanted:
        raise Refused("nothing_wanted")
    for one in wanted:
        lowest = min(price for _, price in one.article.tiers)
        if one.ceiling < lowest:
            raise Refused("ceiling_too_low", {"price": lowest, "title": one.article.lot.title}, where="ceiling")
    at_most = sum((one.quantity + one.tolerance) * one.ceiling for one in wanted)
    if budget is not None and at_most > budget:
        raise Refused("over_budget", {"at_most": at_most, "budget": budget}, where="budget")


def pause_standing(*, act: Act, standing: Standing) -> Standing:
    """Nothing is ordered for them until they say so. What was ordered stays."""
    return _step(act, _locked(act, standing), "pause")


def resume_standing(*, act: Act, standing: Standing) -> Standing:
    """From the next purchase that opens on, it is ordered again."""
    row = _locked(act, standing)
    row.after = queries.last_opened(series=row.series_id)
    return _step(act, row, "resume", "after")


def end_standing(*, act: Act, standing: Standing) -> Standing:
    """It is over. What was ordered stays."""
    row = _locked(act, standing)
    row.ended_at = act.at
    return _step(act, row, "end", "ended_at")


def skip_standing(*, act: Act, standing: Standing, skips: bool = True) -> Standing:
    """Not the next time, or the next time after all; either household may say so. Said again, nothing happens."""
    row = _locked(act, standing, either=True)
    if row.skips == skips:
        return row
    row.skips = skips
    return _step(act, row, "skip" if skips else "keep", "skips")


def share_standing(*, act: Act, standing: Standing, partner: Person) -> Standing:
    """Two households take turns, the first one next; the other is written to, and may leave whenever it likes.

    Raises Refused("shared_already") while there is another one, Refused("shared_alone") with oneself or with somebody
    who wants something of this series already.
    """
    require(act, Verb.PLEDGES_MAKE)  # Whoever speaks with both.
    row = _locked(act, standing)
    if partner.id == row.person_id:
        raise Refused("shared_alone", where="who")
    if row.partner_id == partner.id:
        return row
    if row.partner_id:
        raise Refused("shared_already", where="who")
    if queries.taking_part(series=row.series_id, person=partner.id):
        raise Refused("shared_alone", where="who")  # Two orders of one household in one purchase would hide each other.
    row.partner, row.partners_turn = partner, False
    row = _step(act, row, "share", "partner", "partners_turn")
    purchase = queries.latest_of(series=row.series_id)
    messaging.queue(
        act=act,
        person=partner,
        template="standing_shared",
        context={"person": partner, "household": row.person, "campaign": purchase.campaign, "organisation": here()},
        key=f"standing_shared:{row.id}:{partner.id}:{act.at.isoformat()}",
        about="standing",
        about_id=row.id,
    )
    return row


def take_turn(*, act: Act, standing: Standing, person: Person) -> Standing:
    """This one of the two orders next, whosever turn it was. Said again, nothing happens."""
    row = _locked(act, standing, either=True)
    if row.partner_id is None or person.id not in (row.person_id, row.partner_id):
        raise Refused("not_shared")
    theirs = person.id == row.partner_id
    if row.partners_turn == theirs:
        return row
    row.partners_turn = theirs
    return _step(act, row, "swap", "partners_turn")


def part_standing(*, act: Act, standing: Standing) -> Standing:
    """They take turns no more: it is the first household's alone. Either may say so."""
    row = _locked(act, standing, either=True)
    if row.partner_id is None:
        return row
    row.partner, row.partners_turn = None, False
    return _step(act, row, "part", "partner", "partners_turn")


def _locked(act: Act, standing: Standing, *, either: bool = False) -> Standing:
    """either: the household that takes turns may say it too."""
    row = Standing.objects.select_for_update(no_key=True, of=("self",)).get(id=standing.id)
    partner = either and row.partner_id is not None and act.by.person == row.partner_id
    require(act, Verb.PLEDGES_MAKE, owner=row.partner_id if partner else row.person_id)
    return row


def _step(act: Act, row: Standing, verb: str, *changed: str) -> Standing:
    row.state, fact = STANDING.step(row.state, verb)
    row.save(update_fields=["state", *changed])
    _record(act, row, fact)
    return row


def _record(act: Act, row: Standing, fact: str) -> None:
    record(act=act, type=fact, thing="standing", thing_id=row.id, data={})
