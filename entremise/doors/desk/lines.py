"""Bank lines one after another: what each may pay, chosen by its digit, set aside, taken back; and what was learned."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_money import MatchForm, PartsForm, SetAsideForm, UndoForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.nav import came_back, found, page
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, read, write
from entremise.jobs.queries import everywhere
from entremise.kernel.act import Door
from entremise.payments import operations as payments
from entremise.payments import queries as paid
from entremise.payments.models import BankLine
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled


def line_page(request: Inside, line: UUID) -> HttpResponse:
    seen = found(settled.line_page(line=line))
    typed, client = request.GET.get("q", "").strip(), _as_id(request.GET.get("client", ""))
    at = request.visit.act(Door.DESK).at
    parts = came_back(request, PartsForm)
    if client and parts is None:
        parts = PartsForm(settled.owed_now(client=client), left=seen.line.amount)
    context = {
        "seen": seen,
        "line": seen.line,
        "typed": typed,
        "results": everywhere.find(typed=typed, invoices=True, at=at) if typed else None,
        "parts_form": parts,
        "match_form": came_back(request, MatchForm) or MatchForm(),
        "aside_form": came_back(request, SetAsideForm) or SetAsideForm(),
        "undo_form": came_back(request, UndoForm) or UndoForm(),
        "groups": settled.share_groups(line=seen.line),
        "done": _as_id(request.GET.get("fait", "")),
    }
    return page(request, "line", section="money", context=context)


line = read(money_staff)(line_page)


@write(money_staff, again=line_page)
def receive(request: Inside, line: UUID) -> HttpResponse:
    """What the line pays, invoice by invoice: as it was proposed, or as a person shares it."""
    form = request.form = PartsForm(settled.owed_now(numbers=list(request.POST)), request.POST)
    checked(form)
    rows = settled.owed_now(numbers=[number for number, amount in form.cleaned_data.items() if amount is not None])
    parts = {row.invoice: form.cleaned_data[row.invoice.number] for row in rows}
    meant = paid.line(line=line)
    settlement.receive_parts(act=request.visit.act(Door.DESK), line=meant, parts=parts)
    messages.success(request, _("Paiement noté."))
    return next_line(meant)


@write(money_staff, again=line_page)
def undo(request: Inside, line: UUID) -> HttpResponse:
    """Take back what a line was said to be."""
    form = request.form = UndoForm(request.POST)
    checked(form)
    known, act = paid.line(line=line), request.visit.act(Door.DESK)
    settlement.unmatch_line(act=act, line=known, reason=form.cleaned_data["reason"])
    messages.success(request, _("Rapprochement annulé : l’écriture est extournée, la ligne attend."))
    return redirect("desk:line", line=line)


def next_line(line: BankLine) -> HttpResponse:
    """The line that waits after this one; what was said of this one can be taken back from there."""
    near = settled.beside(line=line)
    other = near.after or near.before
    address = reverse("desk:line", args=[other.id if other else line.id])
    return redirect(f"{address}?{urlencode({'fait': line.id})}" if other else address)


def rules_page(request: Inside, rule: UUID | None = None) -> HttpResponse:
    context = {"rules": paid.line_rules(), "exports": offer(request, "line_rules")}
    return page(request, "line_rules", section="money", context=context)


rules = read(money_staff)(rules_page)


@write(money_staff, again=rules_page)
def withdraw(request: Inside, rule: UUID) -> HttpResponse:
    """Such lines wait for a person again."""
    payments.withdraw_rule(act=request.visit.act(Door.DESK), rule=found(paid.line_rule(rule=rule)))
    messages.success(request, _("Règle retirée : ces lignes attendront quelqu’un."))
    return redirect("desk:line_rules")


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
