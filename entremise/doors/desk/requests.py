"""Requests: the list, one of them, who is asked, who answers, what changes."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entremise.doors.desk.call import suggestion
from entremise.doors.desk.forms import (
    AmendForm,
    CallOffForm,
    DayForm,
    IdentityForm,
    ProposeForm,
    PublicityForm,
    ReasonForm,
)
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_work import REQUEST_STATES
from entremise.doors.desk.nav import came_back, found, jobs_staff, page, paged
from entremise.doors.desk.words_blocks import Told, counted, told
from entremise.doors.frame import calling_off as words
from entremise.doors.frame.fields import QuoteForm
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Request
from entremise.jobs.queries import desk, quotes, rounds
from entremise.jobs.queries.calling_off import calling_off, terms_of
from entremise.kernel.act import Door
from entremise.market import queries as market
from entremise.market.models import Proposal
from entremise.market.rules import WAITING
from entremise.people import queries as people


@read(jobs_staff)
def requests(request: Inside) -> HttpResponse:
    chosen, typed = request.GET.get("etat", ""), request.GET.get("q", "").strip()
    rows = paged(request, desk.requests_in(states=REQUEST_STATES.get(chosen, REQUEST_STATES[""]), typed=typed))
    context = {"page": rows, "chosen": chosen, "typed": typed, "exports": offer(request, "requests")}
    return page(request, "requests", section="requests", context=context)


def request_page(request: Inside, number: int, **_of: UUID) -> HttpResponse:
    at = request.visit.act(Door.PHONE).at
    seen = found(rounds.request_page(number=number, at=at))
    round_ = seen.round
    context: dict[str, object] = {
        "seen": seen,
        "job": seen.request,
        "card": seen.card,
        "started": at.isoformat(timespec="seconds"),
        "form": came_back(request, ProposeForm) or ProposeForm(),
        "stop_form": came_back(request, CallOffForm) or CallOffForm(theirs=seen.request.owed_to_who_comes),
        "stop": _stop(seen, at),
        "public_form": came_back(request, PublicityForm) or _publicity(seen),
        "identity_form": came_back(request, IdentityForm) or IdentityForm(),
        "day_form": came_back(request, DayForm) or DayForm(),
        "tried": _of.get("mission") if came_back(request, ReasonForm) else None,
        "reason_form": came_back(request, ReasonForm),
        "quotes": _quotes(seen),
        "answers": _answers(request, seen, _of.get("proposal")),
        "suggested": [],
        "has_waivable": False,
        "site": _site(seen),
        "blocked": counted(round_.suggestions.blocked) if round_ else [],
    }
    if round_:
        ticked = request.POST.getlist("workers")
        rows = context["suggested"] = [
            {
                **suggestion(one, round_.own),
                "channel": round_.reach[one.person.id].channel,
                "waiting": one.person.id in round_.waiting,
                "willing": one.person.id in round_.willing,
                "ticked": str(one.person.id) in ticked,
            }
            for one in round_.suggestions.people
        ]
        free = [one["person"] for one in rows if not one["waiting"] and not one["barred"]]
        context["first"] = free[0] if free else None
        context["has_waivable"] = any(one.suggestion.blocks for one in round_.suggestions.people)
    return page(request, "request", section="requests", context=context)


def _site(seen: rounds.RequestPage) -> list[Told]:
    """What stands against the job, whoever goes."""
    if seen.round is None:
        return []
    job = seen.request
    return [told(one, client=job.client_id, number=job.listing.number) for one in seen.round.suggestions.site]


def _quotes(seen: rounds.RequestPage) -> list[dict[str, object]]:
    """With what each says of visits that are called off, to read aloud."""
    return [
        {"quote": one.quote, "split": one.split, "rule": words.rule_of(terms_of(one.quote.calling_off), "client")}
        for one in seen.quotes
    ]


def _stop(seen: rounds.RequestPage, at: datetime) -> dict[str, object]:
    """What the client owes when the request stops now, in cents, and for how many visits."""
    still = [one.mission for one in seen.missions if one.mission.state == "ready" and one.mission.starts_at > at]
    fees = [one.due.fee for one in calling_off(missions=still, at=at).values() if one.due.fee]
    return {"fee": sum(fees), "visits": len(fees)}


def _answers(request: Inside, seen: rounds.RequestPage, sent: UUID | None) -> list[dict[str, object]]:
    """Who was asked; with a form for the price that somebody says on the telephone, where they name it."""
    rows: list[dict[str, object]] = []
    for one in seen.proposals:
        form = QuoteForm(anchor=one.id.hex) if seen.request.by_quote and one.state in WAITING else None
        if form and one.id == sent and isinstance(request.form, QuoteForm):
            form = request.form
        rows.append({"proposal": one, "form": form})
    return rows


@write(jobs_staff, again=request_page)
def quote(request: Inside, number: int, proposal: UUID) -> HttpResponse:
    """A price that the supplier said on the telephone."""
    form = request.form = QuoteForm(request.POST, anchor=proposal.hex)
    checked(form)
    given = _proposal(number, proposal)
    jobs.send_quote(act=request.visit.act(Door.PHONE, on_behalf_of=given.person_id), proposal=given, **form.asked())
    messages.success(request, _("Devis noté. Le client est prévenu."))
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def answer_quote(request: Inside, number: int, quote: UUID) -> HttpResponse:
    """The client's word on a quote, said on the telephone."""
    given = found(quotes.quote(quote=quote))
    if given.request_id != _request(number).id:
        raise Http404
    if request.POST.get("answer") not in ("yes", "no"):
        raise BadRequest
    act = request.visit.act(Door.PHONE, on_behalf_of=given.request.client_id)
    if request.POST["answer"] == "yes":
        jobs.accept_quote(act=act, quote=given)
        messages.success(request, _("Devis accepté. Les deux sont prévenus."))
    else:
        jobs.decline_quote(act=act, quote=given)
        messages.success(request, _("Devis refusé. La personne est prévenue."))
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def propose(request: Inside, number: int) -> HttpResponse:
    """Ask those who are ticked, all at once."""
    form = request.form = ProposeForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK)
    asked = jobs.propose(
        act=act,
        request=_request(number),
        workers=form.cleaned_data["workers"],
        overrides=form.overrides(request.visit.person),
    )
    said = ngettext("Proposé à %(count)s personne.", "Proposé à %(count)s personnes.", len(asked))
    messages.success(request, said % {"count": len(asked)})
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def answer(request: Inside, number: int, proposal: UUID) -> HttpResponse:
    """A worker's yes or no, said on the phone."""
    given = _proposal(number, proposal)
    if request.POST.get("answer") not in ("yes", "no"):
        raise BadRequest
    yes = request.POST["answer"] == "yes"
    act = request.visit.act(Door.PHONE, on_behalf_of=given.person_id)
    jobs.answer(act=act, proposal=given, yes=yes)
    name = given.person.given_name or given.person.family_name
    if yes and _request(number).by_quote:
        messages.success(request, _("Devis de %(name)s noté, à son prix. Le client est prévenu.") % {"name": name})
    elif yes and given.state == "accepted":
        messages.success(request, _("%(name)s y va. Il reste à signer.") % {"name": name})
    elif yes:
        messages.info(request, _("Trop tard : la mission est déjà pourvue. %(name)s est prévenu.") % {"name": name})
    else:
        messages.success(request, _("NON de %(name)s noté.") % {"name": name})
    return redirect("desk:request", number=number)


