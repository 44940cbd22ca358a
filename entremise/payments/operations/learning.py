from collections.abc import Mapping
from uuid import UUID

from django.db.models import Case, F, IntegerField, When

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.models import BankLine, LineRule
from entremise.payments.queries import as_entry
from entremise.payments.rules.suggestions import trait_of
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require


def teach(*, act: Act, line: BankLine, client: Person | None = None, what: str = "") -> LineRule | None:
    """Remember whose money such lines are, or what they are instead. None when nothing tells the line from another."""
    require(act, Verb.PAYMENTS_RECEIVE)
    trait = trait_of(as_entry(line=line), client=client is not None)
    if trait is None:
        return None
    iban, name, text = trait
    rule, new = LineRule.objects.get_or_create(
        iban=iban,
        name=name,
        text=text,
        came_in=line.amount > 0,
        client=client,
        what=what,
        withdrawn_at=None,
        defaults={
            "said": (line.counterparty or line.text or iban)[:140],
            "taught_at": act.at,
            "taught_by": act.by.person,
        },
    )
    if not new:
        LineRule.objects.filter(id=rule.id).update(times=F("times") + 1)
    data = {"what": what or "client", "again": not new}
    record(act=act, type="line_rule_taught", thing="line_rule", thing_id=rule.id, data=data)
    return rule


def unteach(*, act: Act, line: BankLine, client: UUID | None) -> None:
    """Somebody takes back whose money this line was, or without a client what it was instead. A rule that was taught
    by it alone ends.
    """
    trait = trait_of(as_entry(line=line), client=client is not None)
    if trait is None:
        return
    iban, name, text = trait
    rows = LineRule.objects.filter(iban=iban, name=name, text=text, came_in=line.amount > 0, withdrawn_at=None)
    for rule in rows.filter(client_id=client):
        if rule.times > 1:
            LineRule.objects.filter(id=rule.id).update(times=F("times") - 1)
        else:
            withdraw_rule(act=act, rule=rule)


def withdraw_rule(*, act: Act, rule: LineRule) -> LineRule:
    """From now on such lines wait for a person. Raises Refused("not_now") when it was withdrawn before."""
    require(act, Verb.PAYMENTS_RECEIVE)
    standing = LineRule.objects.filter(id=rule.id, withdrawn_at=None)
    if not standing.update(withdrawn_at=act.at, withdrawn_by=act.by.person):
        raise Refused("not_now", {"thing": "line rule", "state": "withdrawn", "verb": "withdraw"})
    rule.refresh_from_db()
    record(act=act, type="line_rule_withdrawn", thing="line_rule", thing_id=rule.id, data={"used": rule.used})
    return rule


def count_uses(*, act: Act, uses: Mapping[UUID, int]) -> None:
    """Rules that settled so many lines just now."""
    more = Case(*(When(id=rule, then=times) for rule, times in uses.items()), output_field=IntegerField())
    if uses:
        LineRule.objects.filter(id__in=uses).update(used=F("used") + more, used_at=act.at)
