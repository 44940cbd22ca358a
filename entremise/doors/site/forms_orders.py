"""What somebody wants of a group purchase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Article
from entremise.buying.operations import Wants
from entremise.buying.queries import Line
from entremise.campaigns.models import Pledge
from entremise.campaigns.rules import Wish
from entremise.doors.frame.fields import EurosField, set_choices
from entremise.doors.frame.templatetags.entremise import Part, money
from entremise.doors.frame.words_buying import counted
from entremise.kernel.refused import Refused

MOST = 9999  # Units that somebody may ask for on the web: more is a matter for a call.
_COUNT = _("Écrivez un nombre entier. Exemple : 2.")


class Row(TypedDict):
    """An article of the form. tolerance, ceiling: where there is something to choose."""

    article: Article
    quantity: BoundField
    tolerance: BoundField | None
    ceiling: BoundField | None


@dataclass(frozen=True)
class Paying:
    """How somebody may pay. available: minor units free on their account; kept: they have a card or account kept."""

    available: int = 0
    kept: bool = False
    before: bool = False  # Before the order leaves, else at the hand-over.


class OrderForm(forms.Form):
    """A quantity for each article, and in the folds: how many more, the dearest price, a limit. paying: None for a
    visitor, who is asked how they pay once they have come in.
    """

    budget = EurosField(
        label=_("Ma limite en tout"), required=False, help_text=_("Exemple : 200,00. Vide : pas de limite.")
    )
    means = forms.ChoiceField(
        label=_("Comment payer ?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez comment payer.")),
    )

    def __init__(self, data: Any = None, *, lines: Sequence[Line], paying: Paying | None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.lines, self.paying = lines, paying
        for line in lines:
            self._add(line)
        if paying is None:
            del self.fields["means"], self.fields["budget"]
        else:
            self.fields["budget"].widget.attrs["data-private"] = ""
            set_choices(self, "means", list(_means(paying)))
            self.initial.setdefault("means", Pledge.Means.LATER.value)

    def _add(self, line: Line) -> None:
        article, place = line.article, line.article.lot.place
        label = f"{article.lot.title}, {article.unit}"
        self.fields[f"quantity_{place}"] = _count(label)
        self.initial.setdefault(f"quantity_{place}", 1 if len(self.lines) == 1 else 0)
        if article.size > 1:
            more = _now("Et jusqu’à combien de plus, si cela complète un carton de %(size)s ?") % {"size": article.size}
            self.fields[f"tolerance_{place}"] = _count(more)
        if len(article.tiers) > 1:
            self.fields[f"ceiling_{place}"] = forms.ChoiceField(
                label=_now("Mon prix maximum"),
                choices=list(_ceilings(line, self.initial.get(f"ceiling_{place}"))),
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez un des prix de la liste.")),
            )
            self.initial.setdefault(f"ceiling_{place}", str(usual(line)))

    @property
    def rows(self) -> list[Row]:
        def bound(name: str) -> BoundField | None:
            return self[name] if name in self.fields else None

        return [
            {
                "article": line.article,
                "quantity": self[f"quantity_{place}"],
                "tolerance": bound(f"tolerance_{place}"),
                "ceiling": bound(f"ceiling_{place}"),
            }
            for line in self.lines
            if (place := line.article.lot.place)
        ]

    @property
    def in_boxes(self) -> bool:
        return any(line.article.size > 1 for line in self.lines)

    @property
    def unfolded(self) -> bool:
        """What is folded holds something that somebody typed, or a mistake."""
        folded = [self[name] for name in self.fields if name.startswith(("tolerance_", "ceiling_", "budget"))]
        return any(one.errors or (one.value() and not one.name.startswith("ceiling_")) for one in folded)

    def wants(self) -> list[Wants]:
        """What was typed and could be read."""
        given = getattr(self, "cleaned_data", {})
        return [
            Wants(
                line.article,
                given.get(f"quantity_{place}") or 0,
                given.get(f"tolerance_{place}") or 0,
                int(given.get(f"ceiling_{place}") or usual(line)),
            )
            for line in self.lines
            if (place := line.article.lot.place)
        ]

    @property
    def at_most(self) -> int:
        return sum((one.quantity + one.tolerance) * one.ceiling for one in self.wants())

    def clean(self) -> None:
        first = f"quantity_{self.lines[0].article.lot.place}" if self.lines else ""
        for one in self.wants():
            name = f"quantity_{one.article.lot.place}"
            if one.tolerance and not one.quantity and name not in self.errors:
                self.add_error(name, _("Dites d’abord combien vous en voulez. Exemple : 2."))
        if first and not self.errors and not any(one.quantity for one in self.wants()):
            self.add_error(first, _("Indiquez une quantité. Exemple : 2."))
        paying, means = self.paying, self.cleaned_data.get("means")
        if paying and means == Pledge.Means.ACCOUNT and self.at_most > paying.available:
            text = _now(
                "Il y a %(has)s sur votre compte, et cela fait %(most)s au plus. Prenez moins, ou payez plus tard."
            )
            self.add_error("means", text % {"has": money(paying.available), "most": money(self.at_most)})

    def beside(self, refused: Refused) -> str:
        """The field that a refusal is about."""
        if refused.code == "lot_taken":
            about = (one.article for one in self.lines if one.article.lot.title == refused.params.get("title"))
            return next((f"quantity_{one.lot.place}" for one in about), "")
        return {"not_enough": "means", "over_budget": "budget"}.get(refused.code, refused.where)

    def receipt(self) -> dict[str, object]:
        """The most that it can come to, and what it would be at the next better price."""
        wanted = [one for one in self.wants() if one.quantity]
        rows: list[Part] = []
        for one in wanted:
            said = {"count": one.quantity, "unit": one.article.unit, "price": money(one.ceiling)}
            rows.append(
                {"label": _now("%(count)s × %(unit)s à %(price)s") % said, "amount": one.quantity * one.ceiling}
            )
            if one.tolerance:
                more = _now("et jusqu’à %(count)s de plus") % {"count": one.tolerance}
                rows.append({"label": more, "amount": one.tolerance * one.ceiling})
        ahead = {line.article.id: line.ahead.tier.price for line in self.lines if line.ahead}
        better = sum(one.quantity * min(one.ceiling, ahead.get(one.article.id, one.ceiling)) for one in wanted)
        now = sum(one.quantity * one.ceiling for one in wanted)
        return {"rows": rows, "total": self.at_most, "better": better if better < now else None}


def usual(line: Line) -> int:
    """The most that somebody would pay who says nothing: today's price, or the first while none is reached."""
    return (line.now or line.article.good().tiers[0]).price


