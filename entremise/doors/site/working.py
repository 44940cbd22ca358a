"""A worker's own pages: the next mission, offers to answer, hours to write down, pay."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from entremise.buying.queries import has_orders
from entremise.doors.frame import calling_off as words
from entremise.doors.frame.fields import QuoteForm
from entremise.doors.frame.visit import Inside, worker
from entremise.doors.frame.ways import checked, read, write
from entremise.doors.site.forms import AnswerForm, HoursForm, said_by
from entremise.doors.site.lists import offer
from entremise.doors.site.months import this_month
from entremise.doors.site.nav import tabs
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import member
from entremise.jobs.queries.calling_off import terms_on
from entremise.kernel.act import Door, Role
from entremise.market.queries import proposal as proposal_of
from entremise.settlement import queries as settled


def home_page(request: Inside, **sent: UUID) -> HttpResponse:
    """sent: what the address of an action names, when the page comes back after a refusal."""
    at = request.visit.act(Door.SITE).at
    mine = member.worker_home(worker=request.visit.person, at=at, month=this_month(request))
    context = {
        "nav": tabs(request, "me"),
        "mine": mine,
        "when": _how_soon(mine.next.mission.starts_at, at) if mine.next else "",
        "to_log": _forms(request, mine.to_log),
        "offers": [{"offer": one, "form": _quote_form(request, one, sent)} for one in mine.offers],
        "rule": _rule(mine.offers, at),
        "ordered": has_orders(person=request.visit.person),
        "employed": Role.WORKER in request.visit.actor.roles,
    }
    return render(request, "site/missions.html", context)


def _quote_form(request: Inside, offer: member.Offer, sent: dict[str, UUID]) -> QuoteForm | None:
    """Where whoever comes names the price; the one that came back keeps what was typed."""
    if not offer.request.by_quote:
        return None
    back = request.form if sent.get("proposal") == offer.proposal.id and isinstance(request.form, QuoteForm) else None
    return back or QuoteForm(anchor=offer.proposal.id.hex)


def _rule(offers: list[member.Offer], at: datetime) -> list[str]:
    """What a quote that is sent now will say of visits that are called off."""
    wanted = any(one.request.by_quote for one in offers)
    return words.rule_for_supplier(terms_on(localtime(at).date())) if wanted else []


def _how_soon(moment: datetime, at: datetime) -> str:
    days = (localtime(moment).date() - localtime(at).date()).days
    return {0: _("Aujourd’hui"), 1: _("Demain")}.get(days, _("Prochaine mission"))


@write(worker, again=home_page)
def answer(request: Inside, proposal: UUID) -> HttpResponse:
    found = proposal_of(proposal=proposal)
    if found is None or found.person_id != request.visit.person:
        raise Http404
    form = AnswerForm(request.POST)
    checked(form)
    yes = form.cleaned_data["answer"] == "yes"
    answered = jobs.answer(act=request.visit.act(Door.SITE), proposal=found, yes=yes)
    said = {
        "accepted": _("C’est noté : OUI. Votre contrat est à signer."),
        "offered": _("Devis envoyé. Nous vous prévenons dès que la personne a répondu."),
        "declined": _("C’est noté : NON. Cela ne change rien pour la suite."),
    }
    too_late = _("Merci. Cette mission vient d’être prise. Nous vous proposerons la prochaine.")
    if answered.listing.state == "closed":
        too_late = _("Merci. Cette mission n’a plus lieu. Nous vous proposerons la prochaine.")
    messages.success(request, said.get(answered.state, too_late))
    return redirect("site:me")


def hours_page(request: Inside, mission: UUID | None = None) -> HttpResponse:
    at = request.visit.act(Door.SITE).at
    to_log, done = member.worker_hours(worker=request.visit.person, at=at)
    open_ones = [visit.mission for visit in done if visit.mission.state == "worked" and not visit.answer]
    forms = {row["mission"]: row["form"] for row in _forms(request, open_ones, mission)}
    if mission not in {one.id for one in (*to_log, *open_ones)}:
        request.refusal = request.refusal or said_by(request.form)
    context = {
        "nav": tabs(request, "hours"),
        "to_log": _forms(request, to_log, mission),
        "done": [{"visit": visit, "form": forms.get(visit.mission)} for visit in done],
        "exports": offer(request, "hours"),
    }
    return render(request, "site/hours.html", context)


@read(worker)
def show_hours(request: Inside) -> HttpResponse:
    return hours_page(request)


@write(worker, again=hours_page)
def log_hours(request: Inside, mission: UUID) -> HttpResponse:
    """Sent again by a phone that was offline: the form's own key makes it the same hours."""
    done = _mission(request, mission)
    form = request.form = HoursForm(request.POST, anchor=mission.hex)
    checked(form)
    logged = form.cleaned_data
    jobs.log_hours(
        act=request.visit.act(Door.SITE),
        mission=done,
        minutes=logged["minutes"],
        key=f"page:{logged['key']}",
    )
    messages.success(request, _("Heures envoyées. La personne chez qui vous étiez va dire si c’est juste."))
    return redirect("site:me")


@write(worker, again=home_page)
def running_late(request: Inside, mission: UUID) -> HttpResponse:
    """Somebody at the desk tells whoever is waiting."""
    jobs.run_late(act=request.visit.act(Door.SITE), mission=_mission(request, mission))
    messages.success(request, _("C’est noté. Nous prévenons la personne qui vous attend."))
    return redirect("site:me")


@read(worker)
def show_pay(request: Inside) -> HttpResponse:
    estimate, payslips = member.worker_pay(worker=request.visit.person, month=this_month(request))
    context = {
        "nav": tabs(request, "pay"),
        "pay": estimate,
        "payslips": payslips,
        "thanks": settled.tips_of(worker=request.visit.person),
        "exports": offer(request, "pay"),
    }
    return render(request, "site/pay.html", context)


def _forms(request: Inside, missions: list[Mission], sent: UUID | None = None) -> list[dict[str, object]]:
    """A form for each mission with its planned length; the one that came back keeps what was typed."""
    rows: list[dict[str, object]] = []
    for one in missions:
        back = request.form if one.id == sent and isinstance(request.form, HoursForm) else None
        form = back or HoursForm(minutes=one.request.minutes, key=uuid4().hex, anchor=one.id.hex)
        rows.append({"mission": one, "form": form})
    return rows


def _mission(request: Inside, mission: UUID) -> Mission:
    found = member.mission_of(mission=mission, worker=request.visit.person)
    if found is None:
        raise Http404
    return found
