from django.utils.translation import gettext as _

from entremise.jobs.queries.prices import Quote


def price_parts(quote: Quote) -> list[dict[str, object]]:
    """Where each euro of a price goes."""
    split = quote.split
    return [
        {"label": _("Salaire de la personne"), "amount": split.wage_gross},
        {"label": _("Cotisations sociales"), "amount": split.employer_contributions},
        {"label": _("Accompagnement vers l’emploi"), "amount": split.accompaniment},
        {"label": _("Accueil, assurance, bureau"), "amount": split.running},
    ]
