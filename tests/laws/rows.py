"""One row of everything an organisation can hold, so that a law about all tables meets a row in each.

Rows are made from the columns alone, without operations: laws about tables must hold for any row. Their words are
recognisable, so that a page which shows one to a stranger is caught by its text.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models

from entremise.tenancy import walls
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import Organisation

MARK = "zibeline"  # In every text that an organisation keeps to itself.
PLAIN = "vitrine"  # Where an organisation tells the world.
PUBLIC = {
    "buying.Brief",
    "campaigns.Campaign",
    "campaigns.Lot",
    "buying.Purchase",
    "buying.Article",
    "solidarity.Fund",
    "tenancy.LegalIdentity",
    "jobs.Activity",
    "jobs.Notice",
    "jobs.NoticeWord",
    "jobs.Publicity",
}
MARKED_PHONE = "+33639981497"
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def _short() -> str:
    """A code that stands in an address: no two are alike, and it tells nothing of whose it is."""
    return uuid4().hex[:12]


# What a column's type cannot tell. Nothing here means something; it only has to be read without stumbling.
SAID: dict[str, dict[str, object]] = {
    "ledger.Account": {"code": _short, "asset": "EUR", "floor": None, "ceiling": None, "holder": None},
    "ledger.Transfer": {"phase": "posted"},
    "ledger.BoundedBalance": {"floor": None, "ceiling": None},
    "people.ContactPoint": {"kind": "phone", "value": MARKED_PHONE, "backwards": MARKED_PHONE[::-1], "texts": True},
    "people.Paper": {"kind": "pass_iae"},
    "documents.Document": {"kind": "letter", "template": "letter"},
    "documents.Print": {"content": b"%PDF-1.7 " + MARK.encode()},
    "agreements.Agreement": {"mode": "placement_fr", "number": "AG-2026-0001"},
    "payments.BankFile": {"message": ""},
    "payments.Intent": {"about": "invoice", "about_id": "settlement.Invoice", "state": "asked"},
    "buying.Need": {"state": "gathered"},
    "buying.Brief": {"state": "asking", "chosen": None, "purchase": None},
    "campaigns.Campaign": {
        "kind": "buying",
        "state": "open",
        "measure": "pledges",
        "closes_at": NOON + timedelta(days=1),
    },
    "campaigns.Pledge": {"state": "pledged"},
    "buying.Purchase": {"state": "planned", "supplier": None},  # A company that sells to everybody is named.
    "buying.Article": {"tiers": [[1, 100]]},
    "settlement.Invoice": {"number": "FA-2026-0001"},
    "settlement.SupplierBill": {"state": "received", "role": "own_sale"},
    "settlement.Voucher": {"issuer": "up"},
    "settlement.Charge": {"deposit": None},  # Of an invoice, or of a deposit.
    "settlement.Payslip": {"number": "BP-2026-0001"},
    "agreements.Promise": {"kind": "work", "asset": "HOUR"},
    "agreements.Party": {"role": "worker"},
    "agreements.Confirmation": {"answer": "agreed"},
    "messaging.Task": {"kind": "call"},
    "jobs.Activity": {"pictogram": "jardin"},
    "jobs.Publicity": {"listed": True},
    "market.Listing": {"recurrence": ""},
    "pools.Rate": {"hourly": 60, "alone": 60, "fee_how": "hourly"},
    "pools.Block": {"kind": "isf", "outcome": "rent"},
    "pools.Budget": {"kind": "own", "state": "active"},
    "pools.Outcome": {"outcome": "meals"},
    "pools.Session": {"outcome": "meals", "state": "planned"},
    "pools.Commitment": {"state": "kept"},
    "jobs.Request": {"stands_in": None},  # A mission is of a request itself.
}


def one_of_each(organisation: Organisation) -> dict[str, TenantModel]:
    """A row of every tenant table by its label. The organisation's scope must be in force."""
    made: dict[str, TenantModel] = {}
    for model in walls.tenant_models():
        _row(model, made, organisation)
    return made


def _row(model: type[TenantModel], made: dict[str, TenantModel], organisation: Organisation) -> TenantModel:
    label = model._meta.label
    if label not in made:
        made[label] = _new(model, made, organisation)
    return made[label]


def _new(model: type[TenantModel], made: dict[str, TenantModel], organisation: Organisation) -> TenantModel:
    values: dict[str, Any] = {}
    said = SAID.get(model._meta.label, {})
    for field in model._meta.local_fields:
        if field.name in ("id", "organisation"):
            continue
        if field.name == "about_id" and "about_id" in said:
            values[field.name] = _row(apps.get_model(str(said["about_id"])), made, organisation).pk
        elif field.name in said:
            value = said[field.name]
            values[field.name] = value() if callable(value) else value
        elif isinstance(field, models.ForeignKey):
            values[field.name] = _referred(model, field, made, organisation)
        elif field.has_default():
            continue
        elif not field.null or field.name in ("starts_at", "ends_at"):
            values[field.name] = _value(field, PLAIN if model._meta.label in PUBLIC else MARK)
    return model.objects.create(**values)


def _referred(
    model: type[TenantModel],
    field: "models.ForeignKey[Any, Any]",
    made: dict[str, TenantModel],
    organisation: Organisation,
) -> models.Model | None:
    target = field.remote_field.model
    if target is model:
        return None
    if not issubclass(target, TenantModel):
        return None if field.null else _shared(target)
    if field.name == "credit":  # A transfer runs between two accounts.
        return _new(target, {}, organisation) if target._meta.label == "ledger.Account" else None
    return _row(target, made, organisation)


def _shared(model: type[models.Model]) -> models.Model:
    row = model._default_manager.first()
    values = {f.name: _value(f) for f in model._meta.local_fields if not f.has_default()}
    return row or model._default_manager.create(**values)


def _value(field: "models.Field[Any, Any]", word: str = PLAIN) -> object:
    if field.choices:
        return next(iter(field.choices))[0]
    if isinstance(field, models.CharField | models.TextField):
        text = f"{word} {uuid4().hex}"
        return text[: field.max_length] if field.max_length else text
    plain: dict[type[models.Field[Any, Any]], object] = {
        models.DateTimeField: NOON + (timedelta(hours=2) if field.name.startswith("ends") else timedelta()),
        models.DateField: date(2026, 11, 1),
        models.UUIDField: uuid4(),
        models.BooleanField: False,
        models.FloatField: 46.5,
        models.DecimalField: Decimal(1),
        models.IntegerField: 1,
        models.BinaryField: word.encode(),
        models.JSONField: {},
    }
    return next(value for kind, value in plain.items() if isinstance(field, kind))
