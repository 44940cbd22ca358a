"""Every letter in both languages: it renders, and a usual text message is one message of the GSM alphabet."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from entremise.jobs.models import Mission
from entremise.kernel.time import Period
from entremise.messaging.queries import words_of
from entremise.messaging.rules import WAY_IN, is_gsm7, parts
from tests.jobs.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

pytestmark = pytest.mark.django_db

LETTERS = Path(settings.BASE) / "templates" / "letters"
TEXTS = sorted(file.name.partition(".")[0] for file in LETTERS.glob("*.text.txt"))
MAILS = sorted(file.name.partition(".")[0] for file in LETTERS.glob("*.mail.txt"))
LANGUAGES = [code for code, _name in settings.LANGUAGES]
LINK = "https://pas-de-porte.example.org/l/0123456789abcdef"
UNKNOWN = "⚠"
FRENCH = re.compile(r"\b(?:vous|votre|est|une|pour|le|les|des|du|nous|avec|heures)\b", re.IGNORECASE)


FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)


def owed(mission: Mission) -> dict[str, object]:
    """What letters about money may name."""
    month, due, reason = FIRST, LAST, "one hour too many"
    invoice = SimpleNamespace(number="FA-2026-0042", total=12250, month=month, due_on=due, client=mission.client)
    payslip = SimpleNamespace(number="BP-2026-0042", month=month, paid=21340, minutes=1500, worker=mission.worker)
    mandate = SimpleNamespace(iban="FR7630004000070000000178914", reference="RUM-00042")
    debit = SimpleNamespace(amount=12250, collect_on=due, invoice=invoice, mandate=mandate)
    instalment = SimpleNamespace(due_on=due, amount=4084)
    part = SimpleNamespace(instalment=instalment, left=4084)
    one = SimpleNamespace(invoice=invoice, due=12250)
    seen = SimpleNamespace(total=12250, parts=[part] * 3, invoices=[one], reference=invoice.number)
    undertaking = SimpleNamespace(reference="PC-12")
    share = SimpleNamespace(
        amount=12250, reference="FA-2026-0042-T1", due_on=due, invoice=invoice, undertaking=undertaking
    )
    fund = SimpleNamespace(name="Solidarity", purpose="To help.")
    gift = SimpleNamespace(amount=2000, received_on=due, item="", giver=mission.client, fund=fund)
    means = SimpleNamespace(kind="sepa_debit", last4="4242", reference="NXDSYREGC9PSMKWY")
    charge = SimpleNamespace(
        amount=12250, collect_on=due, means=means, instalment=None, invoice=invoice, client=mission.client, reason=""
    )
    tip = SimpleNamespace(amount=200, client=mission.client, worker=mission.worker)
    chosen = SimpleNamespace(supplier=SimpleNamespace(called="Sawmill Lac"))
    brief = SimpleNamespace(
        number=104, title="Pellets", about="In bags.", counts="Near.", answers_until=due, votes_until=due, chosen=chosen
    )
    brief.reason = reason
    return {
        "brief": brief,
        "person": mission.client,
        "charge": charge,
        "tip": tip,
        "invoice": invoice,
        "note": SimpleNamespace(number="AV-2026-0003", total=2450, reason=reason),
        "debit": debit,
        "due": 12250,
        "payer": SimpleNamespace(called="CCAS de Valmarelle", full_name="CCAS de Valmarelle"),
        "share": share,
        "late": [{"share": share, "due": 12250}],
        "plan": SimpleNamespace(client=mission.client),
        "seen": seen,
        "part": part,
        "payslip": payslip,
        "gift": gift,
        "deposit": SimpleNamespace(amount=5000, hold=True, client=mission.client),
        **together(mission),
    }


def together(mission: Mission) -> dict[str, object]:
    """What letters about a group purchase may name."""
    return {
        "person": mission.client,
        "campaign": SimpleNamespace(number=101, title="Pellets", reason="", closes_at=mission.starts_at),
        "purchase": SimpleNamespace(where="14, rue des Tilleuls", handed_from=FIRST, handed_until=LAST),
        "number": 112,
        "units": 40,
        "amount": 21600,
        "household": mission.client,
        "lines": [SimpleNamespace(title="Pellets", unit="15 kg", quantity=2, tolerance=1, ceiling=620)],
        "gone": [SimpleNamespace(title="Olives", unit="1 L")],
        "dear": [{"title": "Olives", "price": 900}],
        "why": "not_enough",
        "at_most": 21600,
        "in_turn": True,
    }


@pytest.fixture
def said(mission: Mission) -> dict[str, object]:
    """What the letters of a usual job may name."""
    request = mission.request
    request.activity.name_en = "Trim a hedge"
    notice = SimpleNamespace(
        number=318, activity=request.activity, starts_at=mission.starts_at, minutes=120, place=None, gross=2740
    )
    return {
        **owed(mission),
        "notices": [notice],
        "first": notice,
        "count": 2,
        "more": 1,
        "mission": mission,
        "request": request,
        "listing": request.listing,
        "activity": request.activity,
        "agreement": mission.agreement,
        "organisation": mission.organisation,
        "starts": mission.starts_at,
        "before": mission.starts_at,
        "worker": "Karim",
        "other": "Karim",
        "gross": 2740,
        "minutes": 150,
        "paid": 120,
        "client": mission.client,
        "person": mission.client,
        "year": 2026,
        "price": SimpleNamespace(total=4900, credit=2450, after_credit=2450),
        "cards": True,
        "debits": True,
        "iban": "FR76 3000 6000 0112 3456 7890 189",
        "creditor_id": "FR72ZZZ123456",
        "own": SimpleNamespace(hourly=3200, price=6400, commission=640, supplier=5760, contributions=1230),
        "quote": SimpleNamespace(price=6400, valid_until=LAST),
        "supplier": mission.worker,
        "commission": 640,
        "owed": 41230,
        "order": "OM-2026-0004",
        "month": Period(FIRST, LAST),
        "code": "123 456",
        "link": LINK,
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEXTS)
def test_a_usual_text_is_one_message(said: Mapping[str, object], template: str, language: str) -> None:
    _subject, body = words_of(template=template, context=said, channel="text", language=language)
    body = body.replace(WAY_IN, LINK)
    assert is_gsm7(body)
    assert parts(body).parts == 1, f"{parts(body).length}: {body}"
    assert UNKNOWN not in body
    assert body.startswith("Le Pas de Porte")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", MAILS)
def test_a_mail_has_a_subject_and_names_what_is_there(said: Mapping[str, object], template: str, language: str) -> None:
    subject, body = words_of(template=template, context=said, channel="email", language=language)
    assert 5 < len(subject) < 90
    assert UNKNOWN not in subject + body


@pytest.mark.parametrize("file", sorted(file.name for file in (LETTERS / "en").iterdir()))
def test_a_reader_of_english_gets_english(said: Mapping[str, object], file: str) -> None:
    template, kind, _ending = file.split(".")
    channel = "text" if kind == "text" else "email"
    words = " ".join(words_of(template=template, context=said, channel=channel, language="en"))
    assert not FRENCH.findall(words.replace("rue des Tilleuls", "").replace("Le Pas de Porte", ""))
    assert not re.search(r" [?!:;]", words)
