from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from uuid import UUID

from django.db.models import Case, Count, F, Q, Sum, When

from entremise.figures import queries as figures
from entremise.payments.adapters import camt, tags
from entremise.payments.models import (
    BankAccount,
    BankFile,
    BankLine,
    Instruction,
    Intent,
    KeptMeans,
    LineRule,
    Mandate,
    ProviderAccount,
    ProviderLine,
)
from entremise.payments.rules import LIVE, Entry, LineKeys, is_idle
from entremise.payments.rules import intents as rules
from entremise.payments.rules import means as means_rules
from entremise.payments.rules.suggestions import Taught, traits_of
from entremise.people.models import Person

CHUNK = 1000  # Movements of a statement at a time.


def bank_account_of(*, person: UUID) -> BankAccount | None:
    """Where this person is paid now."""
    return BankAccount.objects.filter(person_id=person).order_by("-since", "-id").first()


def bank_accounts_of(*, people: list[UUID]) -> dict[UUID, BankAccount]:
    """The account in use of each of these people, in one query."""
    rows = BankAccount.objects.filter(person_id__in=people).order_by("since", "id")
    return {row.person_id: row for row in rows}


def mandate_of(*, person: UUID) -> Mandate | None:
    """The one that holds, or rests."""
    return Mandate.objects.filter(person_id=person, state__in=LIVE).first()


def mandates_of(*, on: date, people: Collection[UUID] | None = None) -> dict[UUID, Mandate]:
    """The mandate by which each of these people, or everybody, may be collected from that day, by person."""
    months = int(figures.table().at("sepa_mandate_idle_months", on))
    rows = Mandate.objects.filter(state="active").select_related("person__place")
    if people is not None:
        rows = rows.filter(person_id__in=people)
    return {
        one.person_id: one
        for one in rows
        if not is_idle(signed_on=one.signed_on, last_used_on=one.last_used_on, months=months, on=on)
    }


def message_of(*, content: bytes) -> str:
    """Which message of ISO 20022 the bank's file says it is: camt.053, camt.054, pain.002, or none that we read."""
    return tags.message_of(content)


def line(*, line: UUID) -> BankLine:
    return BankLine.objects.get(id=line)


def unmatched_count() -> int:
    return BankLine.objects.filter(state="unmatched").count()


def unmatched_lines(*, limit: int = 2000) -> list[BankLine]:
    """Movements that nobody explained yet, in or out, oldest first."""
    return list(BankLine.objects.filter(state="unmatched").order_by("booked_on", "id")[:limit])


def each_line() -> Iterator[BankLine]:
    """Every line of the bank, the oldest first; a few hundred in memory at a time."""
    return BankLine.objects.order_by("booked_on", "id").iterator(chunk_size=500)


def lines_of(*, file: UUID) -> list[BankLine]:
    return list(BankLine.objects.filter(file_id=file).order_by("booked_on", "id"))


def lines_to_match(*, file: UUID, after: int, limit: int) -> list[BankLine]:
    """The next lines of a statement by day, what left before what came: the same whatever order the bank chose."""
    rows = BankLine.objects.filter(file_id=file).order_by("booked_on", "amount", "key")
    return list(rows[after : after + limit])


def first_lines_of(*, file: UUID, limit: int = 500) -> list[BankLine]:
    """Those that wait for somebody first."""
    waits = Case(When(state="unmatched", then=0), default=1)
    return list(BankLine.objects.filter(file_id=file).order_by(waits, "booked_on", "id")[:limit])


def states_of(*, file: UUID) -> dict[str, int]:
    """How many lines of a statement are in each state."""
    rows = BankLine.objects.filter(file_id=file).order_by().values_list("state")
    return dict(rows.annotate(count=Count("id")))


def long_statements() -> list[BankFile]:
    """Those that are still to be read or matched, without their content, the oldest first."""
    return list(BankFile.objects.filter(state__in=["reading", "matching"]).defer("content").order_by("at", "id"))


def rest_of(*, file: BankFile) -> Iterator[list[tuple[str, Entry]]]:
    """What is still to be read of a long statement, a chunk at a time. The file is read now, its chunks when asked."""
    content = bytes(BankFile.objects.values_list("content", flat=True).get(id=file.id))
    return movements_of(content=content, after=file.through)


