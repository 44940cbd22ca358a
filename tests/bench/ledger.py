"""Postings a second with one and eight clients, on one hot account, in batches; balances among many entries."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import connection, transaction

from entremise.kernel.ids import new_id
from entremise.ledger import operations, queries
from entremise.ledger.models import Transfer
from entremise.ledger.rules import Line
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.bench.measure import line, rate, seconds_of

BATCH = 100
NOW = datetime.now(UTC)


def run(*, entries: int, seconds: float) -> None:
    organisation = Organisation.objects.create(slug="bench", name="Bench")
    with scope.writing(organisation.id):
        pairs, old = [_pair(number) for number in range(8)], _pair(8)
        wallet = operations.open_account(code="194", name="Fonds", ceiling=0).id
    keys = count()

    def post(client: int, pair: tuple[UUID, UUID], lines: int = 1) -> None:
        asked = [Line(pair[0], pair[1], 100)] * lines
        with scope.writing(organisation.id):
            operations.post(
                key=f"b{client}-{next(keys)}",
                at=NOW,
                effective_on=NOW.date(),
                cause="bench",
                cause_id=None,
                lines=asked,
            )

    def append(client: int, pair: tuple[UUID, UUID], lines: int = 1) -> None:
        rows = [_row(organisation.id, pair, f"r{client}-{next(keys)}") for _ in range(lines)]
        with transaction.atomic():
            _append(organisation.id, rows)

    for clients in (1, 8):
        ours = rate(clients, seconds, lambda client, _: post(client, pairs[client]))
        raw = rate(clients, seconds, lambda client, _: append(client, pairs[client]))
        line(f"ledger, one transfer a transaction, {clients} clients", ours, raw, "postings/s")
        hot = rate(clients, seconds, lambda client, _: post(client, (pairs[client][0], pairs[0][1])))
        line(f"ledger, one hot account, {clients} clients", hot, ours, "postings/s")
        ours = rate(clients, seconds, lambda client, _: post(client, pairs[client], BATCH)) * BATCH
        raw = rate(clients, seconds, lambda client, _: append(client, pairs[client], BATCH)) * BATCH
        line(f"ledger, batches of {BATCH}, {clients} clients", ours, raw, "postings/s")
    # Accounts of their own: those above had a hundred thousand entries today, which no day has folded yet.
    _balances(organisation, old, wallet, entries)


def _balances(organisation: Organisation, pair: tuple[UUID, UUID], wallet: UUID, entries: int) -> None:
    past = NOW - timedelta(days=10)
    with scope.writing(organisation.id):
        operations.post(
            key="wallet",
            at=NOW,
            effective_on=NOW.date(),
            cause="bench",
            cause_id=None,
            lines=[Line(pair[0], wallet, 100)],
        )
        for start in range(0, entries, 5000):
            rows = [_row(organisation.id, pair, f"m{start}-{n}", past) for n in range(min(5000, entries - start))]
            _append(organisation.id, rows)
        operations.fold(today=NOW.date())
    with scope.reading(organisation.id):
        read = "SELECT posted FROM ledger_boundedbalance WHERE organisation_id = %s AND account_id = %s"
        ids = [connection.ops.adapt_unknown_value(value) for value in (organisation.id, wallet)]
        if connection.vendor == "sqlite":
            ids = [organisation.id.hex, wallet.hex]

        def raw() -> None:
            with connection.cursor() as cursor:
                cursor.execute(read, ids)
                cursor.fetchone()

        stored = seconds_of(raw, 20)
        bounded = seconds_of(lambda: queries.balance(account=wallet), 20)
        other = seconds_of(lambda: queries.balance(account=pair[0]), 20)
    line(f"balance of a bounded account, {entries} entries", bounded * 1000, stored * 1000, "ms")
    line(f"balance of any account, {entries} entries", other * 1000, stored * 1000, "ms")


def _pair(number: int) -> tuple[UUID, UUID]:
    return (
        operations.open_account(code=f"411{number}", name="Clients").id,
        operations.open_account(code=f"706{number}", name="Services").id,
    )


def _row(organisation: UUID, pair: tuple[UUID, UUID], key: str, at: datetime = NOW) -> Transfer:
    identity = new_id()
    return Transfer(
        id=identity,
        organisation_id=organisation,
        debit_id=pair[0],
        credit_id=pair[1],
        amount=100,
        entry=identity,
        line=0,
        key=key,
        request_hash="0" * 64,
        cause="bench",
        label="",
        effective_on=at.date(),
        recorded_at=at,
        phase="posted",
    )


def _append(organisation: UUID, rows: list[Transfer]) -> None:
    """The same columns in one INSERT, without any rule: what the database itself can take."""
    with scope.within(organisation):
        Transfer.objects.bulk_create(rows)
