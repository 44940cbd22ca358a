"""The order to the supplier, once: from then on there is no way back."""

from collections.abc import Sequence

from entremise.buying import queries
from entremise.buying.models import Allotment, Parcel, ParcelLine, Purchase, Share, SupplyLine
from entremise.buying.operations.planning import alone
from entremise.buying.operations.telling import tell_household
from entremise.buying.queries import Ordered
from entremise.buying.rules.states import PARCEL, PURCHASE
from entremise.campaigns import operations as campaigns
from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.phone import spoken
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import who_we_are
from entremise.settlement.rules.goods import AGENT
from entremise.tenancy.queries import here


def order_supply(*, act: Act, purchase: Purchase) -> Document:
    """Order what the closing came to: the paper for the supplier, and a parcel for each household that receives
    something. Who receives nothing is told, and owes nothing. Called again, it is the same paper.

    Raises Refused("paid_first") when households pay before it leaves, Refused("supplier_needed") for what is sold in
    nobody's name, Refused("not_now") before the closing or once it was called off, Refused("no_legal_identity").
    """
    require(act, Verb.CAMPAIGNS_RUN)
    campaign = alone(purchase)
    if purchase.order:
        return purchase.order
    if purchase.pays == Purchase.Pays.BEFORE:
        raise Refused("paid_first")
    if purchase.role == AGENT and purchase.supplier is None:
        raise Refused("supplier_needed", where="supplier")
    state, fact = PURCHASE.step(purchase.state, "order")
    campaigns.commit(act=act, campaign=campaign)
    lines = queries.ordered(purchase=purchase.id)
    SupplyLine.objects.bulk_create(
        SupplyLine(purchase=purchase, article=line.article, ordered=line.units) for line in lines
    )
    _pack(act, purchase, lines)
    purchase.state, purchase.order = state, _paper(act, purchase, lines)
    purchase.save(update_fields=["state", "order"])
    data = {"number": campaign.number, "order": purchase.order.number, "units": sum(line.units for line in lines)}
    record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data=data)
    return purchase.order


def _pack(act: Act, purchase: Purchase, lines: Sequence[Ordered]) -> None:
    """A parcel for each share that holds something; the others are let go."""
    shares = Share.objects.filter(purchase=purchase).select_related("pledge__person").order_by("pledge__made_at", "id")
    full, empty = [one for one in shares if one.amount], [one for one in shares if not one.amount]
    state, fact = PARCEL.step("", "plan")
    parcels = {
        share.id: Parcel(purchase=purchase, share=share, number=number, state=state)
        for number, share in enumerate(full, start=1)
    }
    Parcel.objects.bulk_create(parcels.values(), batch_size=500)
    # Of what is ordered, also what they wanted and no box held: when more comes, it may be theirs.
    wanted = Allotment.objects.filter(share__in=full, article__in=[line.article for line in lines], too_dear=False)
    ParcelLine.objects.bulk_create(
        (
            ParcelLine(parcel=parcels[one.share_id], article_id=one.article_id, planned=one.units, price=one.price)
            for one in wanted.order_by("id")
        ),
        batch_size=500,
    )
    record_many(act=act, type=fact, thing="parcel", data={one.id: {"number": one.number} for one in parcels.values()})
    campaigns.confirm(act=act, pledges=[share.pledge for share in full])
    campaigns.release(act=act, pledges=[share.pledge for share in empty])
    for share in empty:
        tell_household(act, purchase, share.pledge, "parcel_void")


def _paper(act: Act, purchase: Purchase, lines: Sequence[Ordered]) -> Document:
    campaign, supplier, legal, ours = purchase.campaign, purchase.supplier, who_we_are(), here()
    place = supplier.place if supplier else None
    data = {
        "org": {
            "name": ours.name,
            "phone": spoken(ours.phone) if ours.phone else "",
            "siret": legal.siret,
            "street": legal.street,
            "postcode": legal.postcode,
            "city": legal.town,
        },
        "supplier": {
            "name": supplier.full_name if supplier else "",
            "street": supplier.street if supplier else "",
            "postcode": place.postcode if place else "",
            "city": place.name if place else "",
        },
        "campaign": campaign.number,
        "title": campaign.title,
        "where": purchase.where,
        "before": purchase.handed_from.isoformat(),
        "lines": [_line(line) for line in lines],
        "total": sum(line.units * _theirs(line) for line in lines),
    }
    return documents.issue(
        act=act,
        kind="purchase_order",
        prefix="CF",
        template="purchase_order",
        data=data,
        person=supplier,
        about="purchase",
        about_id=purchase.id,
    )


def _theirs(line: Ordered) -> int:
    """Minor units of the price of a unit that are the supplier's."""
    return line.price - line.article.ours - line.article.carriage


def _line(line: Ordered) -> dict[str, object]:
    article = line.article
    return {
        "title": article.lot.title,
        "unit": article.unit,
        "boxes": line.boxes,
        "size": article.size,
        "units": line.units,
        "price": _theirs(line),
        "amount": line.units * _theirs(line),
    }
