"""The letters about what became of a purchase."""

from entremise.buying.models import Parcel, Purchase
from entremise.campaigns.models import Pledge
from entremise.kernel.act import Act
from entremise.messaging import operations as messaging


def tell_household(act: Act, purchase: Purchase, pledge: Pledge, template: str) -> None:
    """That nothing comes to them: nothing of it, or nothing at all."""
    messaging.queue(
        act=act,
        person=pledge.person,
        template=template,
        context={
            "person": pledge.person,
            "campaign": purchase.campaign,
            "organisation": purchase.organisation,
        },
        key=f"{template}:{pledge.id}",
        about="pledge",
        about_id=pledge.id,
    )


def tell_parcel(act: Act, parcel: Parcel, template: str, *, units: int, amount: int, again: str = "") -> None:
    """Where and when it is handed over. units, amount: of the parcel; again: what makes it another letter."""
    purchase, person = parcel.purchase, parcel.share.pledge.person
    messaging.queue(
        act=act,
        person=person,
        template=template,
        context={
            "person": person,
            "campaign": purchase.campaign,
            "purchase": purchase,
            "number": parcel.number,
            "units": units,
            "amount": amount,
            "organisation": purchase.organisation,
        },
        key=f"{template}:{parcel.id}{again}",
        about="parcel",
        about_id=parcel.id,
    )
