"""What the database itself enforces, put up after every migration and taken down before the next.

Migrations cannot hold these: a later change of a table on SQLite remakes it and loses or breaks its triggers.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from entremise.tenancy.base import Guard, TenantForeignKey, TenantModel

POLICY = "organisation_id = nullif(current_setting('app.organisation', true), '')::uuid"
REFUSE = """
CREATE OR REPLACE FUNCTION entremise_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_RELID::regclass; END $$
"""


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def take_down() -> None:
    """Drop the triggers, so that tables can be altered."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    _run(_dropped_triggers(present))


def put_up(*, web_role: str = "") -> None:
    """Install triggers and, on PostgreSQL, policies, composite foreign keys and the web role's rights."""
    statements = [] if connection.vendor == "sqlite" else [REFUSE]
    for model in tenant_models():
        table = model._meta.db_table
        if model.append_only:
            statements += _append_only(table)
        for guard in model.guards:
            statements += _guard(table, guard)
        if connection.vendor == "postgresql":
            statements += _policy(table)
    _run(statements)
    if connection.vendor == "postgresql":
        _run(_composite_keys())
        if web_role:
            _run(_rights(web_role))


def fallen() -> list[str]:
    """Tables that lack a wall of theirs: a trigger, or on PostgreSQL the policy in force."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if sqlite
            else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        )
        standing = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE p.polname = 'one_organisation' AND c.relrowsecurity AND c.relforcerowsecurity"
            if not sqlite
            else "SELECT name FROM sqlite_master"
        )
        guarded = {name for (name,) in cursor.fetchall()}
    return sorted(
        model._meta.db_table
        for model in tenant_models()
        if model._meta.db_table not in guarded or not standing.issuperset(_triggers(model))
    )


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _append_only(table: str) -> list[str]:
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS keep_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        (
            f"CREATE OR REPLACE TRIGGER keep_{table} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION entremise_refuse_change()"
        ),
        (
            f"CREATE OR REPLACE TRIGGER keep_{table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION entremise_refuse_change()"
        ),
    ]


def _guard(table: str, guard: Guard) -> list[str]:
    name, says = f"{table}_{guard.name}", f"{table} refuses this row: {guard.name}"
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS guard_{name}_{verb.lower()} BEFORE {verb} ON {table} "
            f"WHEN NOT ({guard.sqlite}) BEGIN SELECT RAISE(ABORT, '{says}'); END"
            for verb in ("INSERT", "UPDATE")
        ]
    return [
        (
            f"CREATE OR REPLACE FUNCTION entremise_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT ({guard.postgresql}) THEN RAISE EXCEPTION '{says}'; END IF; RETURN NEW; END $$"
        ),
        (
            f"CREATE OR REPLACE TRIGGER guard_{name} BEFORE INSERT OR UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION entremise_{name}()"
        ),
    ]


def _triggers(model: type[TenantModel]) -> list[str]:
    """The names of those that stand on a table."""
    sqlite, table = connection.vendor == "sqlite", model._meta.db_table
    kept = [f"keep_{table}{one}" for one in (("_update", "_delete") if sqlite else ("", "_whole"))]
    guards = [f"guard_{table}_{one.name}" for one in model.guards]
    if sqlite:
        guards = [f"{name}{verb}" for name in guards for verb in ("_insert", "_update")]
    return [*(kept if model.append_only else ()), *guards]


def _dropped_triggers(present: set[str]) -> list[str]:
    tables = {model._meta.db_table: _triggers(model) for model in tenant_models()}
    on = "" if connection.vendor == "sqlite" else " ON {}"
    return [
        f"DROP TRIGGER IF EXISTS {name}{on.format(table)}"
        for table, names in tables.items()
        if table in present
        for name in names
    ]


def _policy(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",  # The owner too: commands obey the same wall.
        f"DROP POLICY IF EXISTS one_organisation ON {table}",
        f"CREATE POLICY one_organisation ON {table} USING ({POLICY}) WITH CHECK ({POLICY})",
    ]


def _tenant_keys() -> Iterator[tuple[str, str, str]]:
    for model in tenant_models():
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                yield model._meta.db_table, field.column, field.remote_field.model._meta.db_table


def _composite_keys() -> list[str]:
    """Replace Django's single-column keys: a row of one organisation cannot point into another."""
    statements = []
    with connection.cursor() as cursor:
        for table, column, target in _tenant_keys():
            name = f"tenant_{table}_{column}"[:63]
            for found, info in connection.introspection.get_constraints(cursor, table).items():
                if info["foreign_key"] and info["columns"] == [column] and found != name:
                    statements.append(f'ALTER TABLE {table} DROP CONSTRAINT "{found}"')
            statements += [
                f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"',
                (
                    f'ALTER TABLE {table} ADD CONSTRAINT "{name}" FOREIGN KEY (organisation_id, {column}) '
                    f"REFERENCES {target} (organisation_id, id) DEFERRABLE INITIALLY DEFERRED"
                ),
            ]
    return statements


def _rights(role: str) -> list[str]:
    kept = ", ".join(m._meta.db_table for m in tenant_models() if m.append_only)
    quoted = connection.ops.quote_name(role)
    return [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {quoted}",
    ]
