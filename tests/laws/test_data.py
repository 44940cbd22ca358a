"""The day-one rules for data (STACK): they keep organisations apart on one node and allow many nodes later."""

from collections.abc import Iterator
from io import StringIO
from typing import Any, cast

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext, isolate_apps

from entremise.kernel.ids import new_id
from entremise.tenancy import scope, walls
from entremise.tenancy.base import TenantForeignKey, TenantManager, TenantModel
from entremise.tenancy.models import Organisation
from tests.laws.tree import clean, layers

# Tables without an organisation: few, small, rarely written.
SHARED = {
    "tenancy.Organisation": "The list of organisations itself; asked before any is in force.",
    "people.Account": "Staff may work for several organisations with one sign-in.",
    "people.Place": "The official list of communes, the same for all.",
    "figures.Figure": "The law's figures, the same for all.",
}
SHARED_APPS = {
    "auth": "Django's permissions; unused, wanted by its own account model.",
    "contenttypes": "Django's list of models.",
    "sessions": "A visitor's session; the Threshold ties it to one organisation.",
    "account": "allauth's addresses; sign-in happens before an organisation is known.",
    "mfa": "allauth's second factors, of shared accounts.",
}

TENANT = walls.tenant_models()
label = pytest.mark.parametrize("model", TENANT, ids=lambda model: model._meta.label)


def faults(model: type[models.Model]) -> Iterator[str]:
    """What a concrete model of ours does against the day-one rules."""
    name = model._meta.label
    yield from _identity(model)
    if not issubclass(model, TenantModel):
        if name not in SHARED:
            yield f"{name}: make it a TenantModel, or say in SHARED why all organisations share it"
        return
    if model._meta.many_to_many:
        yield f"{name}: write the joining table as a model; a hidden one carries no organisation"
    yield from _uniques(model)
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.name != "organisation":
            yield from _reference(model, field)


def _identity(model: type[models.Model]) -> Iterator[str]:
    key = model._meta.pk
    if isinstance(key, models.CompositePrimaryKey):
        yield f"{model._meta.label}: no composite primary key, foreign keys to it are refused"
    elif not isinstance(key, models.UUIDField) or key.default is not new_id:
        yield f"{model._meta.label}: the id is a UUIDField(default=new_id), made in Python"


def _uniques(model: type[TenantModel]) -> Iterator[str]:
    name, meta = model._meta.label, model._meta
    uniques = [one for one in meta.constraints if isinstance(one, models.UniqueConstraint)]
    for one in uniques:
        if not one.fields or one.fields[0] != "organisation":
            yield f"{name}: {one.name} must start with the organisation"
    if not any(tuple(one.fields) == ("organisation", "id") and one.condition is None for one in uniques):
        yield f"{name}: UNIQUE (organisation, id) is missing; inherit from TenantModel, keep its metaclass"
    for field in meta.local_fields:
        if field.unique and not field.primary_key:
            yield f"{name}.{field.name}: unique within the organisation only; use a constraint that starts with it"
    for index in meta.indexes:
        if not index.fields or index.fields[0].lstrip("-") != "organisation":
            yield f"{name}: index {index.name} must start with the organisation"
    if meta.unique_together:
        yield f"{name}: write unique_together as constraints"


def _reference(model: type[TenantModel], field: "models.ForeignKey[Any, Any]") -> Iterator[str]:
    name, target = f"{model._meta.label}.{field.name}", field.remote_field.model
    if issubclass(target, TenantModel) and not isinstance(field, TenantForeignKey):
        yield f"{name}: use TenantForeignKey, so that the join and PostgreSQL carry the organisation"
    here, there = model._meta.app_label, target._meta.app_label
    if here == there:
        return
    if field.remote_field.related_name != "+":
        yield f'{name}: related_name="+"; {there} must not learn of {here}'
    if layers()[there] >= layers()[here]:
        yield f"{name}: foreign keys point down; {there} does not lie under {here}"


def test_every_table_keeps_the_day_one_rules() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("entremise.")]
    clean(fault for model in ours for fault in faults(model))


def test_shared_tables_are_the_listed_ones() -> None:
    shared = {model._meta.label for model in apps.get_models() if not issubclass(model, TenantModel)}
    foreign = {one for one in shared if one.partition(".")[0] in SHARED_APPS}
    assert shared - foreign == set(SHARED), "say in SHARED why all organisations share the table, or take it out"
    assert {one.partition(".")[0] for one in foreign} == set(SHARED_APPS), "an app of SHARED_APPS has no table"


def planted(bases: tuple[type, ...] = (TenantModel,), room: str = "market", **body: object) -> type[models.Model]:
    """A model with a fault. `app_label` stands for the room."""
    own = cast("type", body.pop("Meta", type("Meta", (), {})))
    parent = (TenantModel.Meta,) if TenantModel in bases else ()
    meta = type("Meta", (own, *parent), {"app_label": room, "abstract": False})
    return type("Planted", bases, {"__module__": __name__, "Meta": meta, **body})


