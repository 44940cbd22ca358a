"""What is typed about people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypedDict

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk import words, words_work
from entremise.doors.desk.fields import DayField, EurosField, HoursField
from entremise.doors.frame.days import WEEKDAYS
from entremise.doors.frame.fields import PhoneField, PlaceField
from entremise.jobs.models import Activity, Skill, Worker
from entremise.jobs.operations.calls import Newcomer
from entremise.jobs.rules.consent import PURPOSE, WORDING
from entremise.kernel.act import STAFF, Role
from entremise.people.models import Person, Supplier
from entremise.people.operations.persons import Changes

TITLES = ("", "Mme", "M.", "M. et Mme", "Dr")
EVERYDAY = (Role.CLIENT, Role.WORKER)


class PersonForm(forms.Form):
    """Who somebody is. An email address is never asked for here: a contact is enough, and none is possible."""

    title = forms.ChoiceField(label=_("Civilité"), required=False, choices=[(one, one or "–") for one in TITLES])
    given_name = forms.CharField(label=_("Prénom"), required=False, max_length=60)
    family_name = forms.CharField(
        label=_("Nom, ou raison sociale"), max_length=80, error_messages={"required": _("Écrivez le nom.")}
    )
    kind = forms.ChoiceField(label=_("Sorte"), choices=list(words.PERSON_KINDS.items()), initial="individual")
    street = forms.CharField(label=_("Rue"), required=False, max_length=120)
    place = PlaceField()
    birth_date = DayField(label=_("Date de naissance"), help_text=_("Exemple : 24/11/1985"))
    remarks = forms.CharField(
        label=_("À savoir"),
        required=False,
        max_length=500,
        help_text=_("Une chose par ligne : Parler fort, Portail vert…"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Lit nos messages en"), required=False, choices=settings.LANGUAGES)
    prefers_call = forms.BooleanField(label=_("Préfère qu’on l’appelle"), required=False)

    @staticmethod
    def of(person: Person) -> dict[str, object]:
        return {
            **{
                name: getattr(person, name)
                for name in ("title", "given_name", "family_name", "kind", "street", "language")
            },
            "place": person.place,
            "birth_date": person.birth_date,
            "remarks": "\n".join(person.remarks),
            "prefers_call": person.prefers_call,
        }

    def clean_remarks(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["remarks"].splitlines() if line.strip()]

    def changes(self) -> Changes:
        given = self.cleaned_data
        return Changes(
            title=given["title"],
            given_name=given["given_name"],
            family_name=given["family_name"],
            kind=given["kind"],
            birth_date=given["birth_date"],
            street=given["street"],
            place=given["place"],
            remarks=given["remarks"],
            language=given["language"] or settings.LANGUAGE_CODE,
            prefers_call=given["prefers_call"],
        )


class NewPersonForm(PersonForm):
    phone = PhoneField()
    email = forms.CharField(label=_("Courriel"), required=False, max_length=120)
    role = forms.ChoiceField(
        label=_("Cette personne"),
        choices=[("client", _("demande des services")), ("worker", _("cherche des heures de travail"))],
        widget=forms.RadioSelect,
        initial="client",
    )
    agrees = forms.BooleanField(
        label=_("Elle est d’accord pour être inscrite dans le fichier"),
        error_messages={"required": _("Lisez-lui la phrase, et cochez quand elle a dit oui.")},
    )

    def newcomer(self) -> Newcomer:
        given = self.cleaned_data
        return Newcomer(
            title=given["title"],
            given_name=given["given_name"],
            family_name=given["family_name"],
            kind=given["kind"],
            phone=given["phone"],
            email=given["email"],
            street=given["street"],
            place=given["place"],
            birth_date=given["birth_date"],
            remarks=tuple(given["remarks"]),
            language=given["language"] or settings.LANGUAGE_CODE,
            prefers_call=given["prefers_call"],
            role=Role(given["role"]),
        )


class ContactForm(forms.Form):
    value = forms.CharField(
        label=_("Téléphone ou courriel"), max_length=120, error_messages={"required": _("Écrivez le numéro.")}
    )
    label = forms.CharField(label=_("De qui, où"), required=False, max_length=40)


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=[(one.value, words.ROLES[one.value]) for one in (*EVERYDAY, *sorted(STAFF))],
    )


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Papier montré"), choices=list(words.PAPERS.items()))
    number = forms.CharField(label=_("Numéro, ou taux"), required=False, max_length=40)
    valid_from = DayField(label=_("Valable du"))
    valid_to = DayField(label=_("Jusqu’au"))
    suspended_from = DayField(label=_("Suspendu du"))
    suspended_to = DayField(label=_("Suspendu jusqu’au"))


class BankForm(forms.Form):
    iban = forms.CharField(label=_("IBAN"), max_length=50, error_messages={"required": _("Écrivez l’IBAN.")})
    holder = forms.CharField(label=_("Titulaire"), required=False, max_length=80)


class Consented(TypedDict):
    purpose: str
    given: bool
    wording: str


class ConsentForm(forms.Form):
    given = forms.ChoiceField(choices=[("yes", _("D’accord")), ("no", _("Plus d’accord"))])

    def consent(self) -> Consented:
        return {"purpose": PURPOSE, "given": self.cleaned_data["given"] == "yes", "wording": WORDING}


class Business(TypedDict):
    siret: str
    trade_name: str
    trade: str
    vat: str
    vat_number: str
    mandate_on: date | None
    prices: Mapping[str, int | None]


class SupplierForm(forms.Form):
    """The business of somebody who works on their own account, and what they ask an hour for each activity."""

    siret = forms.CharField(
        label=_("SIRET"),
        max_length=20,
        help_text=_("Exemple : 732 829 320 00074"),
        error_messages={"required": _("Écrivez les 14 chiffres du SIRET.")},
    )
    trade_name = forms.CharField(label=_("Nom commercial"), required=False, max_length=80)
    trade = forms.ChoiceField(label=_("Métier"), choices=list(words_work.TRADES.items()))
    vat = forms.ChoiceField(label=_("TVA"), choices=list(words_work.VAT.items()))
    vat_number = forms.CharField(
        label=_("Numéro de TVA"), required=False, max_length=20, help_text=_("Seulement avec TVA.")
    )
    mandate_on = DayField(
        label=_("Mandat de facturation signé le"),
        help_text=_("Elle nous charge par écrit de faire ses factures en son nom."),
    )

    def __init__(
        self,
        activities: Iterable[Activity],
        data: QueryDict | None = None,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for activity in activities:
            self.fields[f"price_{activity.code}"] = EurosField(label=activity.called, required=False)

    @staticmethod
    def of(supplier: Supplier | None, skills: Iterable[Skill]) -> dict[str, object]:
        prices = {f"price_{skill.activity.code}": skill.hourly_price for skill in skills}
        if supplier is None:
            return {"trade": "craft", "vat": "franchise", **prices}
        columns = ("siret", "trade_name", "trade", "vat", "vat_number", "mandate_on")
        return {**{name: getattr(supplier, name) for name in columns}, **prices}

    @property
    def prices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("price_")]

    def business(self, known: Iterable[str]) -> Business:
        """known: the activities they do already; one without a price is done by quote alone."""
        given, held = self.cleaned_data, set(known)
        asked = {name.removeprefix("price_"): cents for name, cents in given.items() if name.startswith("price_")}
        return {
            "siret": given["siret"],
            "trade_name": given["trade_name"],
            "trade": given["trade"],
            "vat": given["vat"],
            "vat_number": given["vat_number"],
            "mandate_on": given["mandate_on"],
            "prices": {code: cents for code, cents in asked.items() if cents is not None or code in held},
        }


class Described(TypedDict):
    hours_wanted: int
    travel_mode: str
    free_times: Sequence[tuple[int, str, str]]
    skills: Mapping[str, str]
    note: str


_WRITE_TIMES = _("Écrivez ainsi : 8h-12h, ou 8:30-17:00.")


class WorkerForm(forms.Form):
    """Hours wanted, how they get there, when they are free, what they can do."""

    hours_wanted = HoursField(label=_("Heures voulues par semaine"), required=False)
    travel_mode = forms.ChoiceField(label=_("Se déplace"), choices=list(words_work.TRAVEL_MODES.items()))
    note = forms.CharField(label=_("À savoir"), required=False, max_length=300)

    def __init__(
        self,
        activities: Iterable[Activity],
        data: QueryDict | None = None,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"free_{number}"] = forms.RegexField(
                r"^\s*\d{1,2}[h:]?\d{0,2}\s*[-à]\s*\d{1,2}[h:]?\d{0,2}\s*$",
                label=name,
                required=False,
                max_length=20,
                error_messages={"invalid": _WRITE_TIMES},
            )
        how = [("", "–"), ("said", _("le dit")), ("trained", _("formation suivie")), ("seen", _("vu au travail"))]
        for activity in activities:
            self.fields[f"skill_{activity.code}"] = forms.ChoiceField(
                label=activity.called, required=False, choices=how
            )

    def clean(self) -> None:
        for name, typed in list(self.cleaned_data.items()):
            if name.startswith("free_") and typed and not _in_order(*_hours(typed)):
                self.add_error(name, _WRITE_TIMES)

    @staticmethod
    def of(worker: Worker | None, skills: Iterable[Skill]) -> dict[str, object]:
        if worker is None:
            return {"travel_mode": "walk"}
        free = {f"free_{day}": f"{opens}-{closes}" for day, opens, closes in worker.free_times}
        known = {f"skill_{skill.activity.code}": skill.how for skill in skills}
        base = {"hours_wanted": worker.hours_wanted or None, "travel_mode": worker.travel_mode, "note": worker.note}
        return {**base, **free, **known}

    @property
    def times(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("free_")]

    @property
    def abilities(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("skill_")]

    def described(self) -> Described:
        given = self.cleaned_data
        return {
            "hours_wanted": given["hours_wanted"] or 0,
            "travel_mode": given["travel_mode"],
            "free_times": [
                (day, *_hours(given[f"free_{day}"])) for day in range(len(WEEKDAYS)) if given.get(f"free_{day}")
            ],
            "skills": {name.removeprefix("skill_"): how for name, how in given.items() if how and "skill_" in name},
            "note": given["note"],
        }


def _hours(typed: str) -> tuple[str, str]:
    opens, closes = (part.strip() for part in typed.replace("à", "-").split("-"))
    return _clock(opens), _clock(closes)


def _in_order(opens: str, closes: str) -> bool:
    return opens < closes <= "24:00"


def _clock(typed: str) -> str:
    hour, _colon, minute = typed.replace("h", ":").partition(":")
    return f"{int(hour):02}:{int(minute or 0):02}"
