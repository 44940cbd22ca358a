"""The bank: statements in, transfer files out, what nobody explained yet; the balance and the FEC."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from entremise.doors.desk.forms_money import MatchForm, SetAsideForm, StatementForm
from entremise.doors.desk.lines import line_page, next_line
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_money import up_to
from entremise.doors.desk.nav import came_back, found, fragment, page
from entremise.doors.frame.visit import Inside, money_staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs.queries import money as queries
from entremise.kernel.act import Door
from entremise.kernel.time import Period
from entremise.payments import queries as paid
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.operations.statements import bring_in, explain_line
from entremise.settlement.rules.fec import CHARSET, encoded


def bank_page(request: Inside, line: UUID | None = None) -> HttpResponse:
    context = {
        "seen": queries.bank(),
        "form": came_back(request, StatementForm) or StatementForm(),
        "match_form": came_back(request, MatchForm) or MatchForm(),
        "aside_form": came_back(request, SetAsideForm) or SetAsideForm(),
        "tried": line,
        "exports": offer(request, "bank"),
    }
    return page(request, "bank", section="money", context=context)


@write(money_staff, again=bank_page)
def import_statement(request: Inside) -> HttpResponse:
    """A statement, a notice or a status from the bank; harmless when it comes twice."""
    form = request.form = StatementForm(request.POST, request.FILES)
    checked(form)
    file = form.cleaned_data["file"]
    brought = bring_in(act=request.visit.act(Door.DESK), name=file.name[:120], content=file.read())
    if brought.file.message:  # A notice of debits, or the status of a file of ours: it has no lines of its own.
        said = _("Avis de la banque lu : %(new)s opérations, %(matched)s qui changent quelque chose ici.")
        messages.success(request, said % {"new": brought.new, "matched": brought.matched})
        return redirect("desk:debits")
    if brought.file.state != "done":
        return redirect("desk:statement", file=brought.file.id)
    messages.success(
        request,
        _("Lignes nouvelles : %(new)s, reconnues : %(matched)s.") % {"new": brought.new, "matched": brought.matched},
    )
    return redirect("desk:statement", file=brought.file.id)


bank = on(get=read(money_staff)(bank_page), post=import_statement)


@read(money_staff)
def statement(request: Inside, file: UUID) -> HttpResponse:
    """One statement, line by line: what it paid and what nobody explained yet, which is shown first."""
    lines = paid.first_lines_of(file=file)
    context = {"lines": lines, "exports": offer(request, "statement", file=file), **_progress(file)}
    if not lines and not context["running"]:
        raise Http404
    return page(request, "statement", section="money", context=context)


@read(money_staff)
def statement_progress(request: Inside, file: UUID) -> HttpResponse:
    """How far a long one is."""
    return fragment(request, "statement_progress", _progress(file))


def _progress(file: UUID) -> dict[str, object]:
    told = found(paid.statement(file=file))
    states = paid.states_of(file=file)
    total = sum(states.values())
    done = {"reading": told.through, "matching": told.through, "done": total - states.get("unmatched", 0)}[told.state]
    return {
        "file": told,
        "done": done,
        "total": told.lines if told.state == "reading" else total,
        "running": told.state != "done",
    }


def where_it_was(request: Inside, line: UUID) -> HttpResponse:
    """The page of the line, or that of the bank with all that wait."""
    return line_page(request, line) if request.POST.get("suite") else bank_page(request, line)


@write(money_staff, again=where_it_was)
def match(request: Inside, line: UUID) -> HttpResponse:
    """A person says which debits or invoice a line pays, or gives back, or whose wages left or came back."""
    meant = paid.line(line=line)
    form = request.form = MatchForm(request.POST)
    checked(form)
    number, act = form.cleaned_data["number"], request.visit.act(Door.DESK)
    invoice, share = settled.invoice_by_number(number=number), settled.share_named(reference=number)
    batch = settled.batch_named(reference=number)
    if batch:  # What the centre kept is said on its own page.
        settlement.pay_batch(act=act, batch=batch, line=meant)
    elif share and meant.amount > 0:
        settlement.receive_share(
            act=act,
            share=share,
            amount=meant.amount,
            how="transfer",
            on=meant.booked_on,
            key=f"line:{meant.id}:{share.id}:{meant.undone}",
            line=meant,
        )
    elif not settlement.debits_by_hand(act=act, line=meant, number=number):
        if invoice:
            say = settlement.receive_by_hand if meant.amount > 0 else settlement.give_back
            say(act=act, line=meant, invoice=invoice)
        elif not (
            settlement.withdrawal_by_hand(act=act, line=meant, number=number)
            or settlement.bill_by_hand(act=act, line=meant, number=number)
        ):
            settlement.wages_by_hand(act=act, line=meant, number=number)
    messages.success(request, _("Noté sous le numéro %(number)s.") % {"number": number})
    return next_line(meant) if request.POST.get("suite") else redirect("desk:bank")


@write(money_staff, again=where_it_was)
def set_aside(request: Inside, line: UUID) -> HttpResponse:
    """A line that pays no invoice and no wage: a grant, a fee of the bank, cheques brought there."""
    left = paid.line(line=line)
    form = request.form = SetAsideForm(request.POST)
    checked(form)
    given = form.cleaned_data
    said = {"what": given["what"], "note": given["reason"], "always": given["always"]}
    explain_line(act=request.visit.act(Door.DESK), line=left, **said)
    messages.success(request, _("Ligne écrite dans les comptes."))
    return next_line(left) if request.POST.get("suite") else redirect("desk:bank")


@read(money_staff)
def bank_file(request: Inside, file: UUID) -> HttpResponse:
    """A transfer file, as it goes to the bank; or a statement, as it came."""
    kept = paid.file(file=file)
    answer = HttpResponse(bytes(kept.content), content_type="application/xml")
    # The name of a statement comes from outside.
    answer["Content-Disposition"] = content_disposition_header(True, f"{' '.join(kept.message_id.split())}.xml") or ""
    return answer


@read(money_staff)
def balance(request: Inside) -> HttpResponse:
    today = request.visit.act(Door.DESK).at.date()
    years = range(request.visit.organisation.founded_at.year, today.year + 1)
    books = queries.books(up_to=up_to(request.GET.get("au", ""), today))
    context = {"books": books, "years": years, "exports": offer(request, "balance")}
    return page(request, "balance", section="money", context=context)


@read(money_staff)
def fec(request: Inside) -> HttpResponse:
    """The year's accounting entries, as the tax office wants them: 18 columns, tabs."""
    year = request.GET.get("annee", "")
    if not (year.isdecimal() and len(year) == 4 and 2000 <= int(year) <= 2100):
        raise Http404
    period = Period(date(int(year), 1, 1), date(int(year), 12, 31))
    content = b"".join(encoded(settled.fec_lines(period=period)))
    answer = HttpResponse(content, content_type=f"text/plain; charset={CHARSET}")
    answer["Content-Disposition"] = f'attachment; filename="{settled.fec_file_name(period=period)}"'
    return answer
