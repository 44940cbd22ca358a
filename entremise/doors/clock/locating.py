"""Where people live, asked of the address service that the installation names; without one, their commune stands."""

from functools import partial

from django.conf import settings

from entremise.doors.clock.watch import Watch, log, read, write
from entremise.jobs import operations as jobs
from entremise.kernel.act import Act
from entremise.kernel.place import Point
from entremise.people.adapters.addresses import NationalAddressService, ServiceAway
from entremise.people.models import Person
from entremise.people.queries import not_located
from entremise.tenancy.models import Organisation


def locate_people(watch: Watch, organisation: Organisation) -> int:
    """Ask about everybody who is new or has moved; returns about how many an answer was kept."""
    if not settings.ADDRESS_SERVICE_URL:
        return 0
    service, kept = NationalAddressService(settings.ADDRESS_SERVICE_URL), 0
    for person in read(organisation, not_located):
        if watch.stop.is_set():
            break
        try:
            point = service.resolve(person.street, person.place.postcode if person.place else "")
        except ServiceAway as away:
            log.warning("address_service_away", organisation=organisation.slug, said=str(away))
            break  # The others would wait as long; next turn.
        kept += watch.one(organisation, "locate", person.id, partial(_keep, organisation, person, point))
    return kept


def _keep(organisation: Organisation, person: Person, point: Point | None) -> None:
    def keep(act: Act) -> Person:
        return jobs.locate(act=act, person=person, point=point)

    write(organisation, keep)
