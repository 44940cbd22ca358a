"""A worker's and a client's own pages."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entremise.doors.frame.visit import Inside, signed_in
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import member
from entremise.kernel.act import Door, Role
from entremise.kernel.clock import now
from entremise.kernel.hours import minutes_typed
from entremise.kernel.time import Period
from entremise.market.queries import proposal as proposal_of
from entremise.messaging import operations as messaging
from entremise.messaging.queries import letters_of
from entremise.settlement import queries as settlement


class HoursForm(forms.Form):
    hours = forms.CharField(label=gettext_lazy("Heures"), max_length=12, help_text=gettext_lazy("Exemple : 2 h 30"))
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def clean_hours(self) -> int:
        minutes = minutes_typed(self.cleaned_data["hours"])
        if not minutes:
            raise forms.ValidationError(_("Écrivez les heures faites. Exemple : 2 h 30."))
        return minutes


@read(signed_in)
def show_me(request: Inside) -> HttpResponse:
    person, at = request.visit.person, now()
    works = Role.WORKER in request.visit.actor.roles
    context: dict[str, object] = {"nav": tabs(request), "works": works, "name": request.visit.name.split(" ")[0]}
    if works:
        context |= {
            "missions": member.next_missions(worker=person, at=at),
            "offers": member.offers(worker=person),
            "to_log": _forms(request, member.missions_to_log(worker=person, at=at)),
            "pay": member.pay_estimate(worker=person, month=Period.month_of(at.date())),
        }
    if Role.CLIENT in request.visit.actor.roles:
        context |= {
            "visits": member.next_visits(client=person, at=at),
            "to_confirm": member.hours_to_confirm(client=person),
            "requests": member.requests_of(client=person, limit=5),
        }
    context["to_sign"] = member.to_sign(person=person)
    return render(request, "site/me.html", context)


@write(signed_in, again=show_me)
def answer(request: Inside, proposal: UUID) -> HttpResponse:
    found = proposal_of(proposal=proposal)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    yes = request.POST.get("answer") == "yes"
    answered = jobs.answer(act=request.visit.act(Door.SITE), proposal=found, yes=yes)
    said = {
        "accepted": _("C’est noté : OUI. Votre contrat est à signer."),
        "declined": _("C’est noté : NON. Cela ne change rien pour la suite."),
    }
    words = said.get(answered.state, _("Merci. Cette mission vient d’être prise, on vous proposera la prochaine."))
    messages.success(request, words)
    return redirect("site:me")


@read(signed_in)
def show_hours(request: Inside) -> HttpResponse:
    person = request.visit.person
    context = {
        "nav": tabs(request),
        "to_log": _forms(request, member.missions_to_log(worker=person, at=now())),
        "to_confirm": member.hours_to_confirm(client=person),
        "worked": member.worked_missions(worker=person),
    }
    return render(request, "site/hours.html", context)


@write(signed_in, again=show_hours)
def log_hours(request: Inside, mission: UUID) -> HttpResponse:
    """Sent again by a phone that was offline: the form's own key makes it the same hours."""
    found = _mission(mission, worker=request.visit.person)
    form = request.form = HoursForm(request.POST)
    checked(form)
    jobs.log_hours(
        act=request.visit.act(Door.SITE),
        mission=found,
        minutes=form.cleaned_data["hours"],
        key=f"page:{form.cleaned_data['key']}",
    )
    messages.success(request, _("Heures envoyées. La personne chez qui vous étiez va dire si c’est juste."))
    return redirect("site:me")


@write(signed_in, again=show_hours)
def confirm_hours(request: Inside, mission: UUID) -> HttpResponse:
    found = _mission(mission, client=request.visit.person)
    typed = request.POST.get("hours", "").strip()
    minutes = minutes_typed(typed) if typed else None
    jobs.confirm_hours(act=request.visit.act(Door.SITE), mission=found, minutes=minutes)
    messages.success(request, _("Merci, c’est noté."))
    return redirect("site:me")


@write(signed_in, again=show_me)
def running_late(request: Inside, mission: UUID) -> HttpResponse:
    found = _mission(mission, worker=request.visit.person)
    messaging.add_task(
        act=request.visit.act(Door.SITE),
        kind="running_late",
        key=f"late:{found.id}",
        person=found.worker,
        about="mission",
        about_id=found.id,
        due_at=now(),
        params={"number": found.number},
    )
    messages.success(request, _("Nous prévenons la personne qui vous attend."))
    return redirect("site:me")


@read(signed_in)
def show_money(request: Inside) -> HttpResponse:
    person = request.visit.person
    context = {
        "nav": tabs(request),
        "pay": member.pay_estimate(worker=person, month=Period.month_of(now().date())),
        "works": Role.WORKER in request.visit.actor.roles,
        "payslips": settlement.payslips_of(worker=person),
        "invoices": settlement.invoices_of(client=person),
        "owed": settlement.owed_by(client=person),
    }
    return render(request, "site/money.html", context)


@read(signed_in)
def show_help(request: Inside) -> HttpResponse:
    letters = letters_of(person=request.visit.person, limit=10)
    return render(request, "site/help.html", {"nav": tabs(request), "letters": letters})


def _forms(request: Inside, missions: list[Mission]) -> list[dict[str, object]]:
    """A form per mission, the planned hours filled in; what was typed stays in the one that came back."""
    rows = []
    for mission in missions:
        came_back = request.form is not None and str(mission.id) in request.path
        minutes = int((mission.ends_at - mission.starts_at).total_seconds() // 60)
        planned = f"{minutes // 60} h {minutes % 60:02d}" if minutes % 60 else f"{minutes // 60} h"
        fresh = HoursForm(initial={"hours": planned, "key": uuid4().hex}, auto_id=f"id_{mission.id.hex}_%s")
        rows.append({"mission": mission, "form": request.form if came_back else fresh})
    return rows


def _mission(mission: UUID, *, worker: UUID | None = None, client: UUID | None = None) -> Mission:
    found = member.mission_of(mission=mission)
    if found is None or (worker and found.worker_id != worker) or (client and found.client_id != client):
        raise Http404
    return found
