"""What to do about each reason that stands against somebody or a job, and where on the desk it is mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.words import block, blocked_count
from entremise.doors.frame.words_help import TERM_OF
from entremise.jobs.rules.limits import Block

Words = str | Promise


@dataclass(frozen=True)
class Place:
    """A page of the desk. about: whose it is; nothing when it is everybody's."""

    label: Words
    page: str
    about: str = ""  # worker, client, number
    anchor: str = ""


@dataclass(frozen=True)
class Told:
    """A reason as the desk reads it: what, what to do, where; term: the word of the trade that explains it."""

    text: str
    todo: Words
    term: str
    label: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Counted:
    """How many may not go for one reason, and what to do about it."""

    why: str
    count: int
    todo: Words


_PAPERS = Place(_("Ses papiers"), "person", "worker", "t-papiers")
_MISSIONS = Place(_("Ses missions"), "person", "worker", "t-histoire")
_SKILLS = Place(_("Son travail"), "worker", "worker")
_ROLES = Place(_("Ses rôles"), "person", "worker", "t-roles")
_CLIENT = Place(_("Fiche du client"), "person", "client")
_ADDRESS = Place(_("Adresse du client"), "change_person", "client")
_JOB = Place(_("Changer la demande"), "amend", "number")
_TERRITORY = Place(_("Territoire"), "activities", anchor="t-territoire")
_ACTIVITIES = Place(_("Activités"), "activities")

REMEDIES: Final[Mapping[str, tuple[Words, Place]]] = {
    "outside_territory": (
        _("Seules les communes de la convention sont possibles. Si elle a changé, ajoutez la commune."),
        _TERRITORY,
    ),
    "place_unknown": (_("Demandez la commune au client et écrivez-la."), _ADDRESS),
    "dangerous_work": (
        _("La loi l’interdit à une association intermédiaire. Cherchez avec le client une autre solution."),
        _ACTIVITIES,
    ),
    "recent_dismissal": (_("Personne ne peut y déroger. Notez de rappeler l’entreprise après ce jour."), _CLIENT),
    "pass_missing": (
        _("Demandez son numéro à la personne, ou faites la demande avec elle. Puis notez le papier."),
        _PAPERS,
    ),
    "pass_suspended": (_("La suspension repousse la fin du PASS. Notez-le de nouveau quand elle est finie."), _PAPERS),
    "pass_expired": (_("Regardez avec la personne s’il peut être prolongé. Puis notez la nouvelle date."), _PAPERS),
    "right_to_work_expired": (_("Demandez à la personne sa nouvelle autorisation, puis notez-la."), _PAPERS),
    "no_contract_possible": (_("Regardez avec la direction quel contrat peut être signé."), _PAPERS),
    "already_begun": (_("Un contrat se signe avant le travail. Choisissez un moment à venir."), _JOB),
    "overlap": (_("Proposez à quelqu’un d’autre, ou déplacez l’une des deux venues."), _MISSIONS),
    "travel_time": (_("Décalez l’heure, ou écrivez pourquoi la personne arrivera à temps."), _MISSIONS),
    "first_job_alone": (
        _("Envoyez-la avec quelqu’un qui sait, ou écrivez pourquoi elle peut y aller seule."),
        _SKILLS,
    ),
    "daily_rest": (_("Décalez l’heure ou le jour, ou proposez à quelqu’un d’autre."), _MISSIONS),
    "weekly_rest": (_("Gardez-lui ce repos : un autre jour, ou quelqu’un d’autre."), _MISSIONS),
    "daily_work": (_("Faites plus court, un autre jour, ou à deux."), _MISSIONS),
    "weekly_work": (_("Choisissez une autre semaine, ou quelqu’un d’autre."), _MISSIONS),
    "company_work": (_("Demandez la décision du préfet, et écrivez sa référence pour passer outre."), _MISSIONS),
    "registration_missing": (_("Cherchez l’entreprise au registre, puis notez ce papier."), _PAPERS),
    "registration_old": (_("Cherchez-la de nouveau au registre, puis notez ce papier."), _PAPERS),
    "insurance_missing": (_("Demandez son attestation d’assurance, puis notez ce papier."), _PAPERS),
    "insurance_expired": (_("Demandez sa nouvelle attestation d’assurance, puis notez ce papier."), _PAPERS),
    "not_a_worker": (_("Si elle veut travailler, choisissez « Cherche des heures » sur sa fiche."), _ROLES),
}


def told(given: Block, *, worker: UUID | None = None, client: UUID | None = None, number: int | None = None) -> Told:
    """worker, client, number: of whom and of which request, where the page knows them."""
    (todo, place), term = REMEDIES[given.code], TERM_OF.get(given.code, "")
    known = {"": "", "worker": worker, "client": client, "number": number}[place.about]
    if known is None:
        return Told(block(given), todo, term)
    url = reverse(f"desk:{place.page}", args=[known] if known else [])
    return Told(block(given), todo, term, place.label, f"{url}#{place.anchor}" if place.anchor else url)


def counted(counts: Mapping[str, int]) -> list[Counted]:
    """How many may not go, by reason, the most frequent first."""
    rows = [Counted(blocked_count(code), count, REMEDIES[code][0]) for code, count in counts.items()]
    return sorted(rows, key=lambda row: -row.count)
