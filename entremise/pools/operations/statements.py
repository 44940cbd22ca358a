from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require
from entremise.pools import queries
from entremise.pools.models import Commitment, Pool
from entremise.pools.operations.pools import locked_pool
from entremise.pools.queries import KIND, Statement
from entremise.settlement.operations.booking import who_we_are
from entremise.settlement.operations.debits import today
from entremise.tenancy.models import LegalIdentity


def send_statements(*, act: Act, pool: Pool, month: Period) -> list[Document]:
    """Each member's statement of a month in which something was on their budget, printed and sent; where something
    changed since the last one, another. Done again, it makes none. Bounded by the members of one pool.

    Raises Refused("month_not_over") or Refused("no_legal_identity").
    """
    require(act, Verb.POOLS_RUN)
    if month.last >= today(act):
        raise Refused("month_not_over")
    legal, locked = who_we_are(), locked_pool(pool)
    made = (_issue(act, one, legal) for one in queries.statements(pool=locked.id, month=month))
    return [one for one in made if one]


def _issue(act: Act, one: Statement, legal: LegalIdentity) -> Document | None:
    said, before = _data(one, legal), queries.printed(budget=one.budget.id, month=one.month)
    if before and {**before.data, "made_on": ""} == {**said, "made_on": ""}:
        return None
    person = one.budget.person
    document = documents.issue(
        act=act,
        kind=KIND,
        prefix="RA",
        template=KIND,
        data={**said, "made_on": today(act).isoformat()},
        person=person,
        about="budget",
        about_id=one.budget.id,
    )
    # No amount and no need in the words: whoever carries letters reads them, the paper only goes to the person.
    messaging.queue(
        act=act,
        person=person,
        template="care_month_ready",
        context={"person": person, "month": one.month, "organisation": person.organisation},
        key=f"care_month:{document.id}",
        about="document",
        about_id=document.id,
        enclosures=[(document.id, f"{document.number}.pdf")],
    )
    return document


def _data(one: Statement, legal: LegalIdentity) -> dict[str, object]:
    """The keys that templates/documents/care_statement.typ lists at its head."""
    person, place = one.budget.person, one.budget.person.place
    return {
        "month": one.month.first.isoformat(),
        "last": one.month.last.isoformat(),
        "org": _from(legal, one.budget.organisation.name, one.budget.organisation.phone),
        "person": {
            "name": person.called,
            "street": person.street,
            "postcode": place.postcode if place else "",
            "city": place.name if place else "",
        },
        "pool": one.budget.pool.name,
        "opening": one.opening,
        "came": [{"on": row.on.isoformat(), "amount": row.amount} for row in one.money if row.amount > 0],
        "hours": [_had(row) for row in one.hours],
        "minutes": one.minutes,
        "used": one.used,
        "back": one.back,
        "closing": one.closing,
        "saved": one.saved,
        "fee": one.fee,
    }


def _had(row: Commitment) -> dict[str, object]:
    session = row.session
    return {
        "on": session.day.isoformat(),
        "outcome": session.outcome,
        "who": session.rate.provider.full_name,
        "minutes": row.minutes,
        "amount": row.amount,
        "alone": row.alone,
    }


def _from(legal: LegalIdentity, name: str, phone: str) -> dict[str, str]:
    return {
        "name": name,
        "legal": legal.legal_name,
        "street": legal.street,
        "postcode": legal.postcode,
        "city": legal.town,
        "siret": legal.siret,
        "phone": phone,
    }