def movements_of(*, content: bytes, after: int = 0) -> Iterator[list[tuple[str, Entry]]]:
    """The movements of a statement with their keys, a chunk at a time, without the first ones."""
    keys = LineKeys()
    read = ((keys.next(draft.iban, entry), entry) for draft, entry in camt.walk(BytesIO(content)) if entry)
    rest = islice(read, after, None)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def files(*, way: str, message: str = "", limit: int = 50) -> list[BankFile]:
    """Without their content, newest first: statements and wages, or those of another message."""
    return list(BankFile.objects.filter(way=way, message=message).defer("content").order_by("-at")[:limit])


def file(*, file: UUID) -> BankFile:
    return BankFile.objects.get(id=file)


def statement(*, file: UUID) -> BankFile | None:
    """One that the bank sent, without its content."""
    return BankFile.objects.filter(id=file, way="in", message="").defer("content").first()


def as_entry(*, line: BankLine) -> Entry:
    """A stored line as the matching rule reads it."""
    return Entry(
        booked_on=line.booked_on,
        value_on=line.booked_on,
        amount=line.amount,
        currency=line.asset,
        text=line.text,
        structured=line.reference,
        counterparty=line.counterparty,
        counterparty_iban=line.counterparty_iban,
        reversal=line.reversal,
        return_code=line.return_code,
    )


def rules_for(*, lines: Iterable[BankLine]) -> dict[UUID, list[Taught]]:
    """What people taught of lines like these, by line. One query."""
    traits = {line.id: [(*trait, line.amount > 0) for trait in traits_of(as_entry(line=line))] for line in lines}
    every = {trait for own in traits.values() for trait in own}
    by_account = Q(iban__in={trait[0] for trait in every if trait[0]})
    by_words = Q(iban="", name__in={trait[1] for trait in every}, text__in={trait[2] for trait in every})
    known: defaultdict[tuple[str, str, str, bool], list[Taught]] = defaultdict(list)
    for rule in LineRule.objects.filter(by_account | by_words, withdrawn_at=None).order_by("taught_at", "id"):
        taught = Taught(rule.id, rule.client_id, rule.what, rule.times)
        known[rule.iban, rule.name, rule.text, rule.came_in].append(taught)
    return {line: [one for trait in own for one in known.get(trait, ())] for line, own in traits.items()}


@dataclass(frozen=True)
class ToldRule:
    """A rule, and the name of whoever taught it first."""

    rule: LineRule
    by: str


def line_rules(*, limit: int = 500) -> list[ToldRule]:
    """Those that stand first, the latest first. Two queries."""
    rows = LineRule.objects.select_related("client").order_by(F("withdrawn_at").desc(nulls_first=True), "-taught_at")
    rules = list(rows[:limit])
    people = {one.id: one.full_name for one in Person.objects.filter(id__in={rule.taught_by for rule in rules})}
    return [ToldRule(rule, people.get(rule.taught_by, "") if rule.taught_by else "") for rule in rules]


def line_rule(*, rule: UUID) -> LineRule | None:
    return LineRule.objects.filter(id=rule).first()


def intent(*, intent: UUID) -> Intent | None:
    return Intent.objects.select_related("person").filter(id=intent).first()


def provider_account(*, person: UUID, provider: str) -> ProviderAccount | None:
    return ProviderAccount.objects.filter(person_id=person, provider=provider).first()


def paid_by_provider(*, people: Collection[UUID], provider: str) -> set[UUID]:
    """Those of these people whom a provider can pay. One query, none without people or a provider."""
    if not people or not provider:
        return set()
    ready = ProviderAccount.objects.filter(person__in=people, provider=provider, state="ready")
    return set(ready.values_list("person_id", flat=True))


def kept_means(*, person: UUID) -> list[KeptMeans]:
    """What a provider keeps for somebody, or is to keep, the card first."""
    return list(KeptMeans.objects.filter(person_id=person, state__in=means_rules.LIVE).order_by("kind", "id"))


