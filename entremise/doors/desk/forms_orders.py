"""What is typed about somebody's order in a group purchase, and about how a purchase ends."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Article, Standing
from entremise.buying.operations import Wants
from entremise.campaigns.models import Pledge
from entremise.campaigns.rules import Wish
from entremise.doors.desk.forms_buying import LARGEST, PriceField, WholeField
from entremise.doors.desk.words_together import MEANS, Wanted
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.words import sentence
from entremise.kernel.act import Door
from entremise.kernel.refused import Refused

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
MOST = 10_000  # Units for one household; beyond, somebody mistyped.
DOORS = {Door.PHONE.value: _("Au téléphone"), Door.COUNTER.value: _("Au local")}


class OrderForm(forms.Form):
    """What a household wants of each article, said by telephone or to a volunteer: nothing named means nothing wanted.

    The fields of an article bear the number of its place on the page.
    """

    means = forms.ChoiceField(label=_("Comment sera-ce payé ?"), error_messages=_CHOOSE)
    budget = PriceField(
        label=_("Limite en tout"), required=False, help_text=_("Vide : pas d’autre limite que les prix.")
    )
    door = forms.ChoiceField(label=_("Commande prise"), choices=list(DOORS.items()), error_messages=_CHOOSE)

    def __init__(self, data: Any = None, *, articles: Sequence[Article], known: "Known | None", account: bool) -> None:
        """account: whether whoever fills it in may set money aside on somebody's account."""
        super().__init__(data, auto_id="commande_%s", initial=known.initial(articles) if known else None)
        self.articles = articles
        before = known.pledge.means if known else ""
        # Only the person themselves lets a card or an account of theirs be charged.
        offered = {Pledge.Means.LATER, before, *([Pledge.Means.ACCOUNT] if account else [])}
        set_choices(self, "means", [(key, str(word)) for key, word in MEANS.items() if key in offered])
        for article in articles:
            self.fields.update(_fields_of(article))
        for article in articles[:1] if data is None else ():
            self.fields[f"quantity_{article.lot.place}"].widget.attrs["autofocus"] = True

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "article": one,
                "fields": [self[f"{name}_{one.lot.place}"] for name in ("quantity", "tolerance", "ceiling")],
            }
            for one in self.articles
        ]

    def others(self) -> list[forms.BoundField]:
        return [self["means"], self["budget"], self["door"]]

    def clean(self) -> None:
        for one in self.articles:
            self._check(one)
        if not self.errors and not any(want.quantity for want in self.wants()):
            for one in self.articles[:1]:
                self.add_error(f"quantity_{one.lot.place}", sentence(Refused("nothing_wanted")))

    def wants(self) -> list[Wants]:
        given = self.cleaned_data
        return [
            Wants(
                one,
                given.get(f"quantity_{one.lot.place}") or 0,
                given.get(f"tolerance_{one.lot.place}") or 0,
                given.get(f"ceiling_{one.lot.place}") or 0,
            )
            for one in self.articles
        ]

    def wanted(self) -> list[Wanted]:
        return [
            Wanted(
                one.article.lot.title,
                one.article.unit,
                Wish(one.article.lot_id, one.quantity, one.tolerance, one.ceiling),
            )
            for one in self.wants()
            if one.quantity
        ]

    @property
    def at_most(self) -> int:
        return sum((one.quantity + one.tolerance) * one.ceiling for one in self.wants())

    def typed(self) -> list[tuple[str, str]]:
        """As it was typed, for the form that confirms it."""
        return [(name, str(self[name].value() or "")) for name in self.fields]

    def beside(self, refused: Refused) -> Refused:
        """The same refusal, where the article that it names was typed."""
        kind = {"ceiling_too_low": "ceiling", "lot_taken": "quantity"}.get(refused.code, "")
        for one in self.articles:
            if kind and one.lot.title == refused.params.get("title"):
                return Refused(refused.code, refused.params, where=f"{kind}_{one.lot.place}")
        return Refused(refused.code, refused.params, where="means") if refused.code == "not_enough" else refused

    def _check(self, article: Article) -> None:
        """A tolerance needs a quantity; the most that is paid for one is at least the lowest price there can be."""
        place, given = article.lot.place, self.cleaned_data
        quantity, tolerance = given.get(f"quantity_{place}"), given.get(f"tolerance_{place}")
        if tolerance and not quantity and f"quantity_{place}" not in self.errors:
            self.add_error(f"quantity_{place}", _("Écrivez d’abord combien. Le reste vient en plus."))
        ceiling = given.get(f"ceiling_{place}")
        if f"ceiling_{place}" not in self.errors and ceiling is None:
            given[f"ceiling_{place}"] = highest(article)
        elif quantity and ceiling is not None and article.tiers and ceiling < lowest(article):
            params = {"price": lowest(article), "title": article.lot.title}
            self.add_error(f"ceiling_{place}", sentence(Refused("ceiling_too_low", params)))


class Known:
    """What somebody has ordered so far, or wants each time. wishes: by lot."""

    def __init__(self, pledge: Pledge | Standing, wishes: Mapping[UUID, Wish[UUID]]) -> None:
        self.pledge, self.wishes = pledge, wishes

    def initial(self, articles: Sequence[Article]) -> dict[str, object]:
        said: dict[str, object] = {"means": self.pledge.means, "budget": self.pledge.budget}
        for one in articles:
            wish = self.wishes.get(one.lot_id)
            if wish:
                said[f"quantity_{one.lot.place}"] = wish.quantity or None
                said[f"tolerance_{one.lot.place}"] = wish.tolerance or None
                said[f"ceiling_{one.lot.place}"] = wish.ceiling
        return said


def highest(article: Article) -> int:
    """Minor units: what the first tier asks, the most that anybody pays."""
    return max((price for _at_least, price in article.tiers), default=0)


def lowest(article: Article) -> int:
    return min((price for _at_least, price in article.tiers), default=0)


def _fields_of(article: Article) -> dict[str, forms.Field]:
    place = article.lot.place
    return {
        f"quantity_{place}": WholeField(label=_("Combien"), min_value=0, max_value=MOST, required=False),
        f"tolerance_{place}": WholeField(label=_("Jusqu’à tant en plus"), min_value=0, max_value=MOST, required=False),
        f"ceiling_{place}": PriceField(label=_("À ce prix au plus"), required=False, initial=highest(article)),
    }


class ReasonForm(forms.Form):
    """Why a purchase is called off: everybody who is in it reads it."""

    reason = forms.CharField(
        label=_("Pourquoi ?"),
        max_length=200,
        error_messages={"required": _("Écrivez pourquoi. Exemple : le fournisseur ne livre plus.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="abandon_%s")


class CloseForm(forms.Form):
    """What the page showed when somebody confirmed it: its digest, households and sum in minor units."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    households = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
    total = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
