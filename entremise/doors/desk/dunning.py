"""Who is late, what they were written, what comes next; and a human's word that stops it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_dunning import PauseForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import REMINDED
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside
from entremise.doors.frame.ways import checked, on, read, write
from entremise.kernel.act import Door
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.debits import today


@read(REMINDED)
def reminders(request: Inside) -> HttpResponse:
    """Everything that is late, the oldest day first."""
    rows = settled.late(on=today(request.visit.act(Door.DESK)))
    context = {"rows": rows, "due": sum(one.due for one in rows), "exports": offer(request, "reminders")}
    return page(request, "reminders", section="money", context=context)


def reminder_page(request: Inside, number: str, **_of: UUID) -> HttpResponse:
    invoice = found(settled.invoice_by_number(number=number))
    day = today(request.visit.act(Door.DESK))
    one = next(iter(settled.late(on=day, only=[invoice.id])), None)
    cards = bool(takes_cards(request.visit.organisation))
    context = {
        "invoice": invoice,
        "one": one,
        "preview": settled.preview_reminder(one=one, cards=cards) if one else None,
        "pauses": settled.pauses_of(client=invoice.client_id, on=day),
        "form": came_back(request, PauseForm) or PauseForm(),
    }
    return page(request, "reminder", section="money", context=context)


@write(REMINDED, again=reminder_page)
def send(request: Inside, number: str) -> HttpResponse:
    """The next reminder, now, as it was read."""
    settlement.send_reminder(
        act=request.visit.act(Door.DESK),
        invoice=found(settled.invoice_by_number(number=number)),
        tone=request.POST.get("tone", ""),
        cards=bool(takes_cards(request.visit.organisation)),
    )
    messages.success(request, _("Le rappel part."))
    return redirect("desk:reminder", number=number)


reminder = on(get=read(REMINDED)(reminder_page), post=send)


@write(REMINDED, again=reminder_page)
def pause(request: Inside, number: str) -> HttpResponse:
    """« Ne plus relancer » : this invoice, or this person."""
    form = request.form = PauseForm(request.POST)
    checked(form)
    given, invoice = form.cleaned_data, found(settled.invoice_by_number(number=number))
    settlement.pause_reminders(
        act=request.visit.act(Door.PHONE if given["why"] == "call" else Door.DESK),
        client=invoice.client,
        invoice=invoice if given["what"] == "invoice" else None,
        why=given["why"],
        note=given["note"],
        until=given["until"],
    )
    messages.success(request, _("C’est noté : aucun rappel ne part."))
    return redirect("desk:reminder", number=number)


@write(REMINDED, again=reminder_page)
def resume(request: Inside, number: str, pause: UUID) -> HttpResponse:
    """Reminders leave again, each in its turn."""
    client = found(settled.invoice_by_number(number=number)).client_id
    meant = found(settled.pause(pause=pause, client=client))
    settlement.resume_reminders(act=request.visit.act(Door.DESK), pause=meant)
    messages.success(request, _("Les rappels reprennent."))
    return redirect("desk:reminder", number=number)
