"""Bills of suppliers in each of their states, and goods that were sold."""

from datetime import datetime, timedelta
from decimal import Decimal

from entremise.doors.clock.demo.founding import Cast, made_up_iban
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import SupplierBill
from entremise.settlement.rules.bills import Bought
from entremise.settlement.rules.goods import Sold

PELLETS = Sold("Pellets", 4, "sacs", 575, Decimal("0.10"), ours=120)
FLOUR = Sold("Farine", 2, "kg", 143, Decimal("0.055"), ours=10)


def buy(cast: Cast, now: datetime, client: Person) -> None:
    """Goods sold in our name and in the supplier's; its bills in every state."""
    act = cast.treasury(now)
    sawmill, mill = (
        people.add_person(act=act, family_name=name, kind="company", phones=[]) for name in ("Scierie du Lac", "Moulin")
    )
    for role in ("own_sale", "agent"):
        settlement.bill_goods(
            act=act, client=client, title="Achat groupé", lines=[PELLETS, FLOUR], role=role, supplier=sawmill, key=role
        )
    payments.set_bank_account(act=act, person=sawmill, iban=made_up_iban(80_001))
    on_its_way, to_pay, _to_approve, disputed, mistaken, by_hand = (_bill(cast, now, sawmill, n) for n in range(6))
    settlement.approve_bill(act=act, bill=on_its_way)
    settlement.order_bills(act=act, execution_on=now.date() + timedelta(days=3))
    for bill in (to_pay, by_hand, _bill(cast, now, mill, 7)):
        settlement.approve_bill(act=act, bill=bill)
    settlement.hand_over_bill(act=act, bill=by_hand, how="cheque")
    settlement.dispute_bill(act=act, bill=disputed, reason="deux sacs manquent")
    settlement.withdraw_bill(act=act, bill=mistaken, reason="notée deux fois")


def _bill(cast: Cast, now: datetime, supplier: Person, number: int) -> SupplierBill:
    return settlement.write_bill(
        act=cast.treasury(now),
        supplier=supplier,
        number=f"F-{880 + number}",
        dated_on=now.date() - timedelta(days=40),
        due_on=now.date() + timedelta(days=30 if number else -9),
        lines=[Bought("Pellets", Decimal("0.10"), 2000, 200), Bought("Farine", Decimal("0.055"), 900, 50)],
        role="agent" if number == 1 else "own_sale",
    )
