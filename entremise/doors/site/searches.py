"""A worker's saved searches, how they hear of what is new, and the jobs that they would go to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.days import WEEKDAYS
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.visit import Inside, worker
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.site.nav import tabs
from entremise.doors.site.searching import PARTS, SearchForm
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, SavedSearch
from entremise.jobs.queries import alerts, notices
from entremise.jobs.queries.interests import interests_of
from entremise.jobs.rules.notices import Wanted
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.people.models import Place

CHANNELS = {
    "text": gettext_lazy("Par SMS"),
    "email": gettext_lazy("Par courriel"),
    "post": gettext_lazy("Par courrier"),
}
RHYTHMS = {1: gettext_lazy("Chaque jour"), 7: gettext_lazy("Chaque semaine")}


class AlertForm(forms.Form):
    """How somebody hears of what is new. anchor: tells several forms of a page apart."""

    channel = forms.ChoiceField(label=gettext_lazy("Comment ?"))
    every_days = forms.TypedChoiceField(
        coerce=int, label=gettext_lazy("Quand ?"), choices=[(str(days), name) for days, name in RHYTHMS.items()]
    )

    def __init__(self, data: Any = None, *, anchor: str, channels: Sequence[str], **given: Any) -> None:
        super().__init__(data, auto_id=f"id_{anchor}_%s", **given)
        set_choices(self, "channel", [(one, CHANNELS[one]) for one in channels])
        for field in self.fields.values():
            field.error_messages |= dict.fromkeys(("required", "invalid_choice"), _("Choisissez dans la liste."))


def searches_page(request: Inside, search: UUID | None = None) -> HttpResponse:
    person, at = people.get(person=request.visit.person), request.visit.act(Door.SITE).at
    channels = alerts.channels_for(person=person)
    kept, activities = alerts.searches_of(person=person.id), notices.activities()
    wanted = {one.id: alerts.wanted_of(one.filters) for one in kept}
    places = Place.objects.in_bulk({one.place for one in wanted.values() if one.place})
    rows = [
        {
            "search": one,
            "said": in_words(wanted[one.id], activities, places),
            "url": f"{reverse('site:jobs')}?{address_of(wanted[one.id], activities, places)}",
            "form": _form(request, one, search, channels),
            "closed": one.channel not in channels,
        }
        for one in kept
    ]
    context = {
        "nav": tabs(request, "me"),
        "rows": rows,
        "willing": interests_of(person=person.id),
        "told": alerts.told_of(person=person.id, at=at),
    }
    return render(request, "site/searches.html", context)


def _form(request: Inside, one: SavedSearch, sent: UUID | None, channels: Sequence[str]) -> AlertForm:
    if one.id == sent and isinstance(request.form, AlertForm):
        return request.form
    initial = {"channel": one.channel, "every_days": str(one.every_days)}
    return AlertForm(anchor=one.id.hex, channels=channels, initial=initial)


@read(worker)
def show_searches(request: Inside) -> HttpResponse:
    return searches_page(request)


@write(worker, again=searches_page)
def save(request: Inside) -> HttpResponse:
    """Keep the filters that the list was read with."""
    form = SearchForm(QueryDict(request.POST.get("filtres", "")[:1000]), notices.activities().values())
    form.is_valid()  # What was not understood is not kept.
    person = people.get(person=request.visit.person)
    jobs.save_search(act=request.visit.act(Door.SITE), person=person, wanted=form.wanted)
    messages.success(request, _("Recherche enregistrée. Nous vous écrivons quand une mission correspond."))
    return redirect("site:searches")


@write(worker, again=searches_page)
def change(request: Inside, search: UUID) -> HttpResponse:
    found = _search(request, search)
    channels = alerts.channels_for(person=found.person)
    form = request.form = AlertForm(request.POST, anchor=found.id.hex, channels=channels)
    checked(form)
    jobs.change_search(act=request.visit.act(Door.SITE), search=found, **form.cleaned_data)
    messages.success(request, _("C’est noté."))
    return redirect("site:searches")


@write(worker, again=searches_page)
def remove(request: Inside, search: UUID) -> HttpResponse:
    jobs.remove_search(act=request.visit.act(Door.SITE), search=_search(request, search))
    messages.success(request, _("Recherche enlevée. Vous ne recevrez plus ces messages."))
    return redirect("site:searches")


def _search(request: Inside, search: UUID) -> SavedSearch:
    found = alerts.search_of(search=search, person=request.visit.person)
    if found is None:
        raise Http404
    return found


def in_words(wanted: Wanted, activities: Mapping[UUID, Activity], places: Mapping[UUID, Place]) -> str:
    """« Jardin · jusqu’à 10 km de Valmarelle · Le matin »."""
    parts = [_("« %(words)s »") % {"words": wanted.words}] if wanted.words else []
    if wanted.activity and wanted.activity in activities:
        parts.append(activities[wanted.activity].called)
    if wanted.place and wanted.place in places:
        around = _("jusqu’à %(km)s km de %(place)s") if wanted.km else _("à %(place)s")
        parts.append(around % {"km": wanted.km, "place": places[wanted.place].name})
    parts += [str(name) for at, name in enumerate(WEEKDAYS) if wanted.days & 1 << at]
    parts += [str(name) for part, name in PARTS.values() if part is wanted.part]
    parts += [_("Chaque semaine")] if wanted.regular else []
    return " · ".join(parts) or _("Toutes les missions")


def address_of(wanted: Wanted, activities: Mapping[UUID, Activity], places: Mapping[UUID, Place]) -> str:
    """The same filters in an address."""
    query = QueryDict(mutable=True)
    if wanted.words:
        query["q"] = wanted.words
    if wanted.activity and wanted.activity in activities:
        query["activite"] = activities[wanted.activity].code
    if wanted.place and wanted.place in places:
        query["ou"], query["km"] = str(places[wanted.place]), str(wanted.km)
    query.setlist("jour", [str(at) for at in range(7) if wanted.days & 1 << at])
    query.setlist("moment", [code for code, (part, _name) in PARTS.items() if part is wanted.part])
    if wanted.regular:
        query["regulier"] = "on"
    return query.urlencode()