def one_means(*, means: UUID, person: UUID) -> KeptMeans | None:
    """One of this person's, whatever became of it."""
    return KeptMeans.objects.filter(id=means, person_id=person).select_related("person").first()


def paying_means(*, person: UUID | None = None) -> dict[UUID, KeptMeans]:
    """What may be charged for what people, or one of them, owe, because they chose it, by person."""
    rows = KeptMeans.objects.filter(state="kept", pays_since__isnull=False, **({"person": person} if person else {}))
    return {one.person_id: one for one in rows.select_related("person")}


def means_to_look_at(*, at: datetime, limit: int = 50) -> list[KeptMeans]:
    """Means that are to be kept or forgotten, or of which something was heard, or nothing for a day."""
    rows = KeptMeans.objects.filter(look_at__lte=at).select_related("person")
    return list(rows.order_by("look_at", "id")[:limit])


def sent_on_of(*, intent: UUID) -> tuple[int, str]:
    """(cents passed on of a payment and not called back, the transfer's reference). What is asked of the provider and
    not done yet counts as called back, but not as passed on.
    """
    rows = Instruction.objects.filter(intent_id=intent, verb__in=("send_on", "call_back")).exclude(state="refused")
    sent = [one for one in rows if one.verb == "send_on" and one.state == "done"]
    back = sum(one.amount for one in rows if one.verb == "call_back")
    return max(0, sum(one.amount for one in sent) - back), sent[0].answer if sent else ""


def passed_on(*, intents: Collection[UUID]) -> Counter[UUID]:
    """Cents that the provider has passed on of each payment, less what it called back. One query."""
    found: Counter[UUID] = Counter()
    rows = Instruction.objects.filter(intent_id__in=intents, verb__in=("send_on", "call_back"), state="done")
    for intent, verb, amount in rows.values_list("intent", "verb", "amount"):
        found[intent] += amount if verb == "send_on" else -amount
    return found


def accounts_to_look_at(*, at: datetime, limit: int = 50) -> list[ProviderAccount]:
    """Accounts that were asked for, of which something was heard, or nothing for a day."""
    rows = ProviderAccount.objects.filter(look_at__lte=at).select_related("person")
    return list(rows.order_by("look_at", "id")[:limit])


def live_intent(*, about: str, about_id: UUID) -> Intent | None:
    """The payment that is asked for and neither taken nor over."""
    return Intent.objects.filter(about=about, about_id=about_id, state__in=rules.LIVE).first()


def page_of(*, intent: Intent) -> str:
    """Where its payer goes, empty while the provider has not opened a page, or is to close it."""
    rows = {row.verb: row for row in Instruction.objects.filter(intent=intent, verb__in=["open", "let_go"])}
    opened = rows.get("open")
    return opened.answer if opened and opened.state == "done" and "let_go" not in rows else ""


def intents_about(*, about_ids: Collection[UUID]) -> list[Intent]:
    """Payments through a provider, the latest first."""
    return list(Intent.objects.filter(about_id__in=about_ids).order_by("-asked_at", "-id"))


def to_look_at(*, at: datetime, limit: int = 50) -> list[Intent]:
    """Payments whose standing is to be asked for now."""
    rows = Intent.objects.filter(look_at__lte=at).exclude(page="", means=None).select_related("person", "means")
    return list(rows.order_by("look_at", "id")[:limit])


def refused(*, intent: Intent) -> str | None:
    """Why kept means are charged no more for this; None while that is not known."""
    rows = Instruction.objects.filter(intent=intent, verb="charge", state="refused")
    return rows.values_list("answer", flat=True).first()


def refunds_waiting(*, intent: Intent) -> int:
    """Cents that are on their way back: ordered and not seen at the provider yet."""
    ordered = Instruction.objects.filter(intent=intent, verb="give_back").exclude(state="refused")
    total: int = ordered.aggregate(total=Sum("amount"))["total"] or 0
    return max(0, total - intent.given_back)


def provider_total(*, provider: str) -> int:
    """Cents that the provider holds for us, by its own statement."""
    sums = ProviderLine.objects.filter(provider=provider).aggregate(amount=Sum("amount"), fee=Sum("fee"))
    return (sums["amount"] or 0) - (sums["fee"] or 0)
