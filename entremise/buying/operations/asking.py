"""A brief from the needs that it gathers to the answer that is chosen for them, or to the reason why none is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entremise.buying import queries
from entremise.buying.models import Brief, Need, Purchase, Tender
from entremise.buying.operations import planning
from entremise.buying.operations.planning import Plan
from entremise.buying.rules.states import BRIEF, NEED
from entremise.buying.rules.voting import METHODS
from entremise.campaigns.operations import Terms
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.debits import today
from entremise.tenancy.operations import next_number
from entremise.tenancy.queries import here

FIRST_NUMBER = 100  # Said aloud, like those of listings and campaigns.


@dataclass(frozen=True)
class BriefDraft:
    """As `Brief`: what suppliers are asked, and how whoever needs it will choose among their answers."""

    title: str
    about: str
    unit: str
    answers_until: date
    votes_until: date
    counts: str = ""
    method: str = "approval"
    quorum: int = 1
    organiser: Person | None = None


def write_brief(*, act: Act, draft: BriefDraft, needs: Collection[Need] = ()) -> Brief:
    """A brief under a new short number, with the needs that it gathers; nobody else sees it yet.

    Raises Refused("method_unknown"), Refused("vote_too_early") for a vote that ends before the answers are there,
    Refused("day_past") for answers wanted by a day that is over, and what `gather` raises.
    """
    require(act, Verb.NEEDS_GATHER, owner=draft.organiser.id if draft.organiser else None)
    if draft.method not in METHODS:
        raise Refused("method_unknown", where="method")
    if draft.votes_until < draft.answers_until:
        raise Refused("vote_too_early", where="votes_until")
    if draft.answers_until < today(act):
        raise Refused("day_past", where="answers_until")
    state, fact = BRIEF.step("", "write")
    brief = Brief.objects.create(
        number=FIRST_NUMBER + next_number(series="brief"),
        organiser=draft.organiser,
        title=draft.title,
        about=draft.about,
        counts=draft.counts,
        unit=draft.unit,
        state=state,
        method=draft.method,
        quorum=max(1, draft.quorum),
        answers_until=draft.answers_until,
        votes_until=draft.votes_until,
    )
    _record(act, brief, fact)
    _take(act, brief, needs)
    return brief


def gather(*, act: Act, brief: Brief, needs: Collection[Need]) -> Brief:
    """These needs are of it as well; those that are already change nothing. Raises Refused("not_now") once its vote is
    over, or Refused("need_elsewhere") for one that another brief gathered.
    """
    row = _locked(act, brief)
    if row.state not in ("draft", "asking", "voting"):
        raise Refused("not_now", {"thing": "brief", "state": row.state, "verb": "gather"})
    _take(act, row, needs)
    return row


def ask_suppliers(*, act: Act, brief: Brief) -> Brief:
    """From now on anybody may read it, and suppliers may answer."""
    return _step(act, _locked(act, brief), "ask")


def invite(*, act: Act, brief: Brief, supplier: Person) -> Brief:
    """Write to a supplier that an answer of theirs is wanted; once. Raises Refused("not_now") when none is."""
    row = _locked(act, brief)
    if row.state != "asking":
        raise Refused("not_now", {"thing": "brief", "state": row.state, "verb": "invite"})
    _tell(act, row, supplier, "tender_wanted")
    data = {"number": row.number}
    record(act=act, type="supplier_invited", thing="brief", thing_id=row.id, data=data)
    return row


def put_to_vote(*, act: Act, brief: Brief) -> Brief:
    """Whoever's need it gathers is asked to choose. Raises Refused("no_answers") while no supplier stands by one, and
    Refused("nobody_to_vote") while it gathers no need.
    """
    row = _locked(act, brief)
    if not queries.tenders_of(brief=row.id):
        raise Refused("no_answers", {"number": row.number})
    voters = queries.voters(brief=row.id)
    if not voters:
        raise Refused("nobody_to_vote", {"number": row.number})
    row = _step(act, row, "vote")
    for one in voters:
        _tell(act, row, one, "vote_open")
    return row


def choose(*, act: Act, brief: Brief, tender: Tender, reason: str = "") -> Brief:
    """Whom it is bought from, and why, for everybody to read.

    Raises Refused("vote_open_still") before the last day of the vote is over and not everybody has voted,
    Refused("reason_needed") when it is not what the vote prefers alone and with enough ballots,
    Refused("tender_over") for an answer that was taken back, replaced or is no longer valid.
    """
    row = _locked(act, brief)
    on = today(act)
    stands = {one.id: one for one in queries.tenders_of(brief=row.id)}
    if tender.id not in stands or stands[tender.id].valid_until < on:
        raise Refused("tender_over", where="tender")
    count = queries.count(brief=row)
    if on <= row.votes_until and count.ballots < count.voters:
        raise Refused("vote_open_still", {"until": row.votes_until})
    if not (count.enough and count.first == (tender.id,)) and not reason.strip():
        raise Refused("reason_needed", where="reason")
    row.chosen, row.reason, row.decided_at = tender, reason.strip()[:500], act.at
    row = _step(act, row, "choose", "chosen", "reason", "decided_at")
    for one in queries.voters(brief=row.id):
        _tell(act, row, one, "brief_chosen")
    return row


def give_up_brief(*, act: Act, brief: Brief, reason: str) -> Brief:
    """Nothing comes of it, and why; its needs wait for another one. Raises Refused("reason_needed")."""
    row = _locked(act, brief)
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    voters = queries.voters(brief=row.id)
    row.reason, row.decided_at = reason.strip()[:500], act.at
    row = _step(act, row, "give_up", "reason", "decided_at")
    _each(act, Need.objects.filter(brief=row, state="gathered"), "free", brief=None)
    for one in voters:
        _tell(act, row, one, "brief_given_up")
    return row


def plan_for(*, act: Act, brief: Brief, terms: Terms, plan: Plan) -> Purchase:
    """Plan the purchase that was chosen: its needs are met, and whoever said them may order once it is open.

    Raises Refused("supplier_differs") for another supplier than the one who was chosen, and like `planning.plan`.
    """
    row = _locked(act, brief)
    if row.chosen and (plan.supplier is None or plan.supplier.id != row.chosen.supplier_id):
        raise Refused("supplier_differs", {"name": row.chosen.supplier.full_name}, where="who")
    purchase = row.purchase = planning.plan(act=act, terms=terms, plan=plan)
    _step(act, row, "plan", "purchase")
    _each(act, Need.objects.filter(brief=row, state="gathered"), "meet", ended_at=act.at)
    return purchase


def _take(act: Act, brief: Brief, needs: Collection[Need]) -> None:
    ids = [one.id for one in needs]
    rows = list(Need.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id"))
    if any(one.brief_id not in (None, brief.id) for one in rows):
        raise Refused("need_elsewhere")
    _each(act, [one for one in rows if one.brief_id is None], "gather", brief=brief)


def _each(act: Act, needs: Collection[Need], verb: str, **changed: object) -> None:
    """Take each of these needs one step on."""
    moved = list(needs)
    if not moved:
        return
    for one in moved:
        one.state, fact = NEED.step(one.state, verb)
        for name, value in changed.items():
            setattr(one, name, value)
    Need.objects.bulk_update(moved, ["state", *changed], batch_size=500)
    record_many(act=act, type=fact, thing="need", data={one.id: {} for one in moved})


def _tell(act: Act, brief: Brief, person: Person, template: str) -> None:
    messaging.queue(
        act=act,
        person=person,
        template=template,
        context={"brief": brief, "organisation": here(), "person": person},
        key=f"{template}:{brief.id}:{person.id}",
        about="brief",
        about_id=brief.id,
    )


def _locked(act: Act, brief: Brief) -> Brief:
    """As it is now; whoever else changes it waits."""
    require(act, Verb.NEEDS_GATHER, owner=brief.organiser_id)
    return locked_brief(brief.id)


def locked_brief(brief: UUID) -> Brief:
    return Brief.objects.select_for_update(no_key=True).get(id=brief)


def _step(act: Act, brief: Brief, verb: str, *changed: str) -> Brief:
    brief.state, fact = BRIEF.step(brief.state, verb)
    brief.save(update_fields=["state", *changed])
    _record(act, brief, fact)
    return brief


def _record(act: Act, brief: Brief, fact: str) -> None:
    record(act=act, type=fact, thing="brief", thing_id=brief.id, data={"number": brief.number})
