"""Who can adds a little to each invoice: asked with it, given once it is paid, owed to nobody."""

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.payments.queries import mandates_of
from entremise.people.models import Person
from entremise.people.rules.may import Verb, allowed, require
from entremise.settlement.models import Invoice
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries import surplus
from entremise.solidarity.models import Addition, Contribution, Fund
from entremise.solidarity.operations.funds import open_fund_now
from entremise.solidarity.operations.gifts import leave_surplus
from entremise.solidarity.queries import contributions as queries
from entremise.solidarity.rules.prices import Work, added, require_grid


def set_contribution(*, act: Act, person: Person, fund: Fund, hourly: int) -> Contribution | None:
    """Add so many cents an hour to each invoice from now on; nothing stops it. Returns the one that goes on.

    People raise their own; whoever lowers it speaks with somebody. Raises Refused("contribution_lower"),
    "contribution_out_of_grid" or "fund_closed".
    """
    require(act, Verb.CONTRIBUTIONS_SET, owner=person.id)
    wait_for(people=[person.id])
    before = queries.contribution_of(person=person.id)
    alone = not allowed(act, Verb.CONTRIBUTIONS_SET)
    require_grid(queries.grid(on=today(act)), before.hourly if before else 0, hourly, by_themselves=alone)
    open_fund_now(fund)
    if before and (before.hourly, before.fund_id) == (hourly, fund.id):
        return before
    if before:
        before.ended_at = act.at
        before.save(update_fields=["ended_at"])
    made = Contribution.objects.create(person=person, fund=fund, hourly=hourly, set_at=act.at) if hourly else None
    kept = made or before
    if kept:
        data = {"hourly": hourly}
        record(act=act, type="contribution_set", thing="contribution", thing_id=kept.id, data=data)
    return made


def book_addition(*, act: Act, addition: Addition) -> Addition:
    """The client paid more than their invoice: what they said they add is the fund's, the rest stays theirs. Once."""
    require(act, Verb.FUNDS_GIVE)
    wait_for(people=[addition.invoice.client_id])
    row = Addition.objects.select_related("contribution__fund", "invoice__client").get(id=addition.id)
    amount = min(row.amount, surplus(invoice=row.invoice))
    if row.gift_id is None and amount > 0:
        fund, key = row.contribution.fund, f"addition:{row.id}"
        row.gift = leave_surplus(act=act, fund=fund, invoice=row.invoice, amount=amount, key=key)
        row.save(update_fields=["gift"])
    return row


def add_to(invoice: Invoice, lines: list[Work]) -> int:
    """Cents that the client's contribution adds to an invoice that was just made; nothing where we collect it, for a
    debit takes what is due.
    """
    if mandates_of(on=invoice.issued_on, people=[invoice.client_id]):
        return 0
    mine = queries.contribution_of(person=invoice.client_id)
    amount = added(mine.hourly, lines) if mine and mine.fund.closed_on is None else 0
    if mine and amount:
        Addition.objects.create(contribution=mine, invoice=invoice, amount=amount)
    return amount
