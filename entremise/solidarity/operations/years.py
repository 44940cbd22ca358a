from datetime import date

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger_queries
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import book, who_we_are
from entremise.settlement.operations.debits import today
from entremise.solidarity import queries
from entremise.solidarity.models import Fund, FundYear
from entremise.solidarity.rules.books_fr import year_moves


def state_year(*, act: Act, year: int) -> Document:
    """Make a year's statement of dedicated funds, and post what the result of the year must show of each.

    Once: again, it is the same document. Raises Refused("day_to_come") before the year is over,
    Refused("period_closed") when its books are shut, Refused("nothing_to_state"), Refused("earlier_year_open").
    """
    require(act, Verb.FUNDS_STATE)
    list(Fund.objects.select_for_update(no_key=True).order_by("id").values_list("id"))
    same = queries.statement_of(year=year)
    if same:
        return same
    last = date(year, 12, 31)
    if last >= today(act):
        raise Refused("day_to_come", where="year")
    closed = ledger_queries.closed_to()
    if closed and closed >= last:
        raise Refused("period_closed", {"up_to": closed})
    rows = queries.year(year=year)
    if not rows:
        raise Refused("nothing_to_state", where="year")
    if queries.earlier_open(year=year):
        raise Refused("earlier_year_open", where="year")
    document = documents.issue(
        act=act,
        kind="fund_statement",
        prefix="FD",
        template="fund_statement",
        data=_data(year, rows, today(act)),
    )
    for one in rows:
        _state(act, one, year, document)
    data = {"year": year, "funds": len(rows)}
    record(act=act, type="fund_year_stated", thing="document", thing_id=document.id, data=data)
    return document


def _state(act: Act, one: queries.FundsYear, year: int, document: Document) -> None:
    sums, fund = one.sums, one.fund
    moves = year_moves(fund.origin, sums, f"Fonds dédiés {year}, {fund.name}")
    key, on = f"fund_year:{fund.id}:{year}", date(year, 12, 31)
    entry = book(act=act, key=key, on=on, cause="fund_year", cause_id=fund.id, moves=moves) if moves else None
    FundYear.objects.create(
        fund=fund,
        year=year,
        opening=sums.opening,
        received=sums.received,
        used=sums.used,
        carried=sums.carried,
        entry=entry,
        document=document,
        made_at=act.at,
    )


def _data(year: int, rows: list[queries.FundsYear], on: date) -> dict[str, object]:
    """The keys that templates/documents/fund_statement.typ lists at its head."""
    legal = who_we_are()
    return {
        "org": {
            "name": legal.organisation.name,
            "street": legal.street,
            "postcode": legal.postcode,
            "city": legal.town,
            "siret": legal.siret,
            "legal": legal.legal_name,
        },
        "year": year,
        "made_on": on.isoformat(),
        "funds": [
            {
                "name": one.fund.name,
                "purpose": one.fund.purpose,
                "account": one.account,
                "opening": one.sums.opening,
                "received": one.sums.received,
                "used": one.sums.used,
                "carried": one.sums.carried,
                "promised": one.promised,
            }
            for one in rows
        ],
    }
