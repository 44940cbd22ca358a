"""Moments and rhythms as somebody says them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.templatetags.entremise import hours, short_date, spoken_date

_WEEKDAYS: Final[Mapping[str, str | Promise]] = {
    "MO": _("lundi"),
    "TU": _("mardi"),
    "WE": _("mercredi"),
    "TH": _("jeudi"),
    "FR": _("vendredi"),
    "SA": _("samedi"),
    "SU": _("dimanche"),
}

_RANKS: Final[Mapping[str, str | Promise]] = {
    "1": _("premier"),
    "2": _("deuxième"),
    "3": _("troisième"),
    "4": _("quatrième"),
    "5": _("cinquième"),
    "-1": _("dernier"),
}


def aloud(moment: datetime, now: datetime) -> str:
    """« demain mardi 24 novembre à 9 heures 30 », both moments local."""
    day, hour = spoken_date(moment.date()), hours(moment.hour * 60 + moment.minute, "long")
    if moment.date() == now.date():
        return str(_("aujourd’hui %(day)s à %(hour)s") % {"day": day, "hour": hour})
    if moment.date() == now.date() + timedelta(days=1):
        return str(_("demain %(day)s à %(hour)s") % {"day": day, "hour": hour})
    return str(_("%(day)s à %(hour)s") % {"day": day, "hour": hour})


def rhythm(rule: str) -> str:
    """« chaque mardi », « toutes les 2 semaines, le lundi et jeudi » from an RFC 5545 rule; empty for one visit."""
    if not rule:
        return ""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    every, days = int(parts.get("INTERVAL", "1")), parts.get("BYDAY", "")
    if parts["FREQ"] == "MONTHLY" and days:
        said = str(_("le %(rank)s %(day)s du mois")) % {"rank": _RANKS[days[:-2]], "day": _WEEKDAYS[days[-2:]]}
    elif parts["FREQ"] == "MONTHLY":
        said = str(_("tous les %(count)s mois") % {"count": every} if every > 1 else _("chaque mois"))
    elif parts["FREQ"] == "DAILY":
        said = str(_("tous les jours"))
    else:
        names = str(_(" et ")).join(str(_WEEKDAYS[code]) for code in days.split(",") if code)
        weeks = _("toutes les %(count)s semaines") % {"count": every} if every > 1 else _("chaque semaine")
        said = str(_("chaque %(day)s")) % {"day": names} if names and every == 1 else f"{weeks}, {names}".rstrip(", ")
    if "UNTIL" in parts:
        said = str(_("%(rhythm)s, jusqu’au %(day)s")) % {
            "rhythm": said,
            "day": short_date(datetime.strptime(parts["UNTIL"], "%Y%m%d").date()),
        }
    return said
