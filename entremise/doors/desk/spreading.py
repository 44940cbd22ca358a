"""A day's open jobs with somebody for each; the coordinator ticks, and everybody ticked is asked at once."""

from datetime import date, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from entremise.doors.desk.call import suggestion
from entremise.doors.desk.forms import is_id
from entremise.doors.desk.nav import came_back, found, jobs_staff, page
from entremise.doors.frame.fields import set_choices
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.models import Request
from entremise.jobs.queries import desk
from entremise.jobs.queries.days import spread_day
from entremise.kernel.act import Door

A_YEAR = timedelta(days=366)


class SpreadForm(forms.Form):
    """Pairs that were ticked: the number of a request and the person for it."""

    pairs = forms.MultipleChoiceField(
        label=gettext_lazy("À qui proposer ?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Cochez au moins une demande.")),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        given = data.getlist("pairs") if data else []
        set_choices(self, "pairs", [(one, one) for one in given if _is_pair(one)])

    def asked(self) -> list[tuple[Request, UUID]]:
        pairs = [one.split(":") for one in self.cleaned_data["pairs"]]
        return [(found(desk.request_numbered(number=int(number))), UUID(worker)) for number, worker in pairs]


def _is_pair(text: str) -> bool:
    number, _sep, worker = text.partition(":")
    return number.isdecimal() and len(number) < 10 and is_id(worker)


def spreading_page(request: Inside) -> HttpResponse:
    at, zone = request.visit.act(Door.DESK).at, request.visit.zone
    today = at.astimezone(zone).date()
    day = _day(request) or today + timedelta(days=1)
    if not today <= day <= today + A_YEAR:
        day = today + timedelta(days=1)
    plan = spread_day(day=day, at=at, zone=zone)
    ticked = set(request.POST.getlist("pairs"))
    rows = []
    for one in plan.places:
        pair = f"{one.request.listing.number}:{one.somebody.person.id}" if one.somebody else ""
        said = suggestion(one.somebody) if one.somebody else None
        rows.append({"job": one.request, "pair": pair, "one": said, "ticked": pair in ticked})
    context = {
        "day": day,
        "before": day - timedelta(days=1) if day > today else None,
        "after": day + timedelta(days=1),
        "rows": rows,
        "some": any(row["pair"] for row in rows),
        "more": plan.more,
        "form": came_back(request, SpreadForm) or SpreadForm(),
    }
    return page(request, "spreading", section="requests", context=context)


@write(jobs_staff, again=spreading_page)
def propose(request: Inside) -> HttpResponse:
    form = request.form = SpreadForm(request.POST)
    checked(form)
    made = jobs.propose_day(act=request.visit.act(Door.DESK), asked=form.asked())
    said = ngettext("Proposé à %(count)s personne.", "Proposé à %(count)s personnes.", len(made))
    messages.success(request, said % {"count": len(made)})
    day = _day(request)
    return redirect(f"{reverse('desk:spreading')}?jour={day.isoformat()}" if day else reverse("desk:spreading"))


def _day(request: Inside) -> date | None:
    """The day of the address; none when it is not one."""
    try:
        return date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return None


spreading = on(get=read(jobs_staff)(spreading_page), post=propose)
