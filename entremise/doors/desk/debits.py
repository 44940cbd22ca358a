"""Direct debits: what clients let us collect, from the letter that tells them to the bank's answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entremise.doors.desk.forms_money import AnnounceForm, MandateForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.desk.people import person_page
from entremise.doors.desk.treasury import second, waits_for_somebody
from entremise.doors.frame.templatetags.entremise import money as in_euros
from entremise.doors.frame.visit import Inside, money_staff, staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import persons
from entremise.kernel.act import Door
from entremise.payments import operations as payments
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today


def debits_page(request: Inside, **_tried: UUID) -> HttpResponse:
    on_day = today(request.visit.act(Door.DESK))
    seen, ready = settled.debits(on=on_day), settled.debits_to_order(on=on_day)
    waiting = settled.waiting_approval(kind="debits")
    context = {
        "seen": seen,
        "ready": ready,
        **second(request, waiting, total=ready.total, digest=ready.digest),
        "form": came_back(request, AnnounceForm) or AnnounceForm(initial={"collect_on": seen.earliest}),
        "exports": offer(request, "debits"),
    }
    return page(request, "debits", section="money", context=context)


@write(money_staff, again=debits_page)
def announce(request: Inside) -> HttpResponse:
    """Tell every client who lets us collect what will be collected, and when."""
    form = request.form = AnnounceForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK)
    told = settlement.announce_debits(act=act, collect_on=form.cleaned_data["collect_on"])
    said = ngettext(
        "%(count)s prélèvement annoncé, %(total)s.", "%(count)s prélèvements annoncés, %(total)s.", len(told)
    )
    total = in_euros(sum(one.amount for one in told))
    messages.success(request, said % {"count": len(told), "total": total})
    return redirect("desk:debits")


debits = on(get=read(money_staff)(debits_page), post=announce)


@write(money_staff, again=debits_page)
def order(request: Inside) -> HttpResponse:
    """One file for the bank, of what was announced and is near."""
    made = settlement.order_debits(act=request.visit.act(Door.DESK), seen=request.POST.get("seen") or None)
    if made.approval:
        messages.success(request, waits_for_somebody())
    if made.file:
        said = _("Fichier prêt, %(total)s : déposez-le à la banque.")
        messages.success(request, said % {"total": in_euros(made.file.total)})
    if made.dropped:
        said = ngettext(
            "%(count)s facture laissée : payée entre-temps, ou mandat terminé.",
            "%(count)s factures laissées : payées entre-temps, ou mandat terminé.",
            len(made.dropped),
        )
        messages.info(request, said % {"count": len(made.dropped)})
    return redirect("desk:debits")


@write(money_staff, again=debits_page)
def drop(request: Inside, debit: UUID) -> HttpResponse:
    """Announced, but not to be collected after all."""
    settlement.drop_debit(act=request.visit.act(Door.DESK), debit=found(settled.debit(debit=debit)))
    messages.success(request, _("Cette facture n’est pas prélevée. Prévenez la personne."))
    return redirect("desk:debits")


@write(money_staff, again=debits_page)
def came_home(request: Inside, debit: UUID) -> HttpResponse:
    """The bank did not collect it, or took it back: a person says so when no file does."""
    act, meant = request.visit.act(Door.DESK), found(settled.debit(debit=debit))
    if meant.state == "paid":
        settlement.return_debit(act=act, debit=meant, on=today(act))
    else:
        settlement.reject_debit(act=act, debit=meant)
    messages.success(request, _("Cette facture est de nouveau à payer."))
    return redirect("desk:debits")


@write(money_staff, again=debits_page)
def again(request: Inside, debit: UUID) -> HttpResponse:
    """Somebody has spoken with the client: it may be announced again, and its mandate used."""
    act, meant = request.visit.act(Door.DESK), found(settled.debit(debit=debit))
    settlement.collect_again(act=act, debit=meant)
    messages.success(request, _("Cette facture peut être annoncée de nouveau."))
    return redirect("desk:debits")


# Mandates, on a person's card


@write(staff, again=person_page)
def mandate(request: Inside, person: UUID) -> HttpResponse:
    """A mandate that came back on paper."""
    form = request.form = MandateForm(request.POST, request.FILES)
    checked(form)
    given = form.cleaned_data
    settlement.return_mandate(
        act=request.visit.act(Door.PAPER, on_behalf_of=person),
        person=found(persons.person(person=person)),
        iban=given["iban"],
        signed_on=given["signed_on"],
        holder=given["holder"],
        scan=given["scan"].read() if given["scan"] else None,
    )
    messages.success(request, _("C’est noté."))
    return redirect("desk:person", person=person)


@write(staff, again=person_page)
def print_mandate(request: Inside, person: UUID) -> HttpResponse:
    """The form to sign, to print and to send."""
    act = request.visit.act(Door.DESK)
    drawn = settlement.draw_up_mandate(act=act, person=found(persons.person(person=person)))
    return redirect("desk:document", document=drawn.id)


@write(staff, again=person_page)
def revoke(request: Inside, person: UUID) -> HttpResponse:
    """The client wants it no more."""
    act = request.visit.act(Door.PHONE, on_behalf_of=person)
    payments.revoke_mandate(act=act, mandate=found(paid.mandate_of(person=person)))
    messages.success(request, _("Ce mandat est terminé : rien de plus ne sera prélevé."))
    return redirect("desk:person", person=person)


@write(money_staff, again=person_page)
def resume(request: Inside, person: UUID) -> HttpResponse:
    """Somebody has looked: the account is good."""
    payments.resume_mandate(act=request.visit.act(Door.DESK), mandate=found(paid.mandate_of(person=person)))
    messages.success(request, _("Ce mandat sert de nouveau."))
    return redirect("desk:person", person=person)
