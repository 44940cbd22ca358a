from collections.abc import Collection
from datetime import date
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Receipt
from entremise.settlement.operations.debits import today
from entremise.settlement.rules.books_fr import Slot
from entremise.solidarity import queries
from entremise.solidarity.models import Fund
from entremise.solidarity.rules import PURPOSES
from entremise.solidarity.rules.books_fr import ORIGINS, fund_slot


def open_fund(
    *,
    act: Act,
    name: str,
    purpose: str,
    origin: str,
    purposes: Collection[str] = (),
    usable_until: date | None = None,
) -> Fund:
    """A fund and its bounded account. purposes: those it may pay for, all when empty. origin: grant, body or public.

    Raises Refused("fund_known") when one of that name is there already.
    """
    require(act, Verb.FUNDS_OPEN)
    if origin not in ORIGINS or not set(purposes) <= set(PURPOSES):
        raise Refused("purpose_not_covered", where="purposes")
    if Fund.objects.filter(name__iexact=name).exists():
        raise Refused("fund_known", where="name")
    fund = Fund.objects.create(
        name=name,
        purpose=purpose,
        purposes=sorted(purposes),
        origin=origin,
        opened_on=today(act),
        usable_until=usable_until,
    )
    code, called = ORIGINS[origin].fund
    ledger.open_account(code=code, name=f"{called} : {name}", holder=fund.id, ceiling=0)
    record(act=act, type="fund_opened", thing="fund", thing_id=fund.id, data={"origin": origin})
    return fund


def close_fund(*, act: Act, fund: Fund) -> Fund:
    """It takes and gives nothing any more. Raises Refused("fund_not_empty") while it holds anything."""
    require(act, Verb.FUNDS_OPEN)
    locked = locked_fund(fund)
    if any(queries.balance_of(fund=locked)):
        raise Refused("fund_not_empty")
    if locked.closed_on is None:
        locked.closed_on = today(act)
        locked.save(update_fields=["closed_on"])
        record(act=act, type="fund_closed", thing="fund", thing_id=fund.id)
    return locked


def locked_fund(fund: Fund) -> Fund:
    """The fund as it is now; whoever else changes it waits."""
    return Fund.objects.select_for_update(no_key=True).get(id=fund.id)


def open_fund_now(fund: Fund) -> Fund:
    """The fund, locked. Raises Refused("fund_closed")."""
    locked = locked_fund(fund)
    if locked.closed_on:
        raise Refused("fund_closed", where="fund")
    return locked


def slot(fund: Fund) -> Slot:
    return fund_slot(fund.origin, fund.id)


def entry_of(receipt: Receipt) -> UUID:
    """In the ledger: money that meets a fund always has one."""
    if receipt.entry is None:
        raise ValueError("a receipt through a fund has an entry")
    return receipt.entry