def unique(*fields: str) -> type:
    return type("Meta", (), {"constraints": [models.UniqueConstraint(fields=list(fields), name="planted")]})


def test_planted_faults_are_found() -> None:
    person, organisation = apps.get_model("people.Person"), Organisation
    key = models.UUIDField(primary_key=True, default=new_id)
    plants: dict[str, dict[str, Any]] = {
        "say in SHARED": {"bases": (models.Model,), "id": key},
        "made in Python": {"bases": (models.Model,)},
        "must start with the organisation": {
            "what": models.CharField(max_length=4),
            "Meta": unique("what", "organisation"),
        },
        "within the organisation only": {"what": models.CharField(max_length=4, unique=True)},
        "use TenantForeignKey": {"who": models.ForeignKey(person, models.PROTECT, related_name="+")},
        'related_name="+"': {"who": TenantForeignKey(person, models.PROTECT, related_name="planted")},
        "point down": {
            "room": "ledger",
            "who": TenantForeignKey(person, models.PROTECT, related_name="+"),
        },
        "joining table": {"them": models.ManyToManyField(organisation, related_name="+")},
    }
    for sentence, plant in plants.items():
        with isolate_apps("entremise.market"):
            assert any(sentence in fault for fault in faults(planted(**plant))), sentence


def test_an_index_that_starts_elsewhere_is_found() -> None:
    indexes = type("Meta", (), {"indexes": [models.Index(fields=["what"], name="planted")]})
    with isolate_apps("entremise.market"):
        model = planted(what=models.CharField(max_length=4), Meta=indexes)
        assert list(faults(model)) == ["market.Planted: index planted must start with the organisation"]


def test_a_model_without_fault_has_none() -> None:
    with isolate_apps("entremise.market"):
        model = planted(what=models.CharField(max_length=4), Meta=unique("organisation", "what"))
        assert list(faults(model)) == []


@label
def test_no_scope_means_no_rows(model: type[TenantModel]) -> None:
    for manager in (model._default_manager, model._base_manager):
        assert isinstance(manager, TenantManager)
        with pytest.raises(scope.NoScope):
            manager.all()


def test_an_unscoped_manager_is_found() -> None:
    with isolate_apps("entremise.market"):
        model = planted(objects=models.Manager())
        assert not isinstance(model._default_manager, TenantManager)


@pytest.mark.django_db
def test_another_organisation_sees_no_row(outside: dict[str, TenantModel]) -> None:
    assert set(outside) == {model._meta.label for model in TENANT}
    assert [name for name, row in outside.items() if type(row)._default_manager.exists()] == []


@label
def test_saving_is_the_house_s_own(model: type[TenantModel]) -> None:
    assert model._do_update is TenantModel._do_update, "saving must filter by organisation and never write it"


@pytest.mark.django_db
def test_saving_never_writes_the_organisation(rows: dict[str, TenantModel]) -> None:
    for name, row in rows.items():
        if type(row).append_only:
            continue
        with CaptureQueriesContext(connection) as queries:
            row.save()
        (update,) = [q["sql"] for q in queries if q["sql"].startswith("UPDATE")]
        written, _, where = update.partition(" WHERE ")
        assert "organisation_id" not in written, name
        assert "organisation_id" in where, name


@label
def test_a_name_makes_no_query(model: type[TenantModel]) -> None:
    """The database is out of reach here: a query would fail."""
    assert isinstance(str(_unsaved(model)), str)


def test_a_name_that_makes_a_query_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    link = apps.get_model("history.Link")
    monkeypatch.setattr(link, "__str__", lambda self: self.fact.type)
    with pytest.raises((RuntimeError, scope.NoScope)):
        str(_unsaved(link))


def _unsaved(model: type[TenantModel]) -> TenantModel:
    references = {f.attname: new_id() for f in model._meta.local_fields if isinstance(f, models.ForeignKey)}
    return model(**references)


@pytest.mark.django_db
def test_append_only_rows_stay_as_they_were_written(rows: dict[str, TenantModel]) -> None:
    for row in rows.values():
        table = row._meta.db_table
        if not type(row).append_only:
            continue
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with connection.cursor() as cursor, pytest.raises(DatabaseError, match=table), transaction.atomic():
                cursor.execute(statement)


@pytest.mark.django_db
def test_without_its_wall_an_append_only_row_changes(rows: dict[str, TenantModel], walls_down: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE history_fact SET type = type")


def test_money_and_history_are_append_only() -> None:
    kept = {model._meta.label for model in TENANT if model.append_only}
    assert {"history.Fact", "history.Link", "ledger.Transfer", "documents.Document", "settlement.Invoice"} <= kept


@pytest.mark.django_db
def test_migrations_are_up_to_date() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, stderr=out)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{out.getvalue()}")
