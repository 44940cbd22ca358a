from collections import defaultdict
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from entremise.documents import operations as documents
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.money import for_minutes
from entremise.kernel.time import Period
from entremise.messaging import operations as messaging
from entremise.payments.queries import bank_accounts_of
from entremise.people import queries as people
from entremise.people.models import Paper, Person
from entremise.settlement.models import Contribution, Item, PaidWork, Payslip
from entremise.settlement.operations.booking import book, who_we_are
from entremise.settlement.operations.tips import join_tips, tips_to_join
from entremise.settlement.queries.months import work_out
from entremise.settlement.rules.books_fr import FAMILIES, payslip_moves, tips_paid_moves
from entremise.settlement.rules.claims import WORK, Claim
from entremise.settlement.rules.payroll_fr import Family, Pay, PayLine


def issue_payslip(*, act: Act, item: Item, claim: Claim, month: Period) -> Payslip:
    """A worker's payslip of a month: number, lines, ledger entry, document and letter in one transaction."""
    worker = people.get(person=claim.person)
    on = act.at.astimezone(ZoneInfo(worker.organisation.timezone)).date()
    rate = people.tax_rates(people=[worker.id], on=month.last).get(worker.id)
    pay, tips = work_out(claim, month, figures.table(), rate), tips_to_join(worker=worker)
    given = sum(one.amount for one in tips)
    # Asked before the number is taken: the counter stays locked until the commit.
    data = _data(worker, claim, pay, month, on) | {"tips": given, "net_paid": pay.net_payable + given}
    number = documents.reserve_number(prefix="BP", year=on.year)
    document = documents.issue(
        act=act,
        kind="payslip",
        prefix="BP",
        template="payslip",
        data=data,
        person=worker,
        about="item",
        about_id=item.id,
        number=number,
    )
    label = f"{number}, {worker.full_name}"
    moves = [*payslip_moves(worker.id, pay, label), *tips_paid_moves(worker.id, given, label)]
    # Of the month that was worked, not of the day it is settled: December's wages belong to December's year.
    entry = book(act=act, key=f"payslip:{number}", on=month.last, cause="payslip", cause_id=document.id, moves=moves)
    payslip = Payslip.objects.create(
        number=number,
        worker=worker,
        month=month.first,
        minutes=claim.minutes,
        gross=pay.gross,
        net=pay.net_before_tax,
        tips=given,
        paid=pay.net_payable + given,
        employer_cost=pay.cost,
        document=document,
        entry=entry,
        issued_at=act.at,
    )
    PaidWork.objects.bulk_create(
        PaidWork(payslip=payslip, fulfilment_id=line.fulfilment, minutes=line.minutes, hourly=line.hourly)
        for line in claim.lines
    )
    Contribution.objects.bulk_create(
        Contribution(
            payslip=payslip,
            code=line.code,
            base=line.base,
            employee=line.employee_amount,
            employer=line.employer_amount,
        )
        for line in pay.lines
    )
    join_tips(payslip=payslip, tips=tips)
    said = {"number": number, "gross": pay.gross, "paid": payslip.paid}
    record(act=act, type="payslip_issued", thing="payslip", thing_id=payslip.id, data=said)
    messaging.queue(
        act=act,
        person=worker,
        template="payslip_ready",
        context={"payslip": payslip, "organisation": worker.organisation},
        key=f"payslip:{payslip.id}",
        about="payslip",
        about_id=payslip.id,
        enclosures=[(document.id, f"{number}.pdf")],
    )
    return payslip


