"""What is typed about the organisation's own choices."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar, TypedDict

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siret

from entremise.doors.desk import words
from entremise.doors.desk.fields import DayField, EurosField, HoursField
from entremise.doors.frame.fields import PlaceField, set_choices
from entremise.doors.frame.words import sentence
from entremise.jobs.models import Activity
from entremise.jobs.queries.setup import FigureRow
from entremise.kernel.refused import Refused
from entremise.payments.adapters.iban import check_creditor_id, check_iban
from entremise.tenancy.models import LegalIdentity


class TariffTyped(TypedDict):
    activity: Activity | None
    client_kind: str
    hourly_price: int
    hourly_wage: int
    minimum_minutes: int
    travel_fee: int
    valid_from: date


class TariffForm(forms.Form):
    activity = forms.ChoiceField(label=_("Pour quel travail"), required=False)
    client_kind = forms.ChoiceField(
        label=_("Pour quel client"), required=False, choices=[("", _("Tous")), *words.PERSON_KINDS.items()]
    )
    hourly_price = EurosField(label=_("Prix d’une heure pour le client"))
    hourly_wage = EurosField(label=_("Salaire brut d’une heure"), help_text=_("Avant les congés payés (10 %)"))
    minimum = HoursField(label=_("Durée facturée au moins"), required=False)
    travel_fee = EurosField(label=_("Déplacement, par venue"), required=False)
    valid_from = DayField(label=_("À partir du"), required=True)

    def __init__(
        self,
        activities: Iterable[Activity],
        data: QueryDict | None = None,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.known = {one.code: one for one in activities}
        names = [(code, one.called) for code, one in self.known.items()]
        set_choices(self, "activity", [("", _("Tous")), *names])

    def tariff(self) -> TariffTyped:
        given = self.cleaned_data
        return {
            "activity": self.known.get(given["activity"]),
            "client_kind": given["client_kind"],
            "hourly_price": given["hourly_price"],
            "hourly_wage": given["hourly_wage"],
            "minimum_minutes": given["minimum"] or 0,
            "travel_fee": given["travel_fee"] or 0,
            "valid_from": given["valid_from"],
        }


class OverrideTyped(TypedDict):
    key: str
    value: Decimal
    unit: str
    valid_from: date
    source: str


class FigureForm(forms.Form):
    key = forms.ChoiceField(label=_("Quel choix"))
    value = forms.CharField(label=_("Valeur"), max_length=20)
    valid_from = DayField(label=_("À partir du"), required=True)
    source = forms.CharField(
        label=_("Qui l’a décidé"), max_length=300, help_text=_("Exemple : conseil d’administration du 12 mars")
    )

    def __init__(
        self, rows: Iterable[FigureRow], data: QueryDict | None = None, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.units = {row.figure.key: row.figure.unit for row in rows}
        set_choices(self, "key", [(row.figure.key, gettext(row.figure.note)) for row in rows])

    def clean_value(self) -> Decimal:
        try:
            return Decimal(self.cleaned_data["value"].replace(",", ".").replace(" ", ""))
        except InvalidOperation as error:
            raise forms.ValidationError(_("Écrivez un nombre. Exemple : 7 ou 0,55.")) from error

    def override(self) -> OverrideTyped:
        given = self.cleaned_data
        return {
            "key": given["key"],
            "value": given["value"],
            "unit": self.units[given["key"]],
            "valid_from": given["valid_from"],
            "source": given["source"],
        }


class ActivityTyped(TypedDict):
    code: str
    name: str
    name_en: str
    pictogram: str
    words: list[str]
    words_en: list[str]
    personal_service: bool
    dangerous: bool
    first_in_twos: bool
    equipment: str
    offered: bool


PICTOGRAMS = (
    "menage jardin bricolage courses demenagement repassage enfants informatique vitres peinture cuisine compagnie"
)


class ActivityForm(forms.Form):
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Court, sans espace. Le même code change l’activité.")
    )
    name = forms.CharField(label=_("Nom"), max_length=60)
    words = forms.CharField(
        label=_("Mots que les gens emploient"),
        required=False,
        max_length=500,
        help_text=_("Séparés par des virgules : haie, taille, thuya"),
    )
    name_en = forms.CharField(label=_("Nom en anglais"), required=False, max_length=60)
    words_en = forms.CharField(label=_("Mots en anglais"), required=False, max_length=500)
    pictogram = forms.ChoiceField(label=_("Dessin"), choices=[(one, one) for one in PICTOGRAMS.split()])
    equipment = forms.CharField(label=_("Protection, et qui l’apporte"), required=False, max_length=120)
    personal_service = forms.BooleanField(label=_("Service à la personne (crédit d’impôt)"), required=False)
    dangerous = forms.BooleanField(label=_("Travail dangereux (D4154-1) : jamais proposé"), required=False)
    first_in_twos = forms.BooleanField(label=_("La première fois, à deux"), required=False)
    offered = forms.BooleanField(label=_("Proposée en ce moment"), required=False, initial=True)

    @classmethod
    def of(cls, activity: Activity | None) -> "ActivityForm":
        if activity is None:
            return cls(initial={"personal_service": True})
        names = ("code", "name", "name_en", "pictogram", "equipment", "personal_service", "dangerous", "first_in_twos")
        words = {"words": ", ".join(activity.words), "words_en": ", ".join(activity.words_en)}
        return cls(initial={name: getattr(activity, name) for name in (*names, "offered")} | words)

    def described(self) -> ActivityTyped:
        given = self.cleaned_data
        return {
            "code": given["code"],
            "name": given["name"],
            "name_en": given["name_en"],
            "pictogram": given["pictogram"],
            "words": _listed(given["words"]),
            "words_en": _listed(given["words_en"]),
            "personal_service": given["personal_service"],
            "dangerous": given["dangerous"],
            "first_in_twos": given["first_in_twos"],
            "equipment": given["equipment"],
            "offered": given["offered"],
        }


def _listed(typed: str) -> list[str]:
    return [word.strip() for word in typed.split(",") if word.strip()]


class TerritoryForm(forms.Form):
    place = PlaceField(label=_("Commune de la convention"), required=True)


class RenewForm(forms.Form):
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=128,
        help_text=_("Au moins 12 signes : quatre mots sans lien. À changer à la première entrée."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AccountForm(RenewForm):
    login = forms.CharField(label=_("Identifiant"), max_length=60)
    field_order = ("login", "password")


class IdentityForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic for the stubs only.
    """Read by its columns; an operation writes."""

    field_order = ("legal_name", "siret", "street", "postcode", "town", "email", "iban", "bic", "creditor_id")

    siret = forms.CharField(label=_("SIRET"), required=False, max_length=20)  # As typed, in groups.
    iban = forms.CharField(label=_("IBAN où les clients paient"), required=False, max_length=50)
    creditor_id = forms.CharField(
        label=_("Identifiant créancier SEPA (ICS)"),
        required=False,
        max_length=50,
        help_text=_("Pour prélever les clients qui le veulent : la banque le donne, une fois."),
    )
    agreement_from = DayField(label=_("Convention : premier jour"))
    agreement_to = DayField(label=_("Convention : dernier jour"))
    sap_date = DayField(label=_("Déclaré aux services à la personne le"))

    class Meta:
        model = LegalIdentity
        labels: ClassVar = {
            "legal_name": _("Nom légal"),
            "street": _("Rue"),
            "postcode": _("Code postal"),
            "town": _("Commune"),
            "email": _("Courriel"),
            "bic": _("BIC"),
            "agreement_number": _("Numéro de la convention avec l’État"),
            "sap_number": _("Numéro de déclaration aux services à la personne"),
            "collective_agreement": _("Convention collective"),
            "insurer": _("Assureur"),
            "signatory": _("Qui signe pour l’association"),
        }
        fields = (*labels, "siret", "iban", "creditor_id", "agreement_from", "agreement_to", "sap_date")

    def clean_siret(self) -> str:
        typed = str(self.cleaned_data["siret"])
        if typed and not siret.is_valid(typed):
            raise forms.ValidationError(_("Ce SIRET n’est pas complet : 14 chiffres, dont une clé."))
        return str(siret.compact(typed))

    def clean_iban(self) -> str:
        typed = str(self.cleaned_data["iban"])
        try:
            return check_iban(typed) if typed else ""
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused

    def clean_creditor_id(self) -> str:
        typed = str(self.cleaned_data["creditor_id"])
        try:
            return check_creditor_id(typed) if typed else ""
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused

    def clean(self) -> dict[str, object]:
        given = self.cleaned_data
        first, last = given.get("agreement_from"), given.get("agreement_to")
        if first and last and last < first:
            self.add_error("agreement_to", sentence(Refused("dates_reversed", {"first": first, "last": last})))
        return given