def _publicity(seen: rounds.RequestPage) -> PublicityForm:
    said = seen.publicity
    return PublicityForm(initial={"listed": said.listed, "words": said.words} if said else {"listed": seen.on_list})


@write(jobs_staff, again=request_page)
def set_publicity(request: Inside, number: int) -> HttpResponse:
    """Whether everybody may read of it."""
    form = request.form = PublicityForm(request.POST)
    checked(form)
    wanted = _request(number)
    act = request.visit.act(Door.PHONE, on_behalf_of=wanted.client_id)
    jobs.set_publicity(act=act, request=wanted, listed=form.cleaned_data["listed"], words=form.cleaned_data["words"])
    messages.success(request, _("Noté pour la liste publique."))
    return redirect("desk:request", number=number)


def amend_page(request: Inside, number: int) -> HttpResponse:
    wanted = _request(number)
    zone = request.visit.zone
    form = came_back(request, AmendForm) or AmendForm(initial=AmendForm.of(wanted, zone))
    return page(request, "amend", section="requests", context={"form": form, "job": wanted})


@write(jobs_staff, again=amend_page)
def amend(request: Inside, number: int) -> HttpResponse:
    form = request.form = AmendForm(request.POST)
    checked(form)
    wanted = _request(number)
    act = request.visit.act(Door.PHONE, on_behalf_of=wanted.client_id)
    starts_at = form.starts_at(request.visit.zone)
    jobs.amend(
        act=act,
        request=wanted,
        starts_at=starts_at,
        minutes=form.cleaned_data["minutes"],
        note=form.cleaned_data["note"],
    )
    messages.success(request, _("Demande %(number)s modifiée.") % {"number": number})
    return redirect("desk:request", number=number)


