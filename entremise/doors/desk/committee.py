"""Who decides, by which rules, and what the year left."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_solidarity import RulesForm, SeatForm, StateForm, answers_of
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import year_asked
from entremise.doors.desk.nav import allowed_to, came_back, found, page
from entremise.doors.frame.visit import Inside, money_staff, staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.people import queries as people
from entremise.people.rules.may import Verb
from entremise.settlement.operations.debits import today
from entremise.solidarity import operations, queries

rulers, voters = allowed_to(Verb.FUNDS_RULE), allowed_to(Verb.AIDS_VOTE)


def rules_page(request: Inside, version: int = 0) -> HttpResponse:
    day = today(request.visit.act(Door.DESK))
    versions = queries.versions()
    proposed = next((one for one in versions if one.state == "proposed"), None)
    said = {one.seat_id: one for one in proposed.votes.all()} if proposed else {}
    context = {
        "current": queries.rules_in_force(on=day),
        "versions": versions,
        "proposed": proposed,
        "seats": [{"seat": one, "vote": said.get(one.id)} for one in queries.seats(on=day)],
        "form": came_back(request, RulesForm) or RulesForm(),
    }
    return page(request, "rules", section="solidarity", context=context)


@write(rulers, again=rules_page)
def propose(request: Inside) -> HttpResponse:
    form = RulesForm(request.POST)
    request.form = form
    checked(form)
    operations.propose_rules(act=request.visit.act(Door.DESK), **form.asked())
    messages.success(request, _("Ces règles attendent le vote du comité."))
    return redirect("desk:rules")


rules = on(get=read(staff)(rules_page), post=propose)


@write(voters, again=rules_page)
def vote(request: Inside, version: int) -> HttpResponse:
    act = request.visit.act(Door.DESK)
    answers = answers_of(request.POST, [one.id for one in queries.seats(on=today(act))])
    operations.vote(act=act, on=found(queries.version(number=version)), answers=answers)
    messages.success(request, _("C’est noté."))
    return redirect("desk:rules")


@write(rulers, again=rules_page)
def close_vote(request: Inside, version: int) -> HttpResponse:
    closed = operations.close_vote(act=request.visit.act(Door.DESK), rules_=found(queries.version(number=version)))
    adopted = closed.state == "adopted"
    messages.success(request, _("Les règles sont adoptées.") if adopted else _("Les règles sont rejetées."))
    return redirect("desk:rules")


def committee_page(request: Inside, seat: UUID | None = None) -> HttpResponse:
    seats = queries.seats(on=today(request.visit.act(Door.DESK)))
    context = {
        "seats": seats,
        "complete": any(one.kind == "beneficiary" for one in seats),
        "form": came_back(request, SeatForm) or SeatForm(),
    }
    return page(request, "committee", section="solidarity", context=context)


@write(rulers, again=committee_page)
def take_seat(request: Inside) -> HttpResponse:
    form = request.form = SeatForm(request.POST)
    checked(form)
    given = form.cleaned_data
    operations.seat(
        act=request.visit.act(Door.DESK),
        person=people.get(person=given["picked"]),
        kind=given["kind"],
        since=given["since"],
        delegate=given["delegate"],
    )
    messages.success(request, _("C’est noté."))
    return redirect("desk:committee")


committee = on(get=read(staff)(committee_page), post=take_seat)


@write(rulers, again=committee_page)
def leave_seat(request: Inside, seat: UUID) -> HttpResponse:
    operations.unseat(act=request.visit.act(Door.DESK), seat=found(queries.seat(seat=seat)))
    messages.success(request, _("C’est noté."))
    return redirect("desk:committee")


def year_page(request: Inside) -> HttpResponse:
    """The statement of dedicated funds, with what would be posted."""
    day = today(request.visit.act(Door.DESK))
    year = year_asked(request.POST.get("year") or request.GET.get("annee", ""), day)
    context = {
        "year": year,
        "rows": queries.year(year=year),
        "document": queries.statement_of(year=year),
        "over": year < day.year,
        "exports": offer(request, "fund_year", annee=year),
    }
    return page(request, "fund_year", section="solidarity", context=context)


@write(money_staff, again=year_page)
def state(request: Inside) -> HttpResponse:
    form = request.form = StateForm(request.POST)
    checked(form)
    year = form.cleaned_data["year"]
    operations.state_year(act=request.visit.act(Door.DESK), year=year)
    messages.success(request, _("Le suivi %(year)s est fait, et ses écritures passées.") % {"year": year})
    return redirect(f"{request.path}?annee={year}")


fund_year = on(get=read(money_staff)(year_page), post=state)