def typed_in(wishes: Mapping[UUID, Wish[UUID]], lines: Sequence[Line]) -> dict[str, object]:
    """An order as it would be typed."""
    said: dict[str, object] = {}
    for line in lines:
        wish, place = wishes.get(line.article.lot_id), line.article.lot.place
        if wish and wish.quantity:
            said |= {f"quantity_{place}": wish.quantity, f"ceiling_{place}": str(wish.ceiling)}
            said |= {f"tolerance_{place}": wish.tolerance} if wish.tolerance else {}
    return said


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        error_messages={"invalid": _COUNT, "min_value": _COUNT, "max_value": _("Au-delà de 9 999, appelez-nous.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _ceilings(line: Line, own: object) -> "list[tuple[str, str]]":
    """Every price of the ladder, and one that somebody had chosen before."""
    said = []
    for tier in line.article.good().tiers:
        reached = {"price": money(tier.price), "count": counted(line.article.measure, tier.at_least)}
        today = line.now is not None and tier.price == line.now.price
        words = _now("%(price)s, prix d’aujourd’hui") if today else _now("%(price)s, dès %(count)s")
        said.append((str(tier.price), words % reached))
    if isinstance(own, str) and own.isdecimal() and own not in dict(said):
        said.append((own, money(int(own))))
    return said


def _means(paying: Paying) -> "list[tuple[str, str]]":
    later = _now("Quand on me le demande, avant que la commande parte") if paying.before else _now("À la remise")
    said = [(Pledge.Means.LATER.value, later)]
    if paying.kept and paying.before:
        said.append((Pledge.Means.KEPT.value, _now("Avec ma carte ou mon compte bancaire enregistré")))
    if paying.available > 0:
        text = _now("Avec mon compte ici : %(free)s, mis de côté jusque-là") % {"free": money(paying.available)}
        said.append((Pledge.Means.ACCOUNT.value, text))
    return said