def _data(worker: Person, claim: Claim, pay: Pay, month: Period, on: date) -> dict[str, object]:
    """The keys that templates/documents/payslip.typ lists at its head."""
    legal = who_we_are()
    organisation, place = worker.organisation, worker.place
    nir = Paper.objects.filter(person=worker, kind=Paper.Kind.NIR).order_by("-checked_on").first()
    days = [line.day for line in claim.lines]
    before = _this_year(worker, month)
    year = [
        ("Brut", pay.gross, before["gross"]),
        ("Net imposable", pay.taxable_net, before["taxable"]),
        ("Impôt prélevé à la source", pay.withholding, before["withheld"]),
        ("Montant net social", pay.net_social, before["net"]),
    ]
    worked = [line for line in claim.lines if line.kind == WORK]
    clients = len({line.agreement for line in worked})
    return {
        "org": {
            "name": organisation.name,
            "street": legal.street,
            "postcode": legal.postcode,
            "city": legal.town,
            "phone": organisation.phone,
            "siret": legal.siret,
            "legal": legal.legal_name,
        },
        "agreement": legal.collective_agreement or "À préciser par l’employeur",
        "employee": {
            "name": worker.full_name,
            "street": worker.street,
            "postcode": place.postcode if place else "",
            "city": place.name if place else "",
            "nir": nir.number if nir else "",
            "job": ", ".join(sorted({line.label for line in claim.lines})),
            "level": "",
        },
        "period": {"first": month.first.isoformat(), "last": month.last.isoformat()},
        "contract": f"CDD d’usage, du {min(days):%d/%m/%Y} au {max(days):%d/%m/%Y}",
        "paid_on": on.isoformat(),
        "payment": "Virement" if bank_accounts_of(people=[worker.id]) else "Chèque ou espèces",
        "hours": {"month": claim.minutes, "year": claim.minutes + before["minutes"]},
        "earnings": _earnings(claim, pay),
        "gross": pay.gross,
        "groups": _groups(pay),
        "employee_total": pay.employee_total,
        "employer_total": pay.employer_total,
        "net_social": pay.net_social,
        "net_before_tax": pay.net_before_tax,
        "tax": {"base": pay.taxable_net, "rate": _percent(pay.withholding_rate), "amount": pay.withholding},
        "deductions": [],
        "net_paid": pay.net_payable,
        "employer_cost": pay.cost,
        "year": [{"label": label, "month": now, "year": now + earlier} for label, now, earlier in year],
        "leave": f"Congés : payés chaque mois, {_share(pay.holiday_rate)} % du brut.",
        "notes": [
            f"Vous étiez en mission {len(worked)} fois, sous {clients} contrat{'s' if clients > 1 else ''}.",
            figures.mention(key="payslip_keep", day=on),
            figures.mention(key="payslip_help", day=on),
        ],
    }


def _earnings(claim: Claim, pay: Pay) -> list[dict[str, object]]:
    """Hours together by rate, those of visits called off apart; what rounding visit by visit adds or takes shows in the
    amounts, which add up.
    """
    minutes: defaultdict[tuple[str, int], int] = defaultdict(int)
    amounts: defaultdict[tuple[str, int], int] = defaultdict(int)
    for line in claim.lines:
        row = ("Heures de travail" if line.kind == WORK else "Heures annulées, payées", line.hourly)
        minutes[row] += line.minutes
        amounts[row] += for_minutes(line.hourly, line.minutes)
    rows: list[dict[str, object]] = [
        {"label": label, "minutes": minutes[label, rate], "rate": rate, "amount": amounts[label, rate]}
        for label, rate in sorted(minutes, key=lambda row: (row[0] != "Heures de travail", row[1]))
    ]
    return [*rows, {"label": f"Congés payés, {_share(pay.holiday_rate)} %", "amount": pay.holiday}]


def _groups(pay: Pay) -> list[dict[str, object]]:
    families: defaultdict[Family, list[PayLine]] = defaultdict(list)
    for line in pay.lines:
        families[line.family].append(line)
    return [
        {"label": FAMILIES[family], "lines": [_line(line) for line in families[family]]}
        for family in Family
        if families[family]
    ]


def _line(line: PayLine) -> dict[str, object]:
    row: dict[str, object] = {"label": line.label, "base": line.base}
    if line.employee_amount:
        row |= {"employee_rate": _percent(line.employee_rate), "employee": line.employee_amount}
    if line.employer_amount:
        row |= {"employer_rate": _percent(line.employer_rate), "employer": line.employer_amount}
    return row


def _share(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}".replace(".", ",")


def _percent(rate: Decimal) -> str:
    percent = rate * 100
    return f"{percent:.2f}" if percent == percent.quantize(Decimal("0.01")) else f"{percent.normalize():f}"


def _this_year(worker: Person, month: Period) -> dict[str, int]:
    """The year's sums before this month, in cents and minutes."""
    rows = Payslip.objects.filter(worker=worker, month__gte=month.first.replace(month=1, day=1), month__lte=month.first)
    sums = rows.aggregate(
        gross=Sum("gross"), net=Sum("net"), paid=Sum("paid"), tips=Sum("tips"), minutes=Sum("minutes")
    )
    taxed = Contribution.objects.filter(payslip__in=rows, code="csg_crds_taxable").aggregate(total=Sum("employee"))
    net, paid = sums["net"] or 0, (sums["paid"] or 0) - (sums["tips"] or 0)
    return {
        "gross": sums["gross"] or 0,
        "net": net,
        "withheld": net - paid,
        "taxable": net + (taxed["total"] or 0),
        "minutes": sums["minutes"] or 0,
    }
