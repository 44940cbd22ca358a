"""An hour that somebody gave is taken by somebody else, quietly."""

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.queries import dues
from entremise.solidarity import rules
from entremise.solidarity.models import Award, AwardPayment, Gift
from entremise.solidarity.operations.awards import competent, promise
from entremise.solidarity.operations.funds import locked_fund
from entremise.solidarity.operations.paying import spend_on
from entremise.solidarity.queries import items
from entremise.solidarity.rules.prices import PURPOSE


def take_item(*, act: Act, invoice: Invoice, item: str, key: str) -> AwardPayment:
    """The oldest hour of this name that nobody has taken pays an invoice, at most what is due of it.

    No vote and no reason, within the voted limits of an award and of a year. The same key again is the same payment.
    Raises Refused("nothing_left_of_it"), "amount_not_due", "not_enough" when other help used the fund up; as `grant`.
    """
    require(act, Verb.AIDS_HURRY)
    wait_for(people=[invoice.client_id])
    same = AwardPayment.objects.filter(key=key).first()
    if same:
        return same
    version = competent(act, invoice.client)
    gift = _oldest(item)
    state, fact = rules.AWARD.step("", "ask")
    award = Award(person=invoice.client, purpose=PURPOSE, need="", state=state, asked_at=act.at, item=gift)
    award.save(force_insert=True)
    record(act=act, type=fact, thing="award", thing_id=award.id)
    amount = min(gift.amount, dues(invoices=[invoice])[invoice.id])
    if amount <= 0:
        raise Refused("amount_not_due", {"due": 0}, where="number")
    return spend_on(act, promise(act, award, version, gift.fund, amount, "item"), invoice, amount, key)


def _oldest(item: str) -> Gift:
    """Its fund is locked: nobody else takes it meanwhile."""
    for gift in items.untaken(item=item):
        locked_fund(gift.fund)
        if not items.is_taken(gift=gift):
            return gift
    raise Refused("nothing_left_of_it", where="item")
