"""What is typed about a purchase that comes again: its rhythm, the next one, and who takes turns."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Article, Purchase
from entremise.buying.operations.repeating import LONGEST
from entremise.buying.rules.repeating import later, weeks_on
from entremise.doors.desk.fields import WhoForm
from entremise.doors.desk.forms_buying import MOMENTS, WholeField

_WEEKS = _("Écrivez un nombre de semaines. Exemple : 2.")


class RhythmForm(forms.Form):
    weeks = WholeField(
        label=_("Revient toutes les … semaines"),
        min_value=1,
        max_value=LONGEST,
        help_text=_("Exemple : 2"),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _WEEKS),
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="rythme_%s")


class TurnForm(WhoForm):
    """The other household, asked before."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="tour_%s")
        self.fields["who"].label = _("Avec qui ?")


def next_of(purchase: Purchase, articles: Sequence[Article], *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The same again as the form of a purchase begins with it, its dates moved by the rhythm; an opening that would
    be over is left open: at once.
    """
    campaign, weeks = purchase.campaign, purchase.series.weeks if purchase.series else 1
    weeks = weeks_on(closes_at=campaign.closes_at, weeks=weeks, now=now, zone=zone)
    said: dict[str, Any] = {
        "title": campaign.title,
        "about": purchase.about,
        "role": purchase.role,
        "where": purchase.where,
        "handed_from": purchase.handed_from + timedelta(weeks=weeks),
        "handed_until": purchase.handed_until + timedelta(weeks=weeks),
        "threshold": _threshold(campaign.measure, campaign.threshold),
        "measure": campaign.measure,
        "strategy": purchase.strategy,
    }
    if purchase.supplier:
        said |= {"who": purchase.supplier.full_name, "picked": purchase.supplier_id}
    moments = (campaign.opens_at, campaign.fills_at, campaign.closes_at)
    for name, moment in zip(MOMENTS, moments, strict=True):
        moved = later(moment, weeks=weeks, zone=zone) if moment else None
        if moved and (name != "opens" or moved > now):
            there = moved.astimezone(zone)
            said |= {f"{name}_on": there.date(), f"{name}_at": f"{there:%H:%M}"}
    for number, article in enumerate(articles, start=1):
        said |= _article(number, article)
    return said


def _threshold(measure: str, value: int) -> str:
    return f"{value // 100},{value % 100:02}" if measure == "money" else str(value)


def _article(number: int, article: Article) -> dict[str, Any]:
    said = {
        "title": article.lot.title,
        "unit": article.unit,
        "size": article.size,
        "rate": str(article.vat_rate.normalize()) if article.vat_rate else "0",
        "tiers_by": article.measure,
        "ours": article.ours or None,
        "carriage": article.carriage or None,
        "capacity": article.lot.capacity,
    }
    tiers: dict[str, Any] = {}
    for row, tier in enumerate(article.good().tiers, start=1):
        tiers |= {f"from_{number}_{row}": tier.at_least, f"price_{number}_{row}": tier.price}
    return {**{f"{name}_{number}": value for name, value in said.items()}, **tiers}
