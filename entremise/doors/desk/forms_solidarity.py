"""What is typed about funds, helps, rules and the committee."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.fields import DayField, EurosField, WhoForm
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.words_solidarity import ORIGINS, PURPOSES, SEATS
from entremise.kernel.ids import new_id
from entremise.solidarity.models import Fund

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
_NUMBER = {"required": _("Écrivez le numéro. Exemple : FA-2026-0042.")}
_WORDS = {"required": _("Écrivez quelques mots.")}


def _words(label: Any, *, most: int = 600, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=area, help_text=help_text, error_messages=_WORDS)


def _choice(label: Any, choices: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices.items()), error_messages=_CHOOSE)


def _purposes(label: Any, *, required: bool, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=list(PURPOSES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=required,
        help_text=help_text,
        error_messages={**_CHOOSE, "required": _("Cochez au moins un besoin.")},
    )


def _places(*, least: int = 1) -> forms.IntegerField:
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Écrivez un nombre. Exemple : 12."))
    return forms.IntegerField(label=_("Places"), min_value=least, max_value=9999, error_messages=wrong)


class OnceForm(forms.Form):
    """once: the same form sent twice does it once. anchor: tells several forms of a page apart."""

    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, anchor: str = "id", initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial={"once": str(new_id()), **(initial or {})}, auto_id=f"{anchor}_%s")


def of_funds(form: forms.Form, funds: Iterable[Fund]) -> None:
    """What the field of a fund offers."""
    set_choices(form, "fund", [(str(one.id), one.name) for one in funds])


class FundForm(forms.Form):
    name = forms.CharField(label=_("Nom"), max_length=60, error_messages={"required": _("Donnez un nom au fonds.")})
    purpose = _words(_("À quoi il sert, comme tout le monde le lira"), most=400)
    origin = _choice(_("D’où vient l’argent"), ORIGINS)
    purposes = _purposes(
        _("Réservé à"), required=False, help_text=_("Rien de coché : tout ce que les règles permettent.")
    )
    usable_until = DayField(label=_("Utilisable jusqu’au"), help_text=_("Exemple : 31/12/2027"))


class GiftForm(OnceForm, WhoForm):
    fund = forms.ChoiceField(label=_("Pour quel fonds"), error_messages=_CHOOSE)
    kind = _choice(
        _("Ce que c’est"),
        {"topup": _("Un don"), "suspended": _("Une heure offerte"), "grant": _("Une subvention")},
    )
    who = forms.CharField(label=_("De qui"), max_length=120, required=False)
    words = forms.CharField(
        label=_("L’heure offerte, ou la référence de la subvention"),
        max_length=80,
        required=False,
        help_text=_("Exemple : 1 heure de ménage, ou Convention 2026-12"),
    )
    how = forms.ChoiceField(
        label=_("Comment"), choices=[("cash", _("En espèces")), ("cheque", _("Par chèque"))], error_messages=_CHOOSE
    )
    amount = EurosField(label=_("Montant"), required=False, help_text=_("D’un virement, c’est la banque qui le dit."))
    on = DayField(label=_("Reçu le"), help_text=_("Vide : aujourd’hui."))

    def lines(self, choices: list[tuple[str, str]]) -> None:
        """Transfers of the bank's statement that nobody has explained yet."""
        set_choices(self, "how", [("cash", _("En espèces")), ("cheque", _("Par chèque")), *choices])


