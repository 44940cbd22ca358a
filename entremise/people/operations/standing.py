from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from entremise.history.operations import record
from entremise.kernel.act import STAFF, Act, Role
from entremise.kernel.refused import Refused
from entremise.people.models import Account, Consent, Membership, Paper, Person
from entremise.people.rules.may import Verb, require
from entremise.people.rules.typed import nir_typed, pass_number_typed, percent_typed


def give_role(*, act: Act, person: Person, role: Role, since: date) -> Membership:
    """Hold a role from `since` on; a role already held stays as it is. Raises Refused("not_allowed")."""
    if role is not Role.CLIENT or act.by.person != person.id:  # Whoever is known may ask for help.
        _check_role(act, role)
    held = Membership.objects.filter(person=person, role=role.value, until__isnull=True).first()
    if held:
        return held
    held = Membership.objects.create(person=person, role=role.value, since=since)
    record(act=act, type="role_given", thing="person", thing_id=person.id, data={"role": role.value})
    return held


def end_role(*, act: Act, person: Person, role: Role, until: date) -> None:
    """Hold a role no longer. until: the first day without it; access ends at once. Nothing when it was not held."""
    _check_role(act, role)
    if Membership.objects.filter(person=person, role=role.value, until__isnull=True).update(until=until):
        record(act=act, type="role_ended", thing="person", thing_id=person.id, data={"role": role.value})


def _check_role(act: Act, role: Role) -> None:
    if role is Role.NETWORK_OPERATOR:  # It belongs to an account and reaches beyond one organisation.
        raise Refused("not_allowed", {"verb": Verb.ROLES_GIVE.value})
    require(act, Verb.ROLES_GIVE if role in STAFF else Verb.PEOPLE_CHANGE)


def record_consent(*, act: Act, person: Person, purpose: str, given: bool, wording: str) -> Consent:
    """What somebody agreed to, or took back. wording: version of the sentence read or shown; the door says how."""
    require(act, Verb.CONSENTS_RECORD, owner=person.id)
    consent = Consent.objects.create(
        person=person,
        purpose=purpose,
        given=given,
        wording=wording,
        how=act.door.value,
        taken_by=act.by.person,
        at=act.at,
    )
    data = {"purpose": purpose, "given": given, "wording": wording}
    record(act=act, type="consent_recorded", thing="person", thing_id=person.id, data=data)
    return consent


def show_paper(
    *,
    act: Act,
    person: Person,
    kind: str,
    number: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    suspended_from: date | None = None,
    suspended_to: date | None = None,
) -> Paper:
    """A paper seen today. The same number shown again, prolonged or suspended, is one paper.

    Raises Refused not_allowed, dates_reversed, nir_not_understood, pass_number_not_understood, rate_not_understood.
    """
    require(act, Verb.PAPERS_SHOW)
    for first, last, where in ((valid_from, valid_to, "valid_to"), (suspended_from, suspended_to, "suspended_to")):
        if first and last and last < first:
            raise Refused("dates_reversed", {"first": first, "last": last}, where=where)
    text = number.strip()
    if kind == Paper.Kind.TAX_RATE:
        text = f"{percent_typed(text, where='number'):f}"
    elif text and kind in (Paper.Kind.NIR, Paper.Kind.PASS_IAE):
        text = (nir_typed if kind == Paper.Kind.NIR else pass_number_typed)(text, where="number")
    paper = (text and Paper.objects.filter(person=person, kind=kind, number=text).first()) or Paper(
        person=person, kind=kind, number=text
    )
    paper.valid_from, paper.valid_to = valid_from, valid_to
    paper.suspended_from, paper.suspended_to = suspended_from, suspended_to
    paper.checked_on, paper.checked_by = act.at.date(), act.by.person
    paper.save()
    record(act=act, type="paper_shown", thing="person", thing_id=person.id, data={"kind": kind})
    return paper


def give_account(*, act: Act, person: Person, login: str, password: str) -> Account:
    """A way to sign in at the desk. Raises Refused not_allowed, account_exists, login_taken, password_weak."""
    require(act, Verb.ACCOUNTS_GIVE)
    if person.account_id:
        raise Refused("account_exists", where="login")
    if Account.objects.filter(login__iexact=login.strip()).exists():
        raise Refused("login_taken", {"login": login.strip()}, where="login")
    _check_password(password)
    person.account = Account.objects.create_user(login.strip(), password)
    person.save(update_fields=["account"])
    record(act=act, type="account_given", thing="person", thing_id=person.id)
    return person.account


def renew_account(*, act: Act, person: Person, password: str) -> Account:
    """Another password for somebody's login; every session it opened is over.

    From a colleague it takes the second factors away too: whoever lost their telephone begins anew. Never so for an
    account of the network, which is more than this organisation's. Raises Refused not_allowed, not_now without an
    account, password_weak.
    """
    account, own = person.account, act.by.person == person.id
    if account is None:
        raise Refused("not_now")
    if not own:
        require(act, Verb.ACCOUNTS_GIVE)
        if account.operates_network:
            raise Refused("not_allowed", {"verb": Verb.ACCOUNTS_GIVE.value})
    _check_password(password)
    account.set_password(password)
    account.save(update_fields=["password"])
    if not own:
        account.authenticator_set.all().delete()
    record(act=act, type="account_renewed", thing="person", thing_id=person.id)
    return account


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused("password_weak", where="password") from error
