"""What an organisation says of itself, to anybody."""

from typing import cast

from django.http import HttpRequest

from entremise.doors.api.door import PUBLIC, asks
from entremise.doors.api.types import Told
from entremise.doors.frame.visit import Inside


class OrganisationFacts(Told):
    """Public facts. phone: answered by a person; text_phone: receives text messages; both E.164, empty when none."""

    name: str
    tagline: str
    town: str
    phone: str
    text_phone: str
    opening_hours: str
    languages: list[str]


@asks("/organisation", PUBLIC, answer=OrganisationFacts, summary="The organisation at this address")
def read_organisation(request: HttpRequest) -> OrganisationFacts:
    ours = cast("Inside", request).visit.organisation
    languages = list(dict.fromkeys((ours.language, "fr", "en")))
    return OrganisationFacts.drawn(ours, languages=languages)
