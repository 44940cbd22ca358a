"""What people need, gathered at the desk: a brief, its answers, the vote, the choice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entremise.buying import operations, queries
from entremise.buying.models import Brief, Need
from entremise.buying.rules.states import BRIEF
from entremise.doors.desk.forms_needs import AnswerForm, BriefForm, ChoiceForm, GiveUpForm, InviteForm, SaidForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import allowed_to, came_back, found, listeners, page
from entremise.doors.frame.forms_needs import BallotForm
from entremise.doors.frame.needs import told
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.doors.frame.words_needs import METHODS
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.people.rules.may import Verb

gatherers = allowed_to(Verb.NEEDS_GATHER)


def needs_page(request: Inside, need: UUID | None = None) -> HttpResponse:
    """What people said they need, by the words that they share, and what is looked for already."""
    waiting = queries.needs_waiting()
    groups, alone = queries.grouped(needs=waiting)
    context = {
        "waiting": waiting,
        "groups": groups,
        "alone": alone,
        "briefs": queries.briefs(),
        "form": came_back(request, SaidForm) or SaidForm(),
        "exports": offer(request, "needs"),
    }
    return page(request, "needs", section="together", context=context)


@write(listeners, again=needs_page)
def say(request: Inside) -> HttpResponse:
    form = request.form = SaidForm(request.POST)
    checked(form)
    person = people.get(person=form.cleaned_data["picked"])
    act = request.visit.act(Door.DESK, on_behalf_of=person.id)
    operations.say_need(act=act, person=person, words=form.words())
    messages.success(request, _("C’est noté pour %(name)s.") % {"name": person.full_name})
    return redirect("desk:needs")


needs = on(get=read(listeners)(needs_page), post=say)


@write(listeners, again=needs_page)
def withdraw(request: Inside, need: UUID) -> HttpResponse:
    meant = found(queries.need(need=need))
    operations.withdraw_need(act=request.visit.act(Door.DESK, on_behalf_of=meant.person_id), need=meant)
    messages.success(request, _("Ce besoin est retiré."))
    return redirect("desk:needs")


def new_page(request: Inside) -> HttpResponse:
    chosen = _chosen(request)
    form = came_back(request, BriefForm) or BriefForm(initial=_usual(chosen))
    return page(request, "brief_new", section="together", context={"form": form, "chosen": chosen})


def _usual(chosen: list[Need]) -> dict[str, object]:
    """What their words propose."""
    first = chosen[0] if chosen else None
    return {
        "title": first.what.capitalize() if first else "",
        "unit": next((one.unit for one in chosen if one.unit), ""),
        "quorum": max(1, len({one.person_id for one in chosen}) // 2),
    }


def _chosen(request: Inside) -> list[Need]:
    asked = request.POST.getlist("besoin") or request.GET.getlist("besoin")
    return [one for one in queries.needs_waiting() if str(one.id) in asked]


@write(gatherers, again=new_page)
def write_down(request: Inside) -> HttpResponse:
    form = request.form = BriefForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK)
    made = operations.write_brief(act=act, draft=form.draft(), needs=_chosen(request))
    messages.success(request, _("L’appel %(number)s est prêt : relisez-le, puis ouvrez-le.") % {"number": made.number})
    return redirect("desk:brief", number=made.number)


new = on(get=read(gatherers)(new_page), post=write_down)


def brief_page(request: Inside, number: int) -> HttpResponse:
    brief = _brief(number)
    count, tenders = queries.count(brief=brief), queries.tenders_of(brief=brief.id)
    waiting = queries.needs_waiting() if BRIEF.allows(brief.state, "give_up") and brief.state != "chosen" else []
    context = {
        "brief": brief,
        "method": METHODS[brief.method],
        "needs": queries.needs_in(brief=brief.id),
        "waiting": waiting,
        "rows": told(brief, tenders, count, inside=brief.state != "asking"),
        "count": count,
        "first": [one for one in tenders if one.id in count.first],
        "allows": {verb: BRIEF.allows(brief.state, verb) for verb in ("ask", "vote", "choose", "plan", "give_up")},
        "invite_form": came_back(request, InviteForm) or InviteForm(),
        "choice_form": came_back(request, ChoiceForm) or ChoiceForm(tenders=tenders),
        "give_up_form": came_back(request, GiveUpForm) or GiveUpForm(),
    }
    return page(request, "brief", section="together", context=context)


brief = read(listeners)(brief_page)


@write(gatherers, again=brief_page)
def ask(request: Inside, number: int) -> HttpResponse:
    operations.ask_suppliers(act=request.visit.act(Door.DESK), brief=_brief(number))
    messages.success(request, _("L’appel est public. Écrivez maintenant aux fournisseurs que vous connaissez."))
    return redirect("desk:brief", number=number)


@write(gatherers, again=brief_page)
def invite(request: Inside, number: int) -> HttpResponse:
    form = request.form = InviteForm(request.POST)
    checked(form)
    supplier = people.get(person=form.cleaned_data["picked"])
    operations.invite(act=request.visit.act(Door.DESK), brief=_brief(number), supplier=supplier)
    messages.success(request, _("Un message part à %(name)s.") % {"name": supplier.full_name})
    return redirect("desk:brief", number=number)


@write(gatherers, again=brief_page)
def gather(request: Inside, number: int) -> HttpResponse:
    operations.gather(act=request.visit.act(Door.DESK), brief=_brief(number), needs=_chosen(request))
    messages.success(request, _("C’est noté."))
    return redirect("desk:brief", number=number)


def answer_page(request: Inside, number: int) -> HttpResponse:
    form = came_back(request, AnswerForm) or AnswerForm.of(None)
    return page(request, "tender", section="together", context={"brief": _brief(number), "form": form})


@write(listeners, again=answer_page)
def note_answer(request: Inside, number: int) -> HttpResponse:
    """What a supplier said by telephone, or sent."""
    form = request.form = AnswerForm(request.POST)
    checked(form)
    supplier = people.get(person=form.cleaned_data["picked"])
    act = request.visit.act(Door.DESK, on_behalf_of=supplier.id)
    operations.tender(act=act, brief=_brief(number), supplier=supplier, offered=form.offered())
    messages.success(request, _("L’offre de %(name)s est notée.") % {"name": supplier.full_name})
    return redirect("desk:brief", number=number)


tender = on(get=read(listeners)(answer_page), post=note_answer)


@write(gatherers, again=brief_page)
def put_to_vote(request: Inside, number: int) -> HttpResponse:
    operations.put_to_vote(act=request.visit.act(Door.DESK), brief=_brief(number))
    messages.success(request, _("Le vote est ouvert, et les personnes sont prévenues."))
    return redirect("desk:brief", number=number)


def ballot_page(request: Inside, number: int, person: UUID) -> HttpResponse:
    brief = _brief(number)
    voter = next((one for one in queries.voters(brief=brief.id) if one.id == person), None)
    tenders = queries.tenders_of(brief=brief.id)
    form = came_back(request, BallotForm) or BallotForm(
        method=brief.method, tenders=tenders, ballot=queries.ballot_of(brief=brief.id, person=person)
    )
    rows = told(brief, tenders, queries.count(brief=brief))
    context = {"brief": brief, "voter": found(voter), "form": form, "rows": rows, "method": METHODS[brief.method]}
    return page(request, "ballot", section="together", context=context)


@write(listeners, again=ballot_page)
def cast(request: Inside, number: int, person: UUID) -> HttpResponse:
    """What somebody says on the telephone."""
    brief = _brief(number)
    form = BallotForm(request.POST, method=brief.method, tenders=queries.tenders_of(brief=brief.id))
    request.form = form
    checked(form)
    voter = people.get(person=person)
    act = request.visit.act(Door.DESK, on_behalf_of=person)
    operations.cast_ballot(act=act, brief=brief, person=voter, choices=form.chosen())
    messages.success(request, _("Le vote de %(name)s est noté.") % {"name": voter.full_name})
    return redirect("desk:brief", number=number)


ballot = on(get=read(listeners)(ballot_page), post=cast)


@write(gatherers, again=brief_page)
def choose(request: Inside, number: int) -> HttpResponse:
    brief = _brief(number)
    tenders = queries.tenders_of(brief=brief.id)
    form = request.form = ChoiceForm(request.POST, tenders=tenders)
    checked(form)
    tender = next(one for one in tenders if str(one.id) == form.cleaned_data["tender"])
    act = request.visit.act(Door.DESK)
    operations.choose(act=act, brief=brief, tender=tender, reason=form.cleaned_data["reason"])
    messages.success(request, _("C’est choisi, et chacun peut lire pourquoi."))
    return redirect("desk:brief", number=number)


@write(gatherers, again=brief_page)
def give_up(request: Inside, number: int) -> HttpResponse:
    form = request.form = GiveUpForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK)
    operations.give_up_brief(act=act, brief=_brief(number), reason=form.cleaned_data["reason"])
    messages.success(request, _("C’est sans suite. Les besoins restent notés pour une autre fois."))
    return redirect(reverse("desk:needs"))


def _brief(number: int) -> Brief:
    return found(queries.brief(number=number))
