"""Bodies that pay for others: what they undertook, what they owe, what they refuse."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_payers import PayerForm, RefusalForm, ShareForm, UndertakingForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import SHARED
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today


@read(SHARED)
def payers(request: Inside) -> HttpResponse:
    rows = settled.payers_seen()
    context = {"rows": rows, "due": sum(one.due for one in rows), "exports": offer(request, "payers")}
    return page(request, "payers", section="money", context=context)


def payer_page(request: Inside, person: UUID) -> HttpResponse:
    seen = next(iter(settled.payers_seen(person=person)), None)
    known = {"kind": seen.payer.kind, "due_days": seen.payer.due_days} if seen else None
    day = today(request.visit.act(Door.DESK))
    context = {
        "person": found(persons.person(person=person)),
        "seen": seen,
        "late": seen.late(day) if seen else False,
        "today": day,
        "form": came_back(request, PayerForm) or PayerForm(initial=known),
    }
    return page(request, "payer", section="money", context=context)


@write(SHARED, again=payer_page)
def describe(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = PayerForm(request.POST)
    checked(form)
    body = found(persons.person(person=person))
    settlement.describe_payer(act=request.visit.act(Door.DESK), person=body, **form.cleaned_data)
    messages.success(request, _("C’est noté."))
    return redirect("desk:payer", person=person)


payer = on(get=read(SHARED)(payer_page), post=describe)


@write(SHARED, again=payer_page)
def remind(request: Inside, person: UUID) -> HttpResponse:
    """One letter of all that is late."""
    settlement.remind_payer(act=request.visit.act(Door.DESK), payer=found(settled.payer_of(person=person)))
    messages.success(request, _("Le rappel part."))
    return redirect("desk:payer", person=person)


def undertakings_page(request: Inside, person: UUID, **_of: UUID) -> HttpResponse:
    context = {
        "person": found(persons.person(person=person)),
        "rows": settled.undertakings_of(beneficiary=person),
        "payers": settled.payers(),
        "form": came_back(request, UndertakingForm) or UndertakingForm(payers=settled.payers()),
    }
    return page(request, "undertakings", section="people", context=context)


@write(SHARED, again=undertakings_page)
def undertake(request: Inside, person: UUID) -> HttpResponse:
    known = settled.payers()
    form = request.form = UndertakingForm(request.POST, payers=known)
    checked(form)
    given = {**form.cleaned_data, "payer": next(one for one in known if one.id == form.cleaned_data["payer"])}
    beneficiary = found(persons.person(person=person))
    settlement.undertake(act=request.visit.act(Door.DESK), beneficiary=beneficiary, **given)
    messages.success(request, _("C’est noté : cela compte dès la prochaine facture."))
    return redirect("desk:undertakings", person=person)


undertakings = on(get=read(SHARED)(undertakings_page), post=undertake)


@write(SHARED, again=undertakings_page)
def end(request: Inside, person: UUID, undertaking: UUID) -> HttpResponse:
    meant = found(settled.undertaking(undertaking=undertaking, beneficiary=person))
    settlement.end_undertaking(act=request.visit.act(Door.DESK), undertaking=meant)
    messages.success(request, _("Cette prise en charge est terminée."))
    return redirect("desk:undertakings", person=person)


def share_page(request: Inside, share: UUID) -> HttpResponse:
    meant = found(settled.share(share=share))
    due = settled.due_of(share=meant)
    context = {
        "share": meant,
        "due": due,
        "received": meant.amount - due,
        "form": came_back(request, ShareForm) or ShareForm(due=due),
        "refusal_form": came_back(request, RefusalForm) or RefusalForm(due=due),
    }
    return page(request, "share", section="money", context=context)


@write(money_staff, again=share_page)
def receive(request: Inside, share: UUID) -> HttpResponse:
    """A cheque or coins; a transfer is recognised by its reference, among the lines of the bank."""
    form = request.form = ShareForm(request.POST)
    checked(form)
    given, act = form.cleaned_data, request.visit.act(Door.DESK)
    settlement.receive_share(
        act=act,
        share=found(settled.share(share=share)),
        amount=given["amount"],
        how=given["how"],
        on=today(act),
        key=f"share:{given['once']}",
    )
    messages.success(request, _("%(amount)s encaissés.") % {"amount": in_euros(given["amount"])})
    return redirect("desk:share", share=share)


@write(money_staff, again=share_page)
def refuse(request: Inside, share: UUID) -> HttpResponse:
    """The payer does not pay this; a person says who owes it then."""
    form = request.form = RefusalForm(request.POST)
    checked(form)
    given = form.cleaned_data
    settlement.refuse_share(
        act=request.visit.act(Door.DESK),
        share=found(settled.share(share=share)),
        amount=given["amount"],
        reason=given["reason"],
        key=given["once"],
        forgiven=given["then"] == "nobody",
    )
    messages.success(request, _("C’est noté."))
    return redirect("desk:share", share=share)


share = read(money_staff)(share_page)
