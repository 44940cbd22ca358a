from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

T = TypeVar("T")
_current: ContextVar[UUID | None] = ContextVar("organisation in force", default=None)
_known: ContextVar[dict[str, Any] | None] = ContextVar("what a door has read already", default=None)


class NoScope(RuntimeError):
    """A tenant table was touched outside an organisation's scope."""


class WriteRefused(RuntimeError):
    """A read door tried to change a row."""


def current() -> UUID:
    """The organisation in force. Raises NoScope when there is none: no scope means no rows."""
    organisation = _current.get()
    if organisation is None:
        raise NoScope("no organisation is in force here")
    return organisation


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` answers, asked once for each door that is opened. For what hardly ever changes and much is worked
    out from; whoever changes it says `forget`. Outside the doors nothing is remembered.
    """
    known = _known.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    found: T = known[name]
    return found


def forget(name: str) -> None:
    (_known.get() or {}).pop(name, None)


@contextmanager
def _remembering() -> Iterator[None]:
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


@contextmanager
def within(organisation: UUID) -> Iterator[None]:
    """Put `organisation` in force. On PostgreSQL the row-level policies learn of it, for this transaction only."""
    before = _current.get()
    token = _current.set(organisation)
    _tell_database(organisation)
    try:
        yield
    finally:
        _current.reset(token)
        if before is not None and not connection.needs_rollback:
            _tell_database(before)


@contextmanager
def writing(organisation: UUID) -> Iterator[None]:
    """The one transaction of a write door."""
    with transaction.atomic(durable=True), within(organisation), _remembering():
        yield


@contextmanager
def reading(organisation: UUID) -> Iterator[None]:
    """A read door: any statement that would change a row raises WriteRefused.

    PostgreSQL needs a transaction for the policies to see the organisation. SQLite must not have one: its
    transactions are IMMEDIATE and a reader would take the single write lock.
    """
    with connection.execute_wrapper(_refuse_writes), _remembering():
        if connection.vendor == "postgresql":
            with transaction.atomic(), within(organisation):
                yield
        else:
            with within(organisation):
                yield


@contextmanager
def snapshot(organisation: UUID) -> Iterator[None]:
    """A read door whose questions all see one moment, however long they take and whoever writes meanwhile.

    Inside of a transaction it is a read door like any other.
    """
    if connection.in_atomic_block:
        with reading(organisation):
            yield
    elif connection.vendor == "postgresql":
        with connection.execute_wrapper(_refuse_writes), _remembering(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            with within(organisation):
                yield
    else:
        with reading(organisation), connection.cursor() as cursor:
            cursor.execute("BEGIN")  # Deferred: a reader of the log of writes, in nobody's way.
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _tell_database(organisation: UUID) -> None:
    # Transaction-local on purpose: a session setting would follow the connection to another client of the pool.
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.organisation', %s, true)", [str(organisation)])


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if sql.lstrip().split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE"}:
        raise WriteRefused(f"a read door ran: {sql[:120]}")
    return execute(sql, params, many, context)
