from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.settlement import operations, queries
from tests.jobs.conftest import asked, clock_act, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "clock_act", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

NOVEMBER = Period.month(2026, 11)
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-12-10</Dt></BookgDt><ValDt><Dt>2026-12-10</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef>
<NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
DECEMBER_4 = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)


@pytest.fixture
def treasurer(inside: object) -> Act:
    person = Person.objects.create(given_name="Hélène", family_name="Garrigue", known_since=DECEMBER_4)
    return Act(by=Actor(person.id, frozenset({Role.TREASURER})), at=DECEMBER_4, door=Door.DESK)


@pytest.fixture
def worked(act: Act, mission: Mission, karim: Person) -> Mission:
    """Two hours of hedge, logged and confirmed."""
    payments.set_bank_account(act=act, person=karim, iban="FR7630006000011234567890189")
    done = replace(act, at=act.at + timedelta(days=2))
    jobs.log_hours(act=done, mission=mission, minutes=120, key="slip")
    jobs.confirm_hours(act=done, mission=Mission.objects.select_related("client", "request__listing").get())
    return Mission.objects.get()


def settle(act: Act) -> None:
    """November, from the opening of its run to the end."""
    run = operations.open_run(act=act, month=NOVEMBER)
    for item in queries.items_to_do(run=run.id):
        operations.settle_item(act=act, item=item)
    operations.finish_run(act=act, run=run)


def statement(act: Act, *lines: tuple[str, str, str, str]) -> list[BankLine]:
    """The lines of a statement that was imported: (amount, CRDT or DBIT, the bank's reference, text)."""
    entries = "".join(ENTRY.format(amount=a, way=w, ref=r, text=t) for a, w, r, t in lines)
    file, _ = payments.import_statement(act=act, name="s.xml", content=STATEMENT.format(entries=entries).encode())
    return list(BankLine.objects.filter(file=file).order_by("key"))


def balance(code: str) -> int:
    """Of every holder of a code together, in cents."""
    return next((line.balance for line in ledger.trial_balance(up_to=date(2027, 12, 31)) if line.code == code), 0)