change = on(get=read(jobs_staff)(amend_page), post=amend)


@write(jobs_staff, again=request_page)
def cancel(request: Inside, number: int) -> HttpResponse:
    wanted = _request(number)
    form = request.form = CallOffForm(request.POST, theirs=wanted.owed_to_who_comes)
    checked(form)
    act = request.visit.act(Door.PHONE, on_behalf_of=wanted.client_id)
    jobs.cancel(act=act, request=wanted, **form.said())
    messages.success(request, _("Demande %(number)s annulée.") % {"number": number})
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def identify(request: Inside, number: int) -> HttpResponse:
    """Somebody called whoever asked on the web, and says who it is."""
    form = request.form = IdentityForm(request.POST)
    checked(form)
    wanted, person = _request(number), form.cleaned_data["person"]
    known = people.get(person=person) if person else None
    jobs.identify(act=request.visit.act(Door.PHONE), request=wanted, known=known)
    messages.success(request, _("Demande %(number)s vérifiée. Elle est à proposer.") % {"number": number})
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def renew(request: Inside, number: int) -> HttpResponse:
    """Client and worker go on with a recurring job: new contracts, to be signed, or a quote to be accepted."""
    wanted = _request(number)
    jobs.renew(act=request.visit.act(Door.DESK), request=wanted)
    by_quote = _("Devis envoyé pour la suite, au même prix. La suite est prévue quand le client dit oui.")
    messages.success(request, by_quote if wanted.by_quote else _("La suite est prévue. Il reste à signer."))
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def seek_another(request: Inside, number: int) -> HttpResponse:
    """Whoever comes now does not go on."""
    jobs.seek_another(act=request.visit.act(Door.DESK), request=_request(number))
    messages.success(request, _("Noté. La suite est de nouveau à proposer."))
    return redirect("desk:request", number=number)


@write(jobs_staff, again=request_page)
def give_up(request: Inside, number: int) -> HttpResponse:
    """Nobody was found: the client is told, and the need is counted."""
    wanted = _request(number)
    jobs.give_up(act=request.visit.act(Door.DESK), request=wanted)
    messages.success(request, _("Demande %(number)s sans solution : la personne est prévenue.") % {"number": number})
    return redirect("desk:request", number=number)


request_ = read(jobs_staff)(request_page)


# Visits


def page_of_mission(request: Inside, mission: UUID) -> HttpResponse:
    """The page of its request, with what was typed about this visit."""
    return request_page(request, number=found(desk.mission(mission=mission)).number, mission=mission)


@write(jobs_staff, again=page_of_mission)
def withdraw(request: Inside, mission: UUID) -> HttpResponse:
    """Whoever had said yes cannot come."""
    given, reason = _mission(request, mission)
    act = request.visit.act(Door.PHONE, on_behalf_of=given.worker_id)
    jobs.withdraw_worker(act=act, mission=given, reason=reason)
    messages.success(request, _("Noté. La demande est de nouveau à proposer."))
    return redirect("desk:request", number=given.number)


def _request(number: int) -> Request:
    return found(desk.request_numbered(number=number))


def _proposal(number: int, proposal: UUID) -> Proposal:
    given = found(market.proposal(proposal=proposal))
    if given.listing_id != _request(number).listing_id:
        raise Http404
    return given


def _mission(request: Inside, mission: UUID) -> tuple[Mission, str]:
    form = request.form = ReasonForm(request.POST)
    checked(form)
    return found(desk.mission(mission=mission)), form.cleaned_data["reason"]
