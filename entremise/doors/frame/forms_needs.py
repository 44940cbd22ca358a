"""What is typed about needs: what somebody needs, what a supplier answers, which answers suit."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Ballot, Tender
from entremise.buying.operations import Offered
from entremise.buying.operations.needing import Words
from entremise.buying.rules.tiers import Tier
from entremise.doors.frame.fields import DayField, EurosField, RateField, set_choices

STEPS = (1, 2, 3)  # Prices that an answer may name.
TERMS = ("size", "minimum", "lead_days", "valid_until")
BESIDE = ("distance", "origin", "label", "employment", "quality", "note")
_NUMBER = dict.fromkeys(("invalid", "min_value", "max_value"), _("Écrivez un nombre entier. Exemple : 20."))


class CountField(forms.IntegerField):
    """A whole number that people count things with."""

    def __init__(self, *, label: Any, required: bool = False, least: int = 1, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            required=required,
            min_value=least,
            max_value=1_000_000,
            help_text=help_text,
            error_messages={**_NUMBER, "required": _NUMBER["invalid"]},
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )


class NeedForm(forms.Form):
    what = forms.CharField(
        label=_("De quoi s’agit-il ?"),
        max_length=80,
        help_text=_("Exemple : granulés de bois"),
        error_messages={"required": _("Écrivez ce qu’il vous faut. Exemple : granulés de bois.")},
    )
    quantity = CountField(label=_("Combien ?"), help_text=_("Exemple : 20"))
    unit = forms.CharField(label=_("De quoi ?"), max_length=30, required=False, help_text=_("Exemple : sacs de 15 kg"))
    pays = EurosField(label=_("Ce que l’unité vous coûte aujourd’hui"), required=False, help_text=_("Exemple : 6,90"))
    before = DayField(label=_("Pour quand au plus tard ?"), help_text=_("Exemple : 24/12/2026"))
    details = forms.CharField(
        label=_("Autre chose à savoir ?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(**{name: given[name] for name in NeedForm.base_fields})


class TenderForm(forms.Form):
    """A supplier's answer: up to three prices, each from a number of boxes on."""

    size = CountField(label=_("Unités par carton"), required=True)
    minimum = CountField(label=_("Commande minimale, en unités"), required=True)
    vat_rate = RateField(label=_("Taux de TVA (%)"), max_length=8, help_text=_("Exemple : 5,5"))
    delivery = EurosField(label=_("Livraison, pour l’ensemble"), required=False, help_text=_("Vide : comprise."))
    lead_days = CountField(label=_("Délai de livraison, en jours"), required=True, least=0)
    valid_until = DayField(label=_("Valable jusqu’au"), required=True, help_text=_("Exemple : 31/01/2027"))
    distance = CountField(label=_("Distance, en km"), least=0)
    origin = forms.CharField(label=_("D’où cela vient"), max_length=120, required=False)
    label = forms.CharField(label=_("Label"), max_length=120, required=False)
    employment = forms.CharField(
        label=_("Qui y travaille"),
        max_length=200,
        required=False,
        help_text=_("Exemple : huit personnes, deux en insertion"),
    )
    quality = forms.CharField(label=_("Qualité"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Autre chose"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="offre_%s")
        for step in STEPS:
            self.fields[f"from_{step}"] = CountField(label=_("À partir de, en cartons"), required=step == 1)
            self.fields[f"price_{step}"] = EurosField(label=_("Prix de l’unité, TVA comprise (€)"), required=step == 1)

    @classmethod
    def of(cls, tender: Tender | None) -> Self:
        """With what they answered before."""
        if tender is None:
            return cls(initial={"size": 1, "minimum": 1, "from_1": 1, "lead_days": 7})
        said: dict[str, object] = {name: getattr(tender, name) for name in ("delivery", *TERMS, *BESIDE)}
        said["vat_rate"] = f"{tender.vat_rate * 100:f}".rstrip("0").rstrip(".").replace(".", ",")
        for step, (at_least, price) in enumerate(tender.tiers[: len(STEPS)], start=1):
            said |= {f"from_{step}": at_least, f"price_{step}": price}
        return cls(initial=said)

    def steps(self) -> list[list[forms.BoundField]]:
        return [[self[f"from_{step}"], self[f"price_{step}"]] for step in STEPS]

    def terms(self) -> list[forms.BoundField]:
        return [self[name] for name in ("size", "minimum", "vat_rate", "delivery", "lead_days", "valid_until")]

    def beside(self) -> list[forms.BoundField]:
        return [self[name] for name in BESIDE]

    def clean(self) -> None:
        super().clean()
        for step in STEPS[1:]:
            at_least, price = (self.cleaned_data.get(f"{name}_{step}") for name in ("from", "price"))
            if at_least is None and price is not None:
                self.add_error(f"from_{step}", _("À partir de combien de cartons ? Exemple : 20."))
            if price is None and at_least is not None:
                self.add_error(f"price_{step}", _("Écrivez le prix à partir de ce nombre. Exemple : 5,60."))

    def offered(self) -> Offered:
        given = self.cleaned_data
        pairs = [(given.get(f"from_{step}"), given.get(f"price_{step}")) for step in STEPS]
        return Offered(
            tiers=[Tier(at_least, price) for at_least, price in pairs if at_least is not None and price is not None],
            delivery=given["delivery"] or 0,
            **{name: given[name] for name in ("vat_rate", *TERMS, *BESIDE)},
        )


class BallotForm(forms.Form):
    """Which answers suit; with a ranking, in which order. Nothing chosen says that none does."""

    def __init__(
        self, data: Any = None, *, method: str, tenders: Sequence[Tender], ballot: Ballot | None = None
    ) -> None:
        super().__init__(data, auto_id="vote_%s")
        self.method, said = method, ballot.choices if ballot else []
        if method == "approval":
            self.fields["choices"] = forms.MultipleChoiceField(
                label=_("Quelles offres vous conviennent ?"),
                required=False,
                initial=said,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Cette offre n’est plus valable. Rechargez la page.")},
            )
            set_choices(self, "choices", [(str(one.id), one.supplier.full_name) for one in tenders])
            return
        places = [("", _("sans avis")), *((str(place), str(place)) for place in range(1, len(tenders) + 1))]
        for one in tenders:
            self.fields[f"place_{one.id.hex}"] = forms.ChoiceField(
                label=one.supplier.full_name,
                required=False,
                choices=places,
                initial=str(said.index(str(one.id)) + 1) if str(one.id) in said else "",
                error_messages={"invalid_choice": _("Choisissez une place dans la liste.")},
            )

    def clean(self) -> None:
        super().clean()
        if self.method != "approval":
            given = [value for value in self.cleaned_data.values() if value]
            if len(set(given)) < len(given):
                level = next(name for name, value in self.cleaned_data.items() if value and given.count(value) > 1)
                self.add_error(level, _("Deux offres ont la même place. Donnez à chacune la sienne."))

    def chosen(self) -> list[UUID]:
        if self.method == "approval":
            return [UUID(one) for one in self.cleaned_data["choices"]]
        placed = [(int(place), UUID(name.partition("_")[2])) for name, place in self.cleaned_data.items() if place]
        return [one for _place, one in sorted(placed)]
