"""What is typed about a group purchase: its plan, an order for somebody, its end."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from entremise.buying.models import Brief
from entremise.buying.operations import ArticleDraft
from entremise.buying.rules.tiers import Tier, in_order
from entremise.campaigns.operations import Terms
from entremise.campaigns.rules import deadline
from entremise.doors.desk.fields import DayField, EurosField, WhoForm
from entremise.doors.desk.words_together import MEASURES, ROLES, STRATEGIES, TIER_MEASURES, WRONG_TIME
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.templatetags.entremise import rate
from entremise.figures import queries as figures
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period, times_shown

_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))
_WHOLE = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Écrivez un nombre entier. Exemple : 6."))
_TITLE = {"required": _("Écrivez le nom de l’article. Exemple : huile d’olive.")}
_UNIT = {"required": _("Écrivez ce qui est compté. Exemple : bouteille.")}
_WRITE_TIME = _("Écrivez l’heure ainsi : 18 h ou 18:30.")
_TIME = re.compile(r"(\d{1,2}) ?(?:[hH:] ?(\d{2})?)?")
_RATES = ("vat_standard_rate", "vat_intermediate_rate", "vat_reduced_rate")
LARGEST = 1_000_000  # Of anything that is counted; beyond, somebody mistyped.
MOST_ARTICLES, MOST_TIERS = 12, 4
MOMENTS = ("opens", "fills", "closes")


class TimeField(forms.CharField):
    """A time of the day as people write it; None when nothing was typed."""

    default_error_messages = {"required": _WRITE_TIME, "max_length": _WRITE_TIME}

    def clean(self, value: object) -> time | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            raise forms.ValidationError(_WRITE_TIME)
        return time(int(found[1]), int(found[2] or 0))


class PriceField(EurosField):
    def clean(self, value: object) -> int | None:
        found = super().clean(value)
        if found and found > LARGEST * 100:
            raise forms.ValidationError(_("C’est trop. Relisez ce montant."))
        return found


WholeField = partial(forms.IntegerField, max_value=LARGEST, error_messages=_WHOLE)


def rates_on(day: date) -> list[tuple[str, str]]:
    """The rates of VAT that stand, and none at all, as a list to choose from."""
    table = figures.table()
    found = []
    for key in _RATES:
        try:
            found.append(table.at(key, day))
        except Refused:
            continue  # An organisation without this figure chooses among the others.
    return [*((str(one.normalize()), rate(one)) for one in found), ("0", str(_("sans TVA")))]


class PlanForm(WhoForm):
    """A purchase with its first articles. count: how many articles have their fields."""

    title = forms.CharField(
        label=_("Nom de l’achat"),
        max_length=120,
        help_text=_("Exemple : granulés de bois pour l’hiver"),
        error_messages={"required": _("Écrivez ce qui est acheté. Exemple : granulés de bois.")},
    )
    about = forms.CharField(
        label=_("Ce qu’il faut savoir"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    role = forms.ChoiceField(
        label=_("Qui vend ?"), choices=list(ROLES.items()), widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    opens_on = DayField(label=_("Ouvre le"), help_text=_("Vide : dès maintenant."))
    opens_at = TimeField(label=_("Heure d’ouverture"), required=False, max_length=8)
    fills_on = DayField(label=_("Complément à partir du"), help_text=_("Vide : pas de complément des cartons."))
    fills_at = TimeField(label=_("Heure du complément"), required=False, max_length=8)
    closes_on = DayField(label=_("Finit le"), required=True, help_text=_("Exemple : 05/12/2026"))
    closes_at = TimeField(label=_("Heure de fin"), max_length=8)
    where = forms.CharField(
        label=_("Où est-ce remis ?"),
        max_length=120,
        error_messages={"required": _("Écrivez l’endroit comme on le dit. Exemple : au local, 14, rue du Lavoir.")},
    )
    handed_from = DayField(label=_("Remise à partir du"), required=True)
    handed_until = DayField(label=_("Remise jusqu’au"), required=True)
    threshold = forms.CharField(
        label=_("À partir de combien la commande part-elle ?"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": _("Écrivez un nombre. Exemple : 20.")},
    )
    measure = forms.ChoiceField(label=_("Compté en"), choices=list(MEASURES.items()), error_messages=_CHOOSE)
    strategy = forms.ChoiceField(
        label=_("S’il n’y en a pas assez"), choices=list(STRATEGIES.items()), error_messages=_CHOOSE
    )

    def __init__(
        self, data: Any = None, *, on: date, zone: ZoneInfo, count: int = 1, initial: Mapping[str, Any] | None = None
    ) -> None:
        """on: the day whose rates of VAT are offered. zone: of the clocks that dates and times mean."""
        begun = {"closes_at": "18 h", "role": "own_sale", **(initial or {})}
        super().__init__(data, initial=begun, auto_id="ensemble_%s")
        self.zone, self.days = zone, Period(on - timedelta(days=366), on + timedelta(days=3 * 366))
        self.articles = range(1, min(max(count, 1), MOST_ARTICLES) + 1)
        who = self.fields["who"]
        who.required, who.label = False, _("Fournisseur")
        rates = rates_on(on)
        for number in self.articles:
            self.fields.update(_fields_of(number))
            set_choices(self, f"rate_{number}", rates)

    # As the template lays them out.

    def moments(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"{name}_on"], self[f"{name}_at"]) for name in MOMENTS]

    def blocks(self) -> list[dict[str, Any]]:
        """Each article: its words, its price, its tiers as rows of a table, and what few need."""
        return [
            {
                "number": number,
                "words": [self[f"{name}_{number}"] for name in ("title", "unit", "size", "rate")],
                "tiers_by": self[f"tiers_by_{number}"],
                "tiers": [(self[f"from_{number}_{row}"], self[f"price_{number}_{row}"]) for row in _rows()],
                "parts": [self[f"{name}_{number}"] for name in ("ours", "carriage", "capacity")],
            }
            for number in self.articles
        ]

    # What was meant.

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        for name in (*(f"{one}_on" for one in MOMENTS), "handed_from", "handed_until"):
            if given.get(name) and given[name] not in self.days:
                self.add_error(name, _("Ce jour est trop loin d’aujourd’hui. Relisez l’année."))
        for name in MOMENTS:
            self._moment(name)
        self._check_order()
        given["limit"] = self._threshold()
        meant = [number for number in self.articles if self._meant(number)]
        given["drafts"] = [draft for number in meant if (draft := self._article(number))]

    def terms(self, now: datetime) -> Terms:
        given = self.cleaned_data
        return Terms(
            title=given["title"],
            measure=given["measure"],
            threshold=given["limit"],
            opens_at=given["opens"] or now,
            closes_at=given["closes"],
            fills_at=given["fills"],
        )

    def beside(self, refused: Refused) -> Refused:
        """The same refusal, where its article or its moment was typed."""
        where = {"closes_at": "closes_on", "fills_at": "fills_on"}.get(refused.where or "", refused.where or "")
        for number in self.articles:
            title = refused.params.get("title")
            if title and title == self.cleaned_data.get(f"title_{number}"):
                where = f"from_{number}_1" if where == "tiers" else f"{where}_{number}"
                break
        return Refused(refused.code, refused.params, where=where)

    def _moment(self, name: str) -> None:
        """The moment at which clocks in town show this once; a day alone begins at midnight."""
        given = self.cleaned_data
        day, at = given.get(f"{name}_on"), given.get(f"{name}_at")
        given[name] = None
        if day is None or {f"{name}_on", f"{name}_at"} & self.errors.keys():
            if at and name != "closes" and f"{name}_on" not in self.errors:
                self.add_error(f"{name}_on", _("Écrivez aussi le jour. Exemple : 24/11/2026."))
            return
        at = at or time()
        shown = times_shown(day, at, self.zone)
        if shown != 1:
            self.add_error(f"{name}_at", str(WRONG_TIME[shown]))
            return
        given[name] = deadline(day, at, self.zone)

    def _check_order(self) -> None:
        given = self.cleaned_data
        first, last = given.get("handed_from"), given.get("handed_until")
        if first and last and last < first:
            self.add_error("handed_until", _("La remise finit avant de commencer. Choisissez un jour plus tard."))

    def _threshold(self) -> int:
        given, typed = self.cleaned_data, self.cleaned_data.get("threshold")
        if not typed or not given.get("measure"):
            return 0
        try:
            if given["measure"] == "money":
                found = EurosField(label="").clean(typed) or 0
            else:
                found = int(WholeField().clean(typed))
        except forms.ValidationError as error:
            self.add_error("threshold", error)
            return 0
        if not 1 <= found <= LARGEST * 100:
            self.add_error("threshold", _("Écrivez un nombre au-dessus de 0. Exemple : 20."))
        return found

    def _meant(self, number: int) -> bool:
        """Not one of which nothing was typed; the first always is."""
        silent = {f"{name}_{number}" for name in ("size", "rate", "tiers_by")}
        typed = _fields_of(number).keys() - silent
        if number == 1 or any(str(self[name].value() or "").strip() for name in typed):
            return True
        for name in silent:
            self.errors.pop(name, None)
        return False

    def _article(self, number: int) -> ArticleDraft | None:
        """None while something of the form needs another look."""
        for name, words in (("title", _TITLE), ("unit", _UNIT)):
            if not self.cleaned_data.get(f"{name}_{number}") and f"{name}_{number}" not in self.errors:
                self.add_error(f"{name}_{number}", words["required"])
        tiers = self._tiers(number)
        if tiers and self._part(number, "ours") + self._part(number, "carriage") > min(one.price for one in tiers):
            self.add_error(f"ours_{number}", _("Avec le transport, c’est plus que le prix le plus bas. Diminuez."))
        return None if self.errors else self._draft(number, tiers)

    def _draft(self, number: int, tiers: Sequence[Tier]) -> ArticleDraft:
        given = self.cleaned_data
        return ArticleDraft(
            title=given[f"title_{number}"],
            unit=given[f"unit_{number}"],
            tiers=tiers,
            vat_rate=Decimal(given[f"rate_{number}"]),
            size=given[f"size_{number}"] or 1,
            measure=given[f"tiers_by_{number}"],
            ours=self._part(number, "ours"),
            carriage=self._part(number, "carriage"),
            capacity=given[f"capacity_{number}"],
        )

    def _part(self, number: int, name: str) -> int:
        return int(self.cleaned_data.get(f"{name}_{number}") or 0)

    def _tiers(self, number: int) -> list[Tier]:
        found: list[Tier] = []
        for row in _rows():
            first, second = f"from_{number}_{row}", f"price_{number}_{row}"
            if {first, second} & self.errors.keys():
                return []
            at_least, price = self.cleaned_data.get(first), self.cleaned_data.get(second)
            if at_least is None and price is None:
                continue
            if at_least is None or not price:
                self.add_error(first if at_least is None else second, _("Écrivez les deux : combien, et le prix."))
                return []
            found.append(Tier(at_least, price))
            try:
                in_order(found)
            except ValueError:
                self.add_error(second, _("Chaque palier demande plus que le précédent, et coûte moins."))
                return []
        if not found:
            self.add_error(f"price_{number}_1", _("Écrivez au moins un prix. Exemple : à partir de 1, 6,20."))
        return found


def _rows() -> Iterable[int]:
    return range(1, MOST_TIERS + 1)


def _fields_of(number: int) -> dict[str, forms.Field]:
    """The fields of one article, by their names."""
    tiers: dict[str, forms.Field] = {}
    for row in _rows():
        tiers[f"from_{number}_{row}"] = WholeField(label=_("À partir de"), min_value=1, required=False)
        tiers[f"price_{number}_{row}"] = PriceField(label=_("Prix d’une unité"), required=False)
    words: dict[str, forms.Field] = {
        "title": forms.CharField(label=_("Article"), max_length=120, required=number == 1, error_messages=_TITLE),
        "unit": forms.CharField(
            label=_("Unité"),
            max_length=30,
            required=number == 1,
            help_text=_("Exemple : sac de 15 kg"),
            error_messages=_UNIT,
        ),
        "size": WholeField(label=_("Unités par carton"), min_value=1, initial=1),
        "rate": forms.ChoiceField(label=_("TVA"), error_messages=_CHOOSE),
        "tiers_by": forms.ChoiceField(
            label=_("Paliers comptés en"), choices=list(TIER_MEASURES.items()), error_messages=_CHOOSE
        ),
        "ours": PriceField(label=_("Pour l’association"), required=False),
        "carriage": PriceField(label=_("Pour le transport"), required=False),
        "capacity": WholeField(label=_("Il y en a au plus"), min_value=1, required=False),
    }
    return {**{f"{name}_{number}": field for name, field in words.items()}, **tiers}


def proposed(brief: Brief) -> dict[str, Any]:
    """What the answer that was chosen says, as the form of a purchase begins with it."""
    tender = brief.chosen
    if tender is None:
        return {}
    said: dict[str, Any] = {
        "title": brief.title,
        "about": brief.about[:500],
        "who": tender.supplier.full_name,
        "picked": tender.supplier_id,
        "title_1": brief.title,
        "unit_1": brief.unit,
        "size_1": tender.size,
        "rate_1": str(tender.vat_rate.normalize()),
        "tiers_by_1": "boxes",
    }
    for row, tier in enumerate(tender.steps()[:MOST_TIERS], start=1):
        said |= {f"from_1_{row}": tier.at_least, f"price_1_{row}": tier.price}
    return said
