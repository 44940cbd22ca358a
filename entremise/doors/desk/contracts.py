"""Contracts: what waits for a signature first, signing on this screen, papers that came back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.documents import queries as documents
from entremise.documents.models import Document
from entremise.documents.rules import OF_MONEY
from entremise.doors.desk.forms import ScanForm, SignForm
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_work import CONTRACT_STATES
from entremise.doors.desk.nav import came_back, found, jobs_staff, page, paged
from entremise.doors.frame import calling_off as words
from entremise.doors.frame.visit import Inside, Visit, staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.operations import calls
from entremise.jobs.queries import desk
from entremise.jobs.queries.calling_off import terms_of
from entremise.kernel.act import Act, Door
from entremise.people.rules.may import Verb, may
from entremise.settlement import queries as settled

# A coordinator takes coins for an invoice at the counter; what somebody earns is between them and the treasurer.
FOR = {
    **dict.fromkeys(OF_MONEY, Verb.CASH_RECEIVE),
    "payslip": Verb.MONTHS_SETTLE,
    "supplier_statement": Verb.MONTHS_SETTLE,
    "care_statement": Verb.POOLS_RUN,
    "supplier_invoice": Verb.SUPPLIER_PAID_SAY,
}


def may_read(visit: Visit, document: Document) -> bool:
    """Of money, for whoever deals with it."""
    verb = FOR.get(document.kind)
    return verb is None or may(visit.actor.roles, verb)


@read(jobs_staff)
def contracts(request: Inside) -> HttpResponse:
    chosen = request.GET.get("etat", "")
    rows = paged(request, desk.contracts_in(states=CONTRACT_STATES.get(chosen, CONTRACT_STATES[""])))
    context = {
        "page": rows,
        "rows": desk.with_parties(list(rows)),
        "chosen": chosen,
        "today": request.visit.act(Door.DESK).at.date(),
        "exports": offer(request, "contracts"),
    }
    return page(request, "contracts", section="contracts", context=context)


def contract_page(request: Inside, number: str) -> HttpResponse:
    seen = found(desk.contract_numbered(number=number))
    terms = terms_of(seen.agreement.terms.get("calling_off"))
    context = {
        "seen": seen,
        "agreement": seen.agreement,
        "deposit": settled.takes_deposit(agreement=seen.agreement.id),
        "sign_form": came_back(request, SignForm) or SignForm(),
        "scan_form": came_back(request, ScanForm) or ScanForm(),
        "tried": request.POST.get("role", ""),
        "rule": words.rule(terms) if terms else [],
        "papers": documents.documents_about(about_id=seen.agreement.id),
    }
    return page(request, "contract", section="contracts", context=context)


@write(jobs_staff, again=contract_page)
def sign(request: Inside, number: str) -> HttpResponse:
    """A party reads it on this screen, or hears it read, and signs."""
    form = request.form = SignForm(request.POST)
    checked(form)
    seen = found(desk.contract_numbered(number=number))
    role = form.cleaned_data["role"]
    jobs.sign(act=_act_of(request, seen, role), agreement=seen.agreement, role=role, how="screen")
    return _signed(request, number)


@write(jobs_staff, again=contract_page)
def signed_paper(request: Inside, number: str) -> HttpResponse:
    """The paper came back signed: its photo or scan is kept with the contract."""
    form = request.form = ScanForm(request.POST, request.FILES)
    checked(form)
    seen = found(desk.contract_numbered(number=number))
    role = form.cleaned_data["role"]
    content = form.cleaned_data["scan"].read()
    calls.return_paper(act=_act_of(request, seen, role), agreement=seen.agreement, role=role, content=content)
    return _signed(request, number)


def _act_of(request: Inside, seen: desk.Contract, role: str) -> Act:
    party = seen.people.get(role)
    return request.visit.act(Door.COUNTER, on_behalf_of=party.person_id if party else None)


def _signed(request: Inside, number: str) -> HttpResponse:
    messages.success(request, _("Signature de %(number)s enregistrée.") % {"number": number})
    return redirect("desk:contract", number=number)


contract = on(get=read(jobs_staff)(contract_page), post=sign)


@read(staff)
def document(request: Inside, document: UUID) -> HttpResponse:
    """The PDF of anything issued by the organisation."""
    seen = found(documents.document(document=document))
    if not may_read(request.visit, seen):
        raise Http404
    answer = HttpResponse(documents.pdf(document=seen), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{seen.number}.pdf"'
    return answer


@read(jobs_staff)
def scan(request: Inside, document: UUID) -> HttpResponse:
    """The latest scan of a signed paper."""
    kept = documents.scans_of(document=document)
    if not kept:
        raise Http404
    return HttpResponse(bytes(kept[0].content), content_type=kept[0].mime)
