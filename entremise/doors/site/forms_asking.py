"""The questions of a request on the web, one form a page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from entremise.doors.frame.fields import PhoneField, PlaceField, set_choices
from entremise.doors.frame.spoken import rhythm
from entremise.doors.frame.templatetags.entremise import hours, money, short_date, spoken_date
from entremise.doors.frame.words import sentence
from entremise.jobs.models import Activity
from entremise.jobs.operations.asking import Answers
from entremise.jobs.operations.requests import LONGEST_VISIT
from entremise.jobs.queries.asking import working_days
from entremise.jobs.queries.calling import as_words
from entremise.jobs.queries.prices import Quote
from entremise.jobs.rules.asking import SOON, first_of, part_of_day, weekly
from entremise.jobs.rules.quick_entry import Understood, parse_what, understand
from entremise.kernel.hours import minutes_typed
from entremise.kernel.refused import Refused
from entremise.people.models import Place
from entremise.people.operations.persons import LONGEST
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.names import split_name

LENGTHS = (60, 120, 180, 240)  # Minutes.
UNKNOWN, OTHER = "unknown", "other"
MOMENTS = (("any", _("Peu importe")), ("morning", _("Matin")), ("afternoon", _("Après-midi")))
_NOT_UNDERSTOOD = _("Choisissez un jour à venir, ou écrivez-le. Exemple : mardi 24 novembre à 14 h.")
_NAME = _("Écrivez votre prénom et votre nom. Exemple : Odile Marsan.")
_LENGTH = _("Écrivez la durée en heures et minutes. Exemple : 2 h 30.")


class Question(forms.Form):
    def typed(self) -> dict[str, object]:
        """The page as it was filled in, to show it again."""
        return {field.name: field.value() for field in self}


class NeedForm(Question):
    """A picture, or words that name one of the activities."""

    activity = forms.ChoiceField(
        required=False,
        label=_("De quoi avez-vous besoin ?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choisissez une image, ou appelez-nous.")},
    )
    words = forms.CharField(
        required=False,
        max_length=200,
        label=_("Ou dites-le avec vos mots"),
        help_text=_("Exemple : ma haie est trop haute"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, activities: Sequence[Activity], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.activities = {one.code: one for one in activities}
        set_choices(self, "activity", [(one.code, one.called) for one in activities])

    def clean(self) -> None:
        if "activity" in self.errors or self.cleaned_data.get("activity"):
            return
        words = self.cleaned_data.get("words", "")
        code, _rest = parse_what(words, as_words(list(self.activities.values()))) if words else (None, "")
        if code:
            self.cleaned_data["activity"] = code
        elif words:
            self.add_error("activity", _("Choisissez l’image la plus proche : vos mots sont gardés."))
        else:
            self.add_error("activity", _("Choisissez une image, ou écrivez ce qu’il vous faut."))

    @property
    def chosen(self) -> Activity:
        return self.activities[self.cleaned_data["activity"]]


class DetailsForm(Question):
    """How long it may take, and what to know. quotes: what each length costs, to say it beside."""

    length = forms.ChoiceField(
        label=_("Combien de temps, à votre avis ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une durée, ou « Je ne sais pas »."), "invalid_choice": _LENGTH},
    )
    other = forms.CharField(
        required=False,
        max_length=20,
        label=_("Quelle durée ?"),
        help_text=_("Exemple : 2 h 30"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        required=False,
        max_length=300,
        label=_("Que faut-il savoir ?"),
        help_text=_("La taille, les outils que vous avez, le portail, le chien…"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, quotes: Mapping[int, Quote], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        lengths = [(str(minutes), _priced(minutes, quotes.get(minutes))) for minutes in LENGTHS]
        last = [(OTHER, _now("Une autre durée")), (UNKNOWN, _now("Je ne sais pas"))]
        set_choices(self, "length", [*lengths, *last])

    def clean(self) -> None:
        if self.cleaned_data.get("length") != OTHER or "other" in self.errors:
            return
        minutes = minutes_typed(self.cleaned_data["other"].replace("\u00a0", " "))
        if minutes is None:
            self.add_error("other", _LENGTH)
        elif not 15 <= minutes <= LONGEST_VISIT:
            self.add_error("other", sentence(Refused("minutes_out_of_range", {"minutes": minutes})))
        else:
            self.cleaned_data["other"] = minutes

    @property
    def minutes(self) -> int | None:
        """None: to be settled on the telephone."""
        length = self.cleaned_data["length"]
        if length == OTHER:
            return int(self.cleaned_data["other"])
        return None if length == UNKNOWN else int(length)


def _priced(minutes: int, quote: Quote | None) -> str:
    return f"{hours(minutes, 'long')} · {money(quote.price.total)}" if quote else hours(minutes, "long")


class WhenForm(Question):
    """As soon as possible, one or several days, every week, or unknown; with the parts of the day people say."""

    how = forms.ChoiceField(
        label=_("Quand voulez-vous que l’on vienne ?"),
        widget=forms.RadioSelect,
        choices=(("soon", ""), ("day", ""), ("weekly", ""), ("unknown", "")),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choisissez une réponse.")),
    )
    days = forms.MultipleChoiceField(
        required=False,
        label=_("Quel jour vous convient ? Vous pouvez en choisir plusieurs."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _NOT_UNDERSTOOD},
    )
    moment = forms.ChoiceField(required=False, label=_("Moment"), choices=MOMENTS, widget=forms.RadioSelect)
    said = forms.CharField(
        required=False,
        max_length=120,
        label=_("Un autre jour, ou une heure précise"),
        help_text=_("Exemple : 3 décembre à 14 h"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    weekdays = forms.MultipleChoiceField(
        required=False,
        label=_("Quels jours de la semaine ?"),
        widget=forms.CheckboxSelectMultiple,
        choices=(
            ("MO", _("Lundi")),
            ("TU", _("Mardi")),
            ("WE", _("Mercredi")),
            ("TH", _("Jeudi")),
            ("FR", _("Vendredi")),
            ("SA", _("Samedi")),
        ),
    )
    every = forms.ChoiceField(
        required=False,
        label=_("À quel rythme ?"),
        choices=(("1", _("Chaque semaine")), ("2", _("Tous les 15 jours"))),
        widget=forms.RadioSelect,
    )
    part = forms.ChoiceField(required=False, label=_("Moment"), choices=MOMENTS, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, now: datetime, initial: Any = None) -> None:
        first = {"moment": "any", "every": "1", "part": "any", **(initial or {})}
        super().__init__(data, initial=first)
        self.now, self.today = now, now.date()
        days = working_days(after=self.today, count=6)[1:]  # We call back on the next one.
        set_choices(self, "days", [(day.isoformat(), short_date(day)) for day in days])
        self.answers: Answers = {}

    def clean(self) -> None:
        how = self.cleaned_data.get("how")
        if how in ("soon", "unknown"):
            wish = _now("dès que possible") if how == "soon" else _now("jour à convenir")
            self._answer(working_days(after=self.today, count=SOON)[-1], wish=wish)
        elif how == "day" and not {"days", "said"} & set(self.errors):
            self._some_day()
        elif how == "weekly" and "weekdays" not in self.errors:
            self._every_week()

    def _some_day(self) -> None:
        said = understand(self.cleaned_data["said"], today=self.today, activities=())
        days = sorted({*map(date.fromisoformat, self.cleaned_data["days"]), *([said.day] if said.day else [])})
        unread = self.cleaned_data["said"].strip() and not (said.day or said.start)
        if not days or unread:
            self.add_error("said" if unread else "days", _NOT_UNDERSTOOD)
            return
        exact = len(days) == 1 and said.start is not None and not said.time_is_guess
        moment = self.cleaned_data.get("moment") or "any"
        start = said.start or part_of_day(moment)
        starts_at = datetime.combine(days[0], start, self.now.tzinfo)
        if starts_at <= self.now:
            self.add_error("said", sentence(Refused("moment_past")))
            return
        wish = "" if exact else f"{_named(days, said)}{_at(moment, said)}"
        self.answers = {"starts_at": starts_at, "recurrence": said.recurrence or "", "wish": wish[:160]}

    def _every_week(self) -> None:
        days = self.cleaned_data["weekdays"]
        if not days:
            self.add_error("weekdays", _("Choisissez un jour de la semaine."))
            return
        rule = weekly(days, int(self.cleaned_data.get("every") or 1))
        part = self.cleaned_data.get("part") or "any"
        wish = f"{rhythm(rule)}{_at(part, None)}"
        self._answer(first_of(days, self.today), moment=part, rule=rule, wish=wish)

    def _answer(self, day: date, *, wish: str, moment: str = "any", rule: str = "") -> None:
        starts_at = datetime.combine(day, part_of_day(moment), self.now.tzinfo)
        self.answers = {"starts_at": starts_at, "recurrence": rule, "wish": wish[:160]}


def _named(days: Sequence[date], said: Understood) -> str:
    if said.recurrence:
        return rhythm(said.recurrence)
    return _now(" ou ").join(spoken_date(day) if len(days) < 3 else short_date(day) for day in days)


def _at(moment: str, said: Understood | None) -> str:
    if said and said.start and moment == "any":
        clock = hours(said.start.hour * 60 + said.start.minute)
        return _now(", vers %(clock)s") % {"clock": clock}
    return {"morning": _now(", le matin"), "afternoon": _now(", l’après-midi")}.get(moment, "")


class YouForm(Question):
    """Who asks and where: asked only from somebody who has not signed in."""

    name = forms.CharField(
        max_length=120,
        label=_("Votre nom"),
        error_messages={"required": _NAME},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(own=True)
    street = forms.CharField(
        max_length=120,
        label=_("L’adresse où il faut venir"),
        error_messages={"required": _("Écrivez le numéro et la rue. Exemple : 12, rue des Tilleuls.")},
        help_text=_("Exemple : 12, rue des Tilleuls"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    place = PlaceField(label=_("La commune"))
    agreed = forms.BooleanField(
        error_messages={"required": _("Cochez pour que nous puissions garder vos réponses et vous rappeler.")},
    )

    def __init__(
        self, data: Any = None, *, organisation: str, territory: Sequence[Place], known: bool, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.territory = territory
        self.fields["agreed"].label = _now(
            "Je suis d’accord pour que %(name)s garde mon nom, mon adresse et mon téléphone pour me rendre service."
        ) % {"name": organisation}
        self.fields["place"].required = known
        self.fields["place"].error_messages["required"] = _now("Écrivez la commune. Exemple : 33490 Valmarelle.")
        self.fields["place"].widget.attrs |= {"list": "communes", "autocomplete": "off"}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        try:
            said = split_name(name)
            check_lengths({"given_name": said.given, "family_name": said.family}, LONGEST)
        except Refused as refused:
            raise ValidationError(_NAME) from refused
        return name

    def clean_place(self) -> Place | None:
        place: Place | None = self.cleaned_data["place"]
        if place and self.territory and place not in self.territory:
            raise ValidationError(
                _("Nous n’intervenons pas à %(place)s. Appelez-nous : nous vous dirons qui peut vous aider."),
                params={"place": place.name},
            )
        return place
