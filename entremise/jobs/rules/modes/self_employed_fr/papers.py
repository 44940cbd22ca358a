"""The supplier's quote, which the client accepts, and the order that tells the supplier so."""

from entremise.jobs.rules.modes import Data, Deal
from entremise.jobs.rules.modes.clauses import calling_off, percent, slot

SHARES = {"supplier": "Pour la personne indépendante", "commission": "Commission de l’association"}

PAYMENT = (
    "Vous payez la personne indépendante directement, sur sa facture de fin de mois. L’association ne touche pas à "
    "cet argent."
)


def quote(deal: Deal) -> Data:
    """What the client reads before they say yes: an offer of the supplier, who is bound by it until its last day."""
    if deal.business is None:
        raise ValueError("a quote comes from somebody who works on their own account")
    return {
        **_common(deal),
        "title": deal.title,
        "business": {
            "name": deal.business.trade_name or deal.worker.name,
            "person": deal.worker.name if deal.business.trade_name else "",
            "street": deal.worker.street,
            "postcode": deal.worker.postcode,
            "city": deal.worker.town,
            "phone": deal.worker.phone,
            "siret": deal.business.siret,
            "insurance": deal.business.insurance,
        },
        "client": {
            "name": deal.client.name,
            "street": deal.client.street,
            "postcode": deal.client.postcode,
            "city": deal.client.town,
        },
        "valid_until": deal.business.valid_until.isoformat(),
        "tasks": list(deal.tasks),
        "slots": [slot(start, end, deal.minutes) for start, end in deal.visits],
        "times": len(deal.visits),
        "hourly_price": deal.hourly_price,
        "minutes": deal.minutes,
        "price": deal.price,
        "vat_mention": deal.business.vat_mention,
        "split": [{"label": SHARES[code], "amount": amount} for code, amount in deal.split],
        "commission": percent(deal.commission),
        "clauses": [{"title": "Paiement", "text": PAYMENT}, *_calling_off(deal, bound="votre accord")],
    }


def _calling_off(deal: Deal, *, bound: str) -> list[dict[str, str]]:
    to = " à la personne indépendante, commission comprise comme dans tout prix"
    return [calling_off(deal.calling_off, bound=bound, owed_to=to)] if deal.calling_off else []


def service_order(deal: Deal) -> Data:
    """The client said yes: where, when, for how much, and what the commission will be."""
    if deal.business is None:
        raise ValueError("an order goes to somebody who works on their own account")
    return {
        **_common(deal),
        "job_number": str(deal.number),
        "quote": deal.business.quote,
        "worker": deal.business.trade_name or deal.worker.name,
        "title": deal.title,
        "client": deal.client.name,
        "client_phone": deal.client.phone,
        "street": deal.client.street,
        "postcode": deal.client.postcode,
        "city": deal.client.town,
        "access": deal.access,
        "slots": [slot(start, end, deal.minutes) for start, end in deal.visits],
        "tasks": list(deal.tasks),
        "hourly_price": deal.hourly_price,
        "price": deal.price,
        "split": [{"label": SHARES[code], "amount": amount} for code, amount in deal.split],
        "commission": percent(deal.commission),
        "clauses": _calling_off(deal, bound="l’accord du client"),
    }


def _common(deal: Deal) -> dict[str, object]:
    body = deal.body
    return {
        "org": {
            "name": body.name,
            "street": body.street,
            "postcode": body.postcode,
            "city": body.town,
            "phone": body.phone,
            "siret": body.siret,
            "legal": body.legal,
        },
        "lang": "fr",
    }
