from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people import queries as people
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.solidarity import queries, rules
from entremise.solidarity.models import Award, Fund, Rules
from entremise.solidarity.operations.committee import own_case
from entremise.solidarity.operations.funds import locked_fund, slot
from entremise.solidarity.rules.books_fr import hold_moves
from entremise.tenancy.sealed import LOST

SEALED = ("need", "reason", "appeal")


def ask_help(*, act: Act, person: Person, purpose: str, need: str) -> Award:
    """Somebody asks for help with something, in their words. The same words again are the same request."""
    require(act, Verb.AIDS_ASK, owner=person.id)
    if purpose not in rules.PURPOSES:
        raise Refused("purpose_not_covered", where="purpose")
    wait_for(people=[person.id])
    waiting = Award.objects.filter(person=person, purpose=purpose, state="asked")
    if same := next((one for one in waiting if one.need == need), None):
        return same
    state, fact = rules.AWARD.step("", "ask")
    award = Award.objects.create(person=person, purpose=purpose, need=need, state=state, asked_at=act.at)
    record(act=act, type=fact, thing="award", thing_id=award.id)
    return award


def withdraw(*, act: Act, award: Award) -> Award:
    """They no longer need it. Raises Refused("not_now") once it is decided."""
    require(act, Verb.AIDS_ASK, owner=award.person_id)
    return step(act, locked_award(award), "withdraw")


def grant(*, act: Act, award: Award, fund: Fund, amount: int, by: str = "vote") -> Award:
    """Promise an amount in cents out of a fund: at once it can be promised to nobody else.

    by: vote, when most of the committee said yes; delegate, when whoever acts holds a seat that may decide alone.
    Raises Refused with what the rules, the committee or the fund do not allow; "not_enough" when it is not there.
    """
    require(act, Verb.AIDS_DECIDE)
    wait_for(people=[award.person_id])
    row = locked_award(award)
    version = competent(act, row.person)
    if by == "vote":
        answers = row.votes.filter(round=row.round).values_list("answer", flat=True)
        if not rules.carried(answers, version.quorum):
            raise Refused("vote_against")
    else:
        _must_be_delegate(act)
    return _tell(act, promise(act, row, version, fund, amount, "vote" if by == "vote" else "delegate"))


def help_at_once(*, act: Act, person: Person, purpose: str, need: str, fund: Fund, amount: int) -> Award:
    """« J’en ai besoin aujourd’hui »: the desk grants a small aid alone, as often a year as the rules allow.

    The same words on the same day are the same aid. Raises like `grant`, and Refused("emergencies_used").
    """
    require(act, Verb.AIDS_HURRY)
    wait_for(people=[person.id])
    hurried = Award.objects.filter(person=person, decided_by="emergency", decided_on=today(act))
    if same := next((one for one in hurried if one.need == need), None):
        return same
    version = competent(act, person)
    award = ask_help(act=act, person=person, purpose=purpose, need=need)
    return _tell(act, promise(act, award, version, fund, amount, "emergency"))


def refuse(*, act: Act, award: Award, reason: str) -> Award:
    """With a reason, which the person reads; they may appeal once. Raises like `grant`; Refused("vote_for") when most
    said yes.
    """
    require(act, Verb.AIDS_DECIDE)
    row = locked_award(award)
    version = competent(act, row.person)
    if rules.carried(row.votes.filter(round=row.round).values_list("answer", flat=True), version.quorum):
        raise Refused("vote_for")
    row.rules, row.reason, row.decided_on, row.decided_by = version, reason, today(act), "vote"
    return _tell(act, step(act, row, "refuse", "rules", "reason", "decided_on", "decided_by"))


def appeal(*, act: Act, award: Award, words: str) -> Award:
    """They ask the committee to look again. Raises Refused("not_now") the second time."""
    require(act, Verb.AIDS_ASK, owner=award.person_id)
    row = locked_award(award)
    row.appeal, row.round = words, row.round + 1
    return step(act, row, "appeal", "appeal", "round")


def reseal(*, act: Act) -> int:
    """Seal every word anew, after a change of key; returns how many requests were. What nobody can read stays."""
    require(act, Verb.WORDS_SEAL)
    count = 0
    for award in Award.objects.select_for_update(no_key=True).order_by("id"):
        read = [name for name in SEALED if getattr(award, name) not in ("", LOST)]
        if read:
            award.save(update_fields=read)
            count += 1
    record(act=act, type="words_resealed", thing="award", thing_id=None, data={"count": count})
    return count


def locked_award(award: Award) -> Award:
    """The award as it is now; whoever else changes it waits."""
    rows = Award.objects.select_related("person", "fund").select_for_update(no_key=True, of=("self",))
    return rows.get(id=award.id)


def step(act: Act, award: Award, verb: str, *changed: str) -> Award:
    """Move on, save what changed, record the fact: never the words."""
    award.state, fact = rules.AWARD.step(award.state, verb)
    award.save(update_fields=["state", *changed])
    data = {"rules": award.rules.number} if verb in ("grant", "refuse") and award.rules else {}
    record(act=act, type=fact, thing="award", thing_id=award.id, data=data)
    return award


def competent(act: Act, person: Person) -> Rules:
    """The rules in force, if those who decide may. Raises Refused("no_rules"), "no_beneficiary_seat", "own_case"."""
    on = today(act)
    version = queries.rules_in_force(on=on)
    if version is None:
        raise Refused("no_rules")
    rules.require_committee(one.kind for one in queries.seats(on=on))
    if act.by.person:
        decider = people.get(person=act.by.person)
        if own_case(decider, person):
            raise Refused("own_case", {"name": decider.full_name})
    return version


def _must_be_delegate(act: Act) -> None:
    seats = queries.seats(on=today(act))
    if not any(one.delegate and one.person_id == act.by.person for one in seats):
        raise Refused("not_a_delegate")


def promise(act: Act, award: Award, version: Rules, fund: Fund, amount: int, by: str) -> Award:
    """Hold an amount for a request, as the rules and the fund allow. by: vote, delegate, emergency, place or item."""
    on = today(act)
    before = queries.granted_before(person=award.person_id, year=on.year)
    rules.require_allowed(queries.limits(version=version), before, purpose=award.purpose, amount=amount, by=by)
    owner = locked_fund(fund)
    rules.require_fund(owner.purposes, owner.closed_on, owner.usable_until, purpose=award.purpose, on=on)
    moves = hold_moves(slot(owner), amount, f"Aide accordée, {owner.name}")
    award.hold = book(act=act, key=f"award:{award.id}", on=on, cause="award", cause_id=award.id, moves=moves, held=True)
    award.fund, award.rules, award.amount, award.decided_on, award.decided_by = owner, version, amount, on, by
    return step(act, award, "grant", "hold", "fund", "rules", "amount", "decided_on", "decided_by")


def _tell(act: Act, award: Award) -> Award:
    """That there is an answer, not which: a phone may be read by others."""
    messaging.queue(
        act=act,
        person=award.person,
        template="help_answered",
        context={"organisation": award.person.organisation},
        key=f"help:{award.id}:{award.round}",
        about="award",
        about_id=award.id,
    )
    return award
