"""What people need together: said on their own page, answered by suppliers, put to the vote, and read by everybody."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from entremise.buying import operations, queries
from entremise.buying.models import Brief, Need
from entremise.buying.rules.states import LIVE_NEEDS, PUBLIC_BRIEFS
from entremise.doors.frame.forms_needs import BallotForm, NeedForm, TenderForm
from entremise.doors.frame.needs import told
from entremise.doors.frame.visit import Inside, anyone, signed_in, supplier
from entremise.doors.frame.ways import NotForYou, checked, on, read, write
from entremise.doors.frame.words_needs import METHODS, NEEDS
from entremise.doors.site.nav import foot, head, tabs
from entremise.kernel.act import Door
from entremise.people import queries as people

# For everybody


@read(anyone)
def briefs(request: Inside) -> HttpResponse:
    """What is looked for, put to the vote or chosen: never who needs it."""
    rows = queries.briefs(states=PUBLIC_BRIEFS)
    return render(request, "site/briefs.html", {"nav": head(), "foot_nav": foot(), "rows": rows})


def brief_page(request: Inside, number: int) -> HttpResponse:
    brief = _public(number)
    person, form = request.visit.actor.person, request.form
    count, tenders = queries.count(brief=brief), queries.tenders_of(brief=brief.id)
    may_vote = brief.state == "voting" and person in {one.id for one in queries.voters(brief=brief.id)}
    if may_vote and person and not isinstance(form, BallotForm):
        ballot = queries.ballot_of(brief=brief.id, person=person)
        form = BallotForm(method=brief.method, tenders=tenders, ballot=ballot)
    context = {
        "nav": head(),
        "foot_nav": foot(),
        "brief": brief,
        "method": METHODS[brief.method],
        "rows": told(brief, tenders, count),
        "count": count,
        "form": form if may_vote else None,
    }
    return render(request, "site/brief.html", context)


brief = read(anyone)(brief_page)


@write(signed_in, again=brief_page)
def vote(request: Inside, number: int) -> HttpResponse:
    brief = _public(number)
    form = BallotForm(request.POST, method=brief.method, tenders=queries.tenders_of(brief=brief.id))
    request.form = form
    checked(form)
    person = people.get(person=request.visit.person)
    operations.cast_ballot(act=request.visit.act(Door.SITE), brief=brief, person=person, choices=form.chosen())
    messages.success(request, _("Votre vote est noté. Vous pouvez le changer jusqu’à la fin."))
    return redirect("site:brief", number=number)


def _public(number: int) -> Brief:
    found = queries.brief(number=number)
    if found is None or found.state not in PUBLIC_BRIEFS:
        raise Http404
    return found


# Their own needs


def needs_page(request: Inside, need: UUID | None = None) -> HttpResponse:
    rows = []
    for one in queries.needs_of(person=request.visit.person):
        label, tone, icon = NEEDS[one.state]
        rows.append({"need": one, "label": label, "tone": tone, "icon": icon, "live": one.state in LIVE_NEEDS})
    form = request.form if isinstance(request.form, NeedForm) else NeedForm()
    return render(request, "site/needs.html", {"nav": tabs(request, "help"), "rows": rows, "form": form})


@write(signed_in, again=needs_page)
def say(request: Inside) -> HttpResponse:
    form = request.form = NeedForm(request.POST)
    checked(form)
    person = people.get(person=request.visit.person)
    operations.say_need(act=request.visit.act(Door.SITE), person=person, words=form.words())
    messages.success(request, _("C’est noté. Quand assez de personnes ont le même besoin, nous cherchons des offres."))
    return redirect("site:needs")


needs = on(get=read(signed_in)(needs_page), post=say)


@write(signed_in, again=needs_page)
def withdraw(request: Inside, need: UUID) -> HttpResponse:
    operations.withdraw_need(act=request.visit.act(Door.SITE), need=_mine(request, need))
    messages.success(request, _("Votre besoin est retiré."))
    return redirect("site:needs")


def _mine(request: Inside, need: UUID) -> Need:
    found = queries.need(need=need)
    if found is None or found.person_id != request.visit.person:
        raise NotForYou
    return found


# Suppliers


@read(supplier)
def tenders(request: Inside) -> HttpResponse:
    """What is asked of suppliers now, and what they answered."""
    asking, rows = queries.briefs(states=("asking", "voting", "chosen", "planned")), []
    mine = queries.tenders_by(supplier=request.visit.person)
    for one in asking:
        if one.state == "asking" or one.id in mine:
            rows.append({"brief": one, "tender": mine.get(one.id)})
    return render(request, "site/tenders.html", {"nav": tabs(request, "business"), "rows": rows})


def tender_page(request: Inside, number: int) -> HttpResponse:
    brief = _public(number)
    mine = queries.tenders_by(supplier=request.visit.person).get(brief.id)
    form = request.form if isinstance(request.form, TenderForm) else TenderForm.of(mine)
    context = {"nav": tabs(request, "business"), "brief": brief, "tender": mine, "form": form}
    return render(request, "site/tender.html", context)


@write(supplier, again=tender_page)
def send_tender(request: Inside, number: int) -> HttpResponse:
    form = request.form = TenderForm(request.POST)
    checked(form)
    person = people.get(person=request.visit.person)
    act = request.visit.act(Door.SITE)
    operations.tender(act=act, brief=_public(number), supplier=person, offered=form.offered())
    messages.success(request, _("Votre offre est enregistrée. Une nouvelle la remplacera."))
    return redirect("site:tenders")


tender = on(get=read(supplier)(tender_page), post=send_tender)


@write(supplier, again=tender_page)
def end_tender(request: Inside, number: int) -> HttpResponse:
    mine = queries.tenders_by(supplier=request.visit.person).get(_public(number).id)
    if mine is None:
        raise Http404
    operations.end_tender(act=request.visit.act(Door.SITE), tender=mine)
    messages.success(request, _("Votre offre est retirée."))
    return redirect("site:tenders")
