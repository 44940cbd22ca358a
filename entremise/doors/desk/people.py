"""People: the list, one card, what is added or changed on it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.buying import queries as buying
from entremise.doors.desk.contracts import may_read
from entremise.doors.desk.fields import usual_place
from entremise.doors.desk.forms_money import MandateForm
from entremise.doors.desk.forms_people import (
    BankForm,
    ConsentForm,
    ContactForm,
    NewPersonForm,
    PaperForm,
    PersonForm,
    RoleForm,
    SupplierForm,
    WorkerForm,
)
from entremise.doors.desk.lists import offer
from entremise.doors.desk.lists_work import ROLES
from entremise.doors.desk.nav import buyers, came_back, found, jobs_staff, page, paged
from entremise.doors.frame.providers import takes_cards
from entremise.doors.frame.visit import Inside, staff
from entremise.doors.frame.ways import checked, on, read, write
from entremise.jobs import operations as jobs
from entremise.jobs.operations import calls
from entremise.jobs.queries import calling, persons
from entremise.kernel.act import STAFF, Door, Role
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people import queries as known
from entremise.people.models import Person


@read(staff)
def people_list(request: Inside) -> HttpResponse:
    typed, chosen = request.GET.get("q", "").strip(), request.GET.get("role", "")
    role, today = ROLES.get(chosen), request.visit.act(Door.DESK).at.date()
    if chosen == "injoignables":
        rows = persons.rows_of(people_=known.unreachable())
        context: dict[str, object] = {"rows": rows, "page": None}
    elif typed:
        rows = persons.rows_of(people_=[one.person for one in known.find(typed=typed, limit=50, role=role)])
        context = {"rows": rows, "page": None}
    else:
        listed = paged(request, persons.everybody(role=role, on=today))
        context = {"rows": persons.rows_of(people_=list(listed)), "page": listed}
    context |= {"typed": typed, "chosen": chosen, "counts": persons.how_many(), "exports": offer(request, "people")}
    return page(request, "people", section="people", context=context)


def person_page(request: Inside, person: UUID, **_of: UUID) -> HttpResponse:
    seen = found(persons.person_page(person=person, at=request.visit.act(Door.DESK).at))
    context = {
        "seen": seen,
        "person": seen.person,
        "documents": [one for one in seen.documents if may_read(request.visit, one)],
        "staff_roles": sorted(STAFF),
        "contact_form": came_back(request, ContactForm) or ContactForm(),
        "paper_form": came_back(request, PaperForm) or PaperForm(),
        "bank_form": came_back(request, BankForm) or BankForm(),
        "mandate_form": came_back(request, MandateForm) or MandateForm(),
        "cards": takes_cards(request.visit.organisation),
        "orders": buying.pledged_by(person=person, limit=8) if buyers(request.visit) else [],
    }
    return page(request, "person", section="people", context=context)


person = read(staff)(person_page)


# A new person


def add_page(request: Inside) -> HttpResponse:
    form = came_back(request, NewPersonForm) or NewPersonForm(
        initial={"place": usual_place(request.visit.organisation.town)}
    )
    return page(request, "add_person", section="people", context={"form": form})


@write(staff, again=add_page)
def add(request: Inside) -> HttpResponse:
    form = request.form = NewPersonForm(request.POST)
    checked(form)
    act = request.visit.act(Door.COUNTER)
    made = calls.add_known(act=act, newcomer=form.newcomer())
    messages.success(request, _("%(name)s est dans le fichier.") % {"name": made.full_name})
    return redirect("desk:person", person=made.id)


add_person = on(get=read(staff)(add_page), post=add)


def change_page(request: Inside, person: UUID) -> HttpResponse:
    known_person = _person(person)
    form = came_back(request, PersonForm) or PersonForm(initial=PersonForm.of(known_person))
    return page(request, "change_person", section="people", context={"form": form, "person": known_person})


@write(staff, again=change_page)
def change(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = PersonForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK, on_behalf_of=person)
    people.change_person(act=act, person=_person(person), **form.changes())
    return _noted(request, person)


change_person = on(get=read(staff)(change_page), post=change)


# What hangs on the card


@write(staff, again=person_page)
def add_contact(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = ContactForm(request.POST)
    checked(form)
    given = form.cleaned_data
    try:
        people.add_contact(
            act=request.visit.act(Door.DESK, on_behalf_of=person),
            person=_person(person),
            kind="email" if "@" in given["value"] else "phone",
            value=given["value"],
            label=given["label"],
        )
    except Refused as refused:
        raise Refused(refused.code, refused.params, where="value") from refused
    return _noted(request, person)


@write(staff, again=person_page)
def remove_contact(request: Inside, person: UUID, contact: UUID) -> HttpResponse:
    row = found(persons.contact(person=person, contact=contact))
    people.remove_contact(act=request.visit.act(Door.DESK, on_behalf_of=person), contact=row)
    return _noted(request, person)


@write(staff, again=person_page)
def end_visits(request: Inside, person: UUID) -> HttpResponse:
    """They lost their telephone: nobody stays in, and no code, link or card of before opens."""
    people.end_visits(act=request.visit.act(Door.PHONE, on_behalf_of=person), person=_person(person))
    return _noted(request, person)


@write(staff, again=person_page)
def texts(request: Inside, person: UUID, contact: UUID) -> HttpResponse:
    """Stop or take up again the text messages to a number."""
    row = found(persons.contact(person=person, contact=contact))
    change_texts = people.resume_texts if row.stopped_at else people.stop_texts
    change_texts(act=request.visit.act(Door.PHONE, on_behalf_of=person), phone=row.value)
    return _noted(request, person)


@write(staff, again=person_page)
def give_role(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = RoleForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK)
    people.give_role(act=act, person=_person(person), role=Role(form.cleaned_data["role"]), since=act.at.date())
    return _noted(request, person)


@write(staff, again=person_page)
def end_role(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = RoleForm(request.POST)
    checked(form)
    act = request.visit.act(Door.DESK)
    people.end_role(act=act, person=_person(person), role=Role(form.cleaned_data["role"]), until=act.at.date())
    return _noted(request, person)


@write(jobs_staff, again=person_page)
def show_paper(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = PaperForm(request.POST)
    checked(form)
    people.show_paper(act=request.visit.act(Door.COUNTER), person=_person(person), **form.cleaned_data)
    return _noted(request, person)


@write(jobs_staff, again=person_page)
def consent(request: Inside, person: UUID) -> HttpResponse:
    """What somebody agrees to, or takes back, aloud."""
    form = request.form = ConsentForm(request.POST)
    checked(form)
    act = request.visit.act(Door.PHONE, on_behalf_of=person)
    people.record_consent(act=act, person=_person(person), **form.consent())
    return _noted(request, person)


@write(staff, again=person_page)
def set_bank_account(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = BankForm(request.POST)
    checked(form)
    given = form.cleaned_data
    act = request.visit.act(Door.COUNTER, on_behalf_of=person)
    payments.set_bank_account(act=act, person=_person(person), iban=given["iban"], holder=given["holder"])
    return _noted(request, person)


def worker_page(request: Inside, person: UUID) -> HttpResponse:
    seen = found(persons.person_page(person=person, at=request.visit.act(Door.DESK).at))
    activities = calling.offered_activities()
    form = came_back(request, WorkerForm) or WorkerForm(activities, initial=WorkerForm.of(seen.worker, seen.skills))
    context = {"form": form, "person": seen.person}
    return page(request, "worker", section="people", context=context)


@write(jobs_staff, again=worker_page)
def describe_worker(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = WorkerForm(calling.offered_activities(), request.POST)
    checked(form)
    act = request.visit.act(Door.COUNTER, on_behalf_of=person)
    jobs.describe_worker(act=act, person=_person(person), **form.described())
    return _noted(request, person)


worker = on(get=read(jobs_staff)(worker_page), post=describe_worker)


def supplier_page(request: Inside, person: UUID) -> HttpResponse:
    seen = found(persons.person_page(person=person, at=request.visit.act(Door.DESK).at))
    activities = calling.offered_activities()
    initial = SupplierForm.of(seen.supplier, seen.skills)
    form = came_back(request, SupplierForm) or SupplierForm(activities, initial=initial)
    return page(request, "supplier", section="people", context={"form": form, "person": seen.person})


@write(jobs_staff, again=supplier_page)
def describe_supplier(request: Inside, person: UUID) -> HttpResponse:
    form = request.form = SupplierForm(calling.offered_activities(), request.POST)
    checked(form)
    act = request.visit.act(Door.COUNTER, on_behalf_of=person)
    business = form.business(persons.activities_of(person=person))
    jobs.describe_supplier(act=act, person=_person(person), **business)
    return _noted(request, person)


supplier = on(get=read(jobs_staff)(supplier_page), post=describe_supplier)


@write(jobs_staff, again=person_page)
def print_card(request: Inside, person: UUID) -> HttpResponse:
    """Ten codes to hand over on paper. Shown this once: only their digests are kept."""
    owner = _person(person)
    act = request.visit.act(Door.COUNTER, on_behalf_of=person)
    codes = people.print_card(act=act, person=owner, secret_key=settings.SECRET_KEY)
    return page(request, "code_card", section="people", context={"person": owner, "codes": codes})


def _person(person: UUID) -> Person:
    return found(persons.person(person=person))


def _noted(request: Inside, person: UUID) -> HttpResponse:
    messages.success(request, _("C’est noté."))
    return redirect("desk:person", person=person)
