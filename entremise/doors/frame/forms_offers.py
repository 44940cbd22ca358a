"""What somebody who works says of an offer and of their free times, themselves or through the desk."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.days import WEEKDAYS
from entremise.doors.frame.fields import EurosField, set_choices
from entremise.doors.frame.templatetags.entremise import clock
from entremise.jobs.models import Activity, Offer, Worker
from entremise.jobs.operations.offers import Terms
from entremise.jobs.rules.offers import HALF_DAYS, REACHES
from entremise.kernel.time import Window

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

REACH_WORDS: dict[int, Promise] = {
    2: _("Tout près, à pied (2 km)"),
    5: _("À vélo ou en bus (5 km)"),
    10: _("Un peu plus loin (10 km)"),
    20: _("Loin, en voiture (20 km)"),
}
_A_DAY = _("Écrivez la date ainsi : 24/11/2026.")


def day_field(label: "Label", *, required: bool, help_text: "Label" = "") -> forms.DateField:
    """A day as a browser sends it or as a hand writes it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"],
        error_messages={"required": _A_DAY, "invalid": _A_DAY},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class OfferForm(forms.Form):
    """A price of one's own only by quote: else an hour costs the organisation's tariff. By quote nobody is bound before
    they have read one, so that nothing is booked at once.
    """

    activity = forms.ChoiceField(
        label=_("Que savez-vous faire ?"),
        error_messages={"required": _("Choisissez un travail."), "invalid_choice": _("Choisissez dans la liste.")},
        widget=forms.RadioSelect,
    )
    reach_km = forms.TypedChoiceField(
        coerce=int,
        label=_("Jusqu’où allez-vous ?"),
        choices=[(one, REACH_WORDS[one]) for one in REACHES],
        error_messages={"required": _("Choisissez jusqu’où."), "invalid_choice": _("Choisissez jusqu’où.")},
        widget=forms.RadioSelect,
        initial=5,
    )
    hourly_price = EurosField(
        label=_("Votre prix de l’heure, taxes comprises"),
        help_text=_("Exemple : 32,00. Vide : vous donnez votre prix à chaque demande."),
        required=False,
    )
    bookable = forms.BooleanField(
        label=_("On peut réserver mes heures libres tout de suite"),
        help_text=_("Sinon on vous demande d’abord, et vous répondez OUI ou NON."),
        required=False,
    )
    named = forms.BooleanField(
        label=_("D’accord pour montrer mon prénom et l’initiale de mon nom"),
        help_text=_("Sinon l’annonce dit : une personne de l’équipe."),
        required=False,
    )
    details = forms.CharField(
        label=_("Un mot de plus"), help_text=_("Exemple : j’ai ma tondeuse."), required=False, max_length=300
    )
    until = day_field(_("Dernier jour de l’annonce"), required=False, help_text=_("Vide : sans fin."))

    def __init__(
        self, data: Any = None, *, by_quote: bool, activities: Sequence[Activity] = (), initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        del self.fields["bookable" if by_quote else "hourly_price"]
        if by_quote:
            self.fields["named"].help_text = _("Sinon l’annonce dit : une personne à son compte.")
        if activities:
            set_choices(self, "activity", [(one.code, one.called) for one in activities])
        else:
            del self.fields["activity"]

    @staticmethod
    def of(offer: Offer, *, named: bool, zone: ZoneInfo) -> dict[str, object]:
        ends_at = offer.listing.ends_at
        return {
            "reach_km": offer.reach_km,
            "hourly_price": offer.hourly_price,
            "bookable": offer.bookable,
            "named": named,
            "details": offer.listing.details,
            "until": (ends_at.astimezone(zone) - timedelta(days=1)).date() if ends_at else None,
        }

    def terms(self, zone: ZoneInfo) -> Terms:
        given = self.cleaned_data
        return Terms(
            reach_km=given["reach_km"],
            bookable=given.get("bookable", False),
            hourly_price=given.get("hourly_price"),
            details=given["details"],
            until=_midnight_after(given["until"], zone) if given["until"] else None,
            named=given["named"],
        )


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)


class FreeTimesForm(forms.Form):
    """Half days to tick; hours that were written otherwise stay, as a box of their own."""

    prefix = "free"

    def __init__(self, data: Any = None, *, worker: Worker | None = None) -> None:
        known: dict[int, list[tuple[str, str]]] = {}
        for day, opens, closes in worker.free_times if worker else ():
            known.setdefault(day, []).append((opens, closes))
        super().__init__(data, initial={str(day): [f"{a}-{b}" for a, b in times] for day, times in known.items()})
        for day, name in enumerate(WEEKDAYS):
            times = sorted({*HALF_DAYS, *known.get(day, ())})
            self.fields[str(day)] = forms.MultipleChoiceField(
                label=name,
                required=False,
                choices=[(f"{opens}-{closes}", f"{_said(opens)} – {_said(closes)}") for opens, closes in times],
                error_messages={"invalid_choice": _("Cochez dans la liste.")},
                widget=forms.CheckboxSelectMultiple,
            )

    def weekly(self) -> list[tuple[int, str, str]]:
        return [(day, *one.split("-")) for day in range(len(WEEKDAYS)) for one in self.cleaned_data[str(day)]]


def _said(typed: str) -> str:
    hour, minute = typed.split(":")
    return clock(time(int(hour) % 24, int(minute)))


class FreeMomentForm(forms.Form):
    """One day, from an hour to another."""

    prefix = "moment"
    day = day_field(_("Quel jour ?"), required=True)
    opens = forms.ChoiceField(label=_("À partir de"), initial="08:00")
    closes = forms.ChoiceField(label=_("Jusqu’à"), initial="12:00")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in ("opens", "closes"):
            set_choices(self, name, half_hours())

    def clean_closes(self) -> str:
        closes: str = self.cleaned_data["closes"]
        if closes <= self.cleaned_data.get("opens", ""):
            raise ValidationError(_("Choisissez une fin plus tardive que le début. Exemple : de 9 h à 12 h."))
        return closes

    def window(self, zone: ZoneInfo) -> Window:
        given = self.cleaned_data
        opens, closes = time.fromisoformat(given["opens"]), time.fromisoformat(given["closes"])
        return Window(datetime.combine(given["day"], opens, zone), datetime.combine(given["day"], closes, zone))


def half_hours() -> list[tuple[str, str]]:
    """Hours of the day that work is asked for, to choose one."""
    times = [time(hour, minute) for hour in range(6, 22) for minute in (0, 30)]
    return [(f"{one:%H:%M}", clock(one)) for one in times]
