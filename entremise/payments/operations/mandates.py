from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.adapters.iban import bic_of, check_iban
from entremise.payments.models import Mandate
from entremise.payments.rules import LIVE, MANDATE, is_idle
from entremise.people.models import Person
from entremise.people.operations.waiting import wait_for
from entremise.people.rules.may import Verb, require
from entremise.tenancy.operations import next_number
from entremise.tenancy.queries import here


def give_mandate(
    *, act: Act, person: Person, iban: str, signed_on: date, how: str, holder: str = "", document: UUID | None = None
) -> Mandate:
    """A client lets us collect from this account from now on; an earlier mandate of theirs ends.

    how: paper or site. The same account again, while its mandate holds, changes nothing. document: the paper, kept.
    Raises Refused("iban_not_understood"), or Refused("signed_later") for a day to come.
    """
    require(act, Verb.MANDATES_KEEP, owner=person.id)
    compact = check_iban(iban)
    if signed_on > _today(act):
        raise Refused("signed_later", where="signed_on")
    wait_for(people=[person.id])
    before = Mandate.objects.filter(person=person, state__in=LIVE).first()
    if before and before.state == "active" and before.iban == compact:
        return before
    if before:
        _move(act, before, "revoke", reason="replaced")
    state, fact = MANDATE.step("", "give")
    mandate = Mandate.objects.create(
        person=person,
        reference=f"RUM-{next_number(series='mandates'):05d}",
        iban=compact,
        bic=bic_of(compact),
        holder=(holder or person.full_name)[:70],
        signed_on=signed_on,
        how=Mandate.How(how),
        document=document,
        state=state,
        given_at=act.at,
        given_by=act.by.person,
    )
    said = {"reference": mandate.reference, "how": how}
    record(act=act, type=fact, thing="mandate", thing_id=mandate.id, data=said)
    return mandate


def revoke_mandate(*, act: Act, mandate: Mandate) -> Mandate:
    """Nothing more is collected by it. What is on its way at the bank already still comes. Done again, it changes
    nothing."""
    require(act, Verb.MANDATES_KEEP, owner=mandate.person_id)
    wait_for(people=[mandate.person_id])
    mandate.refresh_from_db()
    return mandate if mandate.state == "revoked" else _move(act, mandate, "revoke")


def suspend_mandate(*, act: Act, mandate: Mandate, reason: str) -> Mandate:
    """The bank sent a debit back for a reason that will not pass: the mandate rests until a person has looked.
    reason: a code of ISO 20022. One that rests or has ended stays as it is."""
    require(act, Verb.DEBITS_CONFIRM)
    mandate.refresh_from_db()
    return _move(act, mandate, "suspend", reason=reason) if mandate.state == "active" else mandate


def resume_mandate(*, act: Act, mandate: Mandate) -> Mandate:
    """A person has looked: this account is good. Raises Refused("not_now") unless it rests."""
    require(act, Verb.DEBITS_CONFIRM)
    wait_for(people=[mandate.person_id])
    mandate.refresh_from_db()
    return _move(act, mandate, "resume")


def lapse_mandates(*, act: Act) -> int:
    """End the mandates that were not used for as long as the rules let them sleep; returns how many."""
    require(act, Verb.DEBITS_ORDER)
    on = _today(act)
    months = int(figures.table().at("sepa_mandate_idle_months", on))
    idle = [
        one
        for one in Mandate.objects.filter(state__in=LIVE).order_by("id")
        if is_idle(signed_on=one.signed_on, last_used_on=one.last_used_on, months=months, on=on)
    ]
    for mandate in idle:
        _move(act, mandate, "lapse")
    return len(idle)


def _today(act: Act) -> date:
    return act.at.astimezone(ZoneInfo(here().timezone)).date()


def _move(act: Act, mandate: Mandate, verb: str, *, reason: str = "") -> Mandate:
    """Take one edge. Whoever comes second gets Refused("not_now")."""
    before = mandate.state
    mandate.state, fact = MANDATE.step(before, verb)
    mandate.reason = reason[:60]
    mandate.ended_at = None if mandate.state in LIVE else act.at
    rows = Mandate.objects.filter(id=mandate.id, state=before)
    if not rows.update(state=mandate.state, reason=mandate.reason, ended_at=mandate.ended_at):
        raise Refused("not_now", {"thing": "mandate", "state": before, "verb": verb})
    data = {"reference": mandate.reference, "reason": mandate.reason}
    record(act=act, type=fact, thing="mandate", thing_id=mandate.id, data=data)
    return mandate
