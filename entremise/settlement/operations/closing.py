from datetime import date
from zoneinfo import ZoneInfo

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries
from entremise.people.rules.may import Verb, require
from entremise.tenancy.queries import here


def close_books(*, act: Act, up_to: date) -> date:
    """Shut the books up to a day that is over, for ever; returns the day they are shut to.

    Raises Refused("day_to_come").
    """
    require(act, Verb.BOOKS_CLOSE)
    organisation = here()
    if up_to >= act.at.astimezone(ZoneInfo(organisation.timezone)).date():
        raise Refused("day_to_come", where="up_to")
    before = queries.closed_to()
    shut = ledger.close_period(up_to=up_to)
    if shut != before:
        data = {"up_to": shut.isoformat()}
        record(act=act, type="books_closed", thing="organisation", thing_id=organisation.id, data=data)
    return shut
