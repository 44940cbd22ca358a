"""Helps that people ask for: written down, voted, granted, paid."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_solidarity import GrantForm, HelpForm, PayAwardForm, ReasonForm, answers_of, of_funds
from entremise.doors.desk.nav import allowed_to, came_back, found, page
from entremise.doors.desk.solidarity import told
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, Visit
from entremise.doors.frame.ways import BadForm, checked, on, read, write
from entremise.kernel.act import Door
from entremise.payments import queries as bank
from entremise.people import queries as people
from entremise.people.rules.may import Verb, may
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award
from entremise.solidarity.rules import AWARD, INVOICED, WAITING

askers, voters = allowed_to(Verb.AIDS_ASK), allowed_to(Verb.AIDS_VOTE)
deciders, payers = allowed_to(Verb.AIDS_DECIDE), allowed_to(Verb.AIDS_PAY)
CASH = "cash"
LINES = 50


def sees(visit: Visit) -> bool:
    """Who speaks with people, and who pays without reading why."""
    return askers(visit) or payers(visit)


def ask_page(request: Inside) -> HttpResponse:
    form = came_back(request, HelpForm) or HelpForm(initial=_for(request.GET.get("personne", "")))
    of_funds(form, [one.fund for one in queries.funds(open_only=True)])
    rules = queries.rules_in_force(on=today(request.visit.act(Door.DESK)))
    return page(request, "help_new", section="solidarity", context={"form": form, "rules": rules})


def _for(typed: str) -> dict[str, object]:
    try:
        person = people.several(people=[UUID(typed)]).get(UUID(typed))
    except ValueError:
        return {}
    return {"who": person.person.full_name, "picked": person.person.id} if person else {}


@write(askers, again=ask_page)
def ask(request: Inside) -> HttpResponse:
    """On the phone or at the counter, in the person's words; or granted at once, where the rules allow."""
    form = request.form = HelpForm(request.POST)
    of_funds(form, [one.fund for one in queries.funds(open_only=True)])
    checked(form)
    given = form.cleaned_data
    person = people.get(person=given["picked"])
    act, said = (
        request.visit.act(Door.PHONE, on_behalf_of=person.id),
        {"purpose": given["purpose"], "need": given["need"]},
    )
    if request.POST.get("do") != "now":
        award = operations.ask_help(act=act, person=person, **said)
        messages.success(request, _("C’est noté. Le comité décide."))
        return redirect("desk:award", award=award.id)
    for name in ("fund", "amount"):
        if not given[name]:
            form.add_error(name, _("Il faut le fonds et le montant pour une aide immédiate. Exemple : 15,00."))
            raise BadForm(form)
    fund = found(queries.fund(fund=UUID(given["fund"])))
    award = operations.help_at_once(act=act, person=person, fund=fund, amount=given["amount"], **said)
    messages.success(request, _("C’est accordé, tout de suite."))
    return redirect("desk:award", award=award.id)


new = on(get=read(askers)(ask_page), post=ask)


def award_page(request: Inside, award: UUID, payment: UUID | None = None) -> HttpResponse:
    seen = found(queries.award(award=award))
    roles = request.visit.actor.roles
    day = today(request.visit.act(Door.DESK))
    seats = queries.seats(on=day)
    said = {one.seat_id: one for one in seen.votes.all() if one.round == seen.round}
    grant_form = came_back(request, GrantForm) or GrantForm()
    of_funds(grant_form, [one.fund for one in queries.funds(open_only=True)])
    back = came_back(request, ReasonForm)
    appealing = request.resolver_match is not None and request.resolver_match.url_name == "award_appeal"
    context = {
        "award": seen,
        "reads": may(roles, Verb.AIDS_READ),
        "waits": seen.state in WAITING,
        "seats": [{"seat": one, "vote": said.get(one.id)} for one in seats],
        "left": queries.left_of(award=seen),
        "rules": queries.rules_in_force(on=day),
        "before": queries.granted_before(person=seen.person_id, year=day.year),
        "grant_form": grant_form,
        "refuse_form": (not appealing and back) or ReasonForm(anchor="refus", label=_("Pourquoi non ?")),
        "appeal_form": (appealing and back) or ReasonForm(anchor="recours", label=_("Ce qu’elle dit")),
        "pay_form": _pay_form(request, seen) if seen.state == "granted" and may(roles, Verb.AIDS_PAY) else None,
        "withdrawable": AWARD.allows(seen.state, "withdraw"),
    }
    return page(request, "award", section="solidarity", context=context)


award = read(sees)(award_page)


