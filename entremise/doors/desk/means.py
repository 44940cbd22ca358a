"""What a provider keeps for somebody, at the desk: the link sent during a call, and their word to end it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from entremise.doors.desk.nav import found
from entremise.doors.desk.people import person_page
from entremise.doors.frame.visit import Inside, staff
from entremise.doors.frame.ways import write
from entremise.jobs.queries import persons
from entremise.kernel.act import Act, Door
from entremise.payments import queries as paid
from entremise.payments.models import KeptMeans
from entremise.settlement import operations as settlement


@write(staff, again=person_page)
def send_link(request: Inside, person: UUID) -> HttpResponse:
    settlement.send_link(act=_act(request, person), person=found(persons.person(person=person)))
    messages.success(request, _("Le lien est parti."))
    return redirect("desk:person", person=person)


@write(staff, again=person_page)
def stop(request: Inside, person: UUID, means: UUID) -> HttpResponse:
    settlement.stop_charging(act=_act(request, person), means=_of(person, means))
    messages.success(request, _("Plus rien ne sera pris par ce moyen."))
    return redirect("desk:person", person=person)


@write(staff, again=person_page)
def remove(request: Inside, person: UUID, means: UUID) -> HttpResponse:
    settlement.take_away(act=_act(request, person), means=_of(person, means))
    messages.success(request, _("C’est enlevé : le prestataire ne le garde plus."))
    return redirect("desk:person", person=person)


def _act(request: Inside, person: UUID) -> Act:
    return request.visit.act(Door.PHONE, on_behalf_of=person)


def _of(person: UUID, means: UUID) -> KeptMeans:
    return found(paid.one_means(means=means, person=person))
