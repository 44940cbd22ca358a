"""What the papers of several modes say in the same words."""

from datetime import datetime
from decimal import Decimal

from entremise.jobs.rules.calling_off import Terms


def calling_off(terms: Terms, *, bound: str, owed_to: str = "") -> dict[str, str]:
    """bound: what the grace period follows. owed_to: « à … » whoever is not us, with a space before."""
    text = (
        f"Annuler ne coûte rien jusqu’à {terms.free_hours} heures avant la visite, ni pendant les "
        f"{terms.grace_minutes} minutes qui suivent {bound}. Plus tard, {percent(terms.late_share)} du prix de la "
        f"visite est dû{owed_to}. Si personne n’est là à l’arrivée, {percent(terms.absent_share)} est dû. Rien n’est "
        "dû en cas de maladie, d’accident, de décès ou d’intempérie."
    )
    return {"title": "Annuler une visite", "text": text}


def slot(start: datetime, end: datetime, minutes: int) -> dict[str, object]:
    """One visit of an order or a quote; start and end local."""
    return {"on": start.date().isoformat(), "from": f"{start:%H:%M}", "until": f"{end:%H:%M}", "minutes": minutes}


def percent(rate: Decimal) -> str:
    """« 12,5 % » from a fraction."""
    return f"{(rate * 100).normalize():f} %".replace(".", ",")