def _pay_form(request: Inside, award: Award) -> PayAwardForm:
    back = came_back(request, PayAwardForm)
    form = back or PayAwardForm(anchor="verser", initial={"amount": queries.left_of(award=award)})
    form.offers(_payable(award))
    return form


def _payable(award: Award) -> list[tuple[str, str]]:
    """Their open invoices, the till, and what left our account unexplained."""
    ours = settled.invoices_of(client=award.person_id) if award.purpose in INVOICED else []
    owed = [one for one in ours if one.due > 0 and one.invoice.what == "work"]
    said = _("Facture %(number)s, reste %(due)s")
    invoices = [(one.invoice.number, said % {"number": one.invoice.number, "due": in_euros(one.due)}) for one in owed]
    lines = [(str(one.id), told(one)) for one in bank.unmatched_lines(limit=LINES) if one.amount < 0]
    return [*invoices, (CASH, _("En espèces, de la caisse")), *lines]


@write(voters, again=award_page)
def vote(request: Inside, award: UUID) -> HttpResponse:
    """What members of the committee said."""
    act, row = request.visit.act(Door.DESK), found(queries.award(award=award))
    answers = answers_of(request.POST, [one.id for one in queries.seats(on=today(act))])
    operations.vote(act=act, on=row, answers=answers)
    return _noted(request, award)


@write(deciders, again=award_page)
def grant(request: Inside, award: UUID) -> HttpResponse:
    form = request.form = GrantForm(request.POST)
    of_funds(form, [one.fund for one in queries.funds(open_only=True)])
    checked(form)
    given = form.cleaned_data
    operations.grant(
        act=request.visit.act(Door.DESK),
        award=found(queries.award(award=award)),
        fund=found(queries.fund(fund=UUID(given["fund"]))),
        amount=given["amount"],
        by="delegate" if request.POST.get("by") == "delegate" else "vote",
    )
    return _noted(request, award)


@write(deciders, again=award_page)
def refuse(request: Inside, award: UUID) -> HttpResponse:
    form = request.form = ReasonForm(request.POST, anchor="refus", label=_("Pourquoi non ?"))
    checked(form)
    row = found(queries.award(award=award))
    operations.refuse(act=request.visit.act(Door.DESK), award=row, reason=form.cleaned_data["words"])
    return _noted(request, award)


@write(askers, again=award_page)
def appeal(request: Inside, award: UUID) -> HttpResponse:
    """Said on the phone."""
    form = request.form = ReasonForm(request.POST, anchor="recours", label=_("Ce qu’elle dit"))
    checked(form)
    row = found(queries.award(award=award))
    act = request.visit.act(Door.PHONE, on_behalf_of=row.person_id)
    operations.appeal(act=act, award=row, words=form.cleaned_data["words"])
    return _noted(request, award)


@write(askers, again=award_page)
def withdraw(request: Inside, award: UUID) -> HttpResponse:
    row = found(queries.award(award=award))
    operations.withdraw(act=request.visit.act(Door.PHONE, on_behalf_of=row.person_id), award=row)
    return _noted(request, award)


@write(deciders, again=award_page)
def release(request: Inside, award: UUID) -> HttpResponse:
    """What is left of it is not needed."""
    operations.release(act=request.visit.act(Door.DESK), award=found(queries.award(award=award)))
    return _noted(request, award)


@write(payers, again=award_page)
def pay(request: Inside, award: UUID) -> HttpResponse:
    """On an invoice, in coins, or a transfer that has left."""
    row = found(queries.award(award=award))
    form = PayAwardForm(request.POST, anchor="verser")
    request.form = form
    form.offers(_payable(row))
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.DESK)
    what, key = given["what"], f"desk:{given['once']}"
    if what == CASH:
        operations.pay_cash(act=act, award=row, amount=given["amount"], key=key)
    elif invoice := settled.invoice_by_number(number=what):
        operations.pay_invoice(act=act, award=row, invoice=invoice, amount=given["amount"], key=key)
    else:
        operations.pay_by_line(act=act, award=row, line=bank.line(line=UUID(what)))
    return _noted(request, award)


@write(payers, again=award_page)
def take_back(request: Inside, award: UUID, payment: UUID) -> HttpResponse:
    """Paid by mistake."""
    row = queries.payment(payment=payment)
    operations.take_payment_back(
        act=request.visit.act(Door.DESK), payment=found(row if row and row.award_id == award else None)
    )
    return _noted(request, award)


def _noted(request: Inside, award: UUID) -> HttpResponse:
    messages.success(request, _("C’est noté."))
    return redirect("desk:award", award=award)
