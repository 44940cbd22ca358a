"""Prices of people's own: whose turn has come, and seasons that end."""

from datetime import date
from zoneinfo import ZoneInfo

from entremise.doors.clock.watch import Watch, read, write
from entremise.figures import queries as figures
from entremise.kernel.clock import now
from entremise.kernel.refused import Refused
from entremise.solidarity import operations as solidarity
from entremise.solidarity.models import Addition, Place
from entremise.solidarity.queries import prices
from entremise.solidarity.queries.contributions import to_book
from entremise.tenancy.models import Organisation


def give(watch: Watch, organisation: Organisation) -> int:
    """Places that are free, to those who wait, in the order in which they asked."""
    given: list[Place] = []

    def give_one(place: Place) -> None:
        try:
            seen = write(organisation, lambda act: solidarity.give_place(act=act, place=place))
        except Refused:
            return  # The rules leave too little for them this year: they keep their turn, the next is served.
        given.extend([seen] if seen.state == "held" else [])

    watch.each(organisation, "places", read(organisation, lambda: prices.to_give(on=_today(organisation))), give_one)
    return len(given)


def mind_seasons(watch: Watch, organisation: Organisation) -> int:
    """Who has a price is asked about the next season in time; once a season is invoiced, its places are over."""
    on = _today(organisation)

    def ask(place: Place) -> None:
        write(organisation, lambda act: solidarity.ask_again(act=act, place=place))

    def end(place: Place) -> None:
        write(organisation, lambda act: solidarity.end_place(act=act, place=place))

    ending = read(organisation, lambda: prices.to_ask_again(on=on, days=_days("solidarity.reask_days", on)))
    over = read(organisation, lambda: prices.to_end(on=on, days=_days("solidarity.kept_days", on)))
    return watch.each(organisation, "seasons", ending, ask) + watch.each(organisation, "seasons", over, end)


def book_additions(watch: Watch, organisation: Organisation) -> int:
    """What clients added to their invoices and paid goes to the fund."""

    def book(addition: Addition) -> None:
        write(organisation, lambda act: solidarity.book_addition(act=act, addition=addition))

    return watch.each(organisation, "additions", read(organisation, to_book), book)


def _today(organisation: Organisation) -> date:
    return now().astimezone(ZoneInfo(organisation.timezone)).date()


def _days(key: str, on: date) -> int:
    return int(figures.table().at(key, on))