class ShareForm(forms.Form):
    fund = forms.ChoiceField(label=_("Pour quel fonds"), error_messages=_CHOOSE)
    month = forms.RegexField(
        r"^2\d{3}-(0[1-9]|1[0-2])$",
        label=_("Mois"),
        help_text=_("Exemple : 2026-11"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Écrivez le mois ainsi : 2026-11.")),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="part_%s")


class SurplusForm(OnceForm):
    fund = forms.ChoiceField(label=_("Pour quel fonds"), error_messages=_CHOOSE)
    number = forms.CharField(
        label=_("N° de facture"),
        max_length=40,
        error_messages=_NUMBER,
    )
    amount = EurosField(label=_("Montant laissé"))


class HelpForm(WhoForm):
    """fund and amount: only for what is granted at once."""

    purpose = _choice(_("Pour quoi"), PURPOSES)
    need = _words(_("Ce qu’elle dit"), help_text=_("Lu par l’accueil et le comité, par personne d’autre."))
    fund = forms.ChoiceField(label=_("Fonds"), required=False, error_messages=_CHOOSE)
    amount = EurosField(label=_("Montant"), required=False)


class BandForm(forms.Form):
    fund = forms.ChoiceField(label=_("Sur quel fonds"), error_messages=_CHOOSE)
    first = DayField(label=_("Du"), required=True, help_text=_("Exemple : 01/01/2027"))
    last = DayField(label=_("Au"), required=True, help_text=_("Exemple : 31/03/2027"))
    percent = forms.IntegerField(
        label=_("Pour cent de moins"),
        min_value=1,
        max_value=100,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Écrivez un nombre de 1 à 100.")),
    )
    hourly = EurosField(label=_("Ou : euros de moins par heure"), required=False)
    places = _places()
    reserve = EurosField(
        label=_("Gardé pour chaque place"), help_text=_("Ce que le fonds promet à une personne pour la saison.")
    )

    def asked(self) -> dict[str, Any]:
        """As the operation takes it: nothing typed is nothing."""
        return self.cleaned_data | {name: self.cleaned_data[name] or 0 for name in ("percent", "hourly")}


class PlacesForm(forms.Form):
    """anchor: tells several forms of a page apart."""

    places = _places(least=0)

    def __init__(self, data: Any = None, *, anchor: str, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id=f"{anchor}_%s")


class PriceForm(WhoForm):
    """Who asked for which price."""

    band = forms.ChoiceField(label=_("Quel prix"), error_messages=_CHOOSE)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="place_%s")


class ContributionForm(WhoForm):
    """Nothing an hour stops it."""

    fund = forms.ChoiceField(label=_("Pour quel fonds"), error_messages=_CHOOSE)
    hourly = EurosField(label=_("Ajouté par heure"), help_text=_("0 arrête."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="plus_%s")


class ItemForm(OnceForm):
    item = forms.ChoiceField(label=_("Quelle heure"), error_messages=_CHOOSE)
    number = forms.CharField(label=_("N° de facture"), max_length=40, error_messages=_NUMBER)

    def offers(self, names: Iterable[str]) -> None:
        set_choices(self, "item", [(name, name) for name in names])


class GrantForm(forms.Form):
    fund = forms.ChoiceField(label=_("Sur quel fonds"), error_messages=_CHOOSE)
    amount = EurosField(label=_("Montant accordé"))


class ReasonForm(forms.Form):
    words = _words(_("Pourquoi"))

    def __init__(self, data: Any = None, *, anchor: str, label: Any) -> None:
        super().__init__(data, auto_id=f"{anchor}_%s")
        self.fields["words"].label = label


class PayAwardForm(OnceForm):
    """what: the number of an invoice, « cash », or a line of the bank's statement."""

    what = forms.ChoiceField(label=_("Pour payer"), error_messages=_CHOOSE)
    amount = EurosField(label=_("Montant versé"))

    def offers(self, choices: list[tuple[str, str]]) -> None:
        set_choices(self, "what", choices)


class RulesForm(forms.Form):
    text = _words(_("Les règles, en mots"), most=4000)
    purposes = _purposes(_("Ce qui peut être aidé"), required=True)
    most_award = EurosField(label=_("Au plus, par aide"))
    most_year = EurosField(label=_("Au plus, par personne et par an"))
    delegate_up_to = EurosField(label=_("Décidé par une personne déléguée, au plus"), required=False)
    emergency_up_to = EurosField(label=_("Tout de suite à l’accueil, au plus"), required=False)
    emergencies = forms.IntegerField(
        label=_("Aides immédiates, par personne et par an"),
        min_value=0,
        max_value=12,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Écrivez un nombre de 0 à 12.")),
    )
    quorum = forms.IntegerField(
        label=_("Personnes qui doivent voter"),
        min_value=1,
        max_value=50,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Écrivez un nombre de 1 à 50.")
        ),
    )
    in_force_from = DayField(label=_("En vigueur à partir du"), required=True, help_text=_("Exemple : 01/01/2027"))

    def asked(self) -> dict[str, Any]:
        """As the operation takes it: nothing typed is nothing."""
        optional = ("delegate_up_to", "emergency_up_to", "emergencies")
        return self.cleaned_data | {name: self.cleaned_data[name] or 0 for name in optional}


class SeatForm(WhoForm):
    kind = _choice(_("Siège pour"), SEATS)
    since = DayField(label=_("Depuis le"), required=True, help_text=_("Exemple : 01/01/2027"))
    delegate = forms.BooleanField(label=_("Peut décider seule d’une petite aide"), required=False)


class StateForm(forms.Form):
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2000, max_value=2999)


def answers_of(post: Mapping[str, str], seats: Iterable[UUID]) -> dict[UUID, str]:
    """What a page of votes sends: a field for each seat; what is empty was not said."""
    typed = {one: post.get(f"seat-{one}", "") for one in seats}
    return {one: answer for one, answer in typed.items() if answer in ("for", "against", "abstain")}
