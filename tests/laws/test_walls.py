"""What PostgreSQL itself refuses, whatever the code forgets (issue 2, §5). Collected on PostgreSQL only."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import Error

from entremise.kernel.ids import new_id
from entremise.people.models import Household
from entremise.tenancy import scope, walls
from entremise.tenancy.base import TenantForeignKey, TenantModel
from entremise.tenancy.models import Organisation

TABLES = {model._meta.db_table: model for model in walls.tenant_models()}
WEB = "entremise_web"

pytestmark = pytest.mark.django_db


def ask(sql: str, *params: str | UUID) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.fetchall() if cursor.description else []


def refuses(sql: str, *params: str | UUID) -> str:
    """What the database answers; empty when it did as it was told."""
    try:
        with transaction.atomic():
            ask(sql, *params)
            ask("SET CONSTRAINTS ALL IMMEDIATE")
    except Error as error:
        return str(error)
    return ""


def stand_in(organisation: object) -> None:
    ask("SELECT set_config('app.organisation', %s, true)", str(organisation or ""))


def unprotected() -> set[str]:
    """Tenant tables whose policy is missing, not forced, or says something else."""
    protected = ask(
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
        "WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polcmd = '*' AND p.polpermissive "
        "AND pg_get_expr(p.polqual, c.oid) LIKE '%%organisation_id%%app.organisation%%' "
        "AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)"
    )
    return set(TABLES) - {str(row[0]) for row in protected}


def test_every_tenant_table_has_its_policy() -> None:
    assert unprotected() == set()


def test_no_tenant_table_has_a_second_policy() -> None:
    assert ask("SELECT relname FROM pg_policy JOIN pg_class c ON c.oid = polrelid GROUP BY 1 HAVING count(*) > 1") == []


def test_a_table_without_policy_is_found() -> None:
    ask("ALTER TABLE people_person NO FORCE ROW LEVEL SECURITY")
    ask("DROP POLICY one_organisation ON people_contactpoint")
    assert unprotected() == {"people_person", "people_contactpoint"}


def test_the_tests_run_as_a_role_that_the_walls_bind() -> None:
    assert ask("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False,)]


def seen() -> set[str]:
    return {table for table in TABLES if ask(f"SELECT count(*) FROM {table}") != [(0,)]}


def test_raw_sql_sees_the_rows_of_the_organisation_in_force_only(
    rows: dict[str, TenantModel], organisation: Organisation, elsewhere: Organisation
) -> None:
    assert seen() == set(TABLES)
    stand_in(elsewhere.id)
    assert seen() == set()
    stand_in(None)
    assert seen() == set()


def test_a_row_for_another_organisation_is_refused(rows: dict[str, TenantModel], elsewhere: Organisation) -> None:
    for table in TABLES:
        columns = [
            row[0]
            for row in ask("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", table)
        ]
        quoted = [f'"{column}"' for column in columns]  # A name may be a word of SQL.
        values = ", ".join({'"id"': "gen_random_uuid()", '"organisation_id"': "%s"}.get(one, one) for one in quoted)
        insert = f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {values} FROM {table} LIMIT 1"
        assert "row-level security" in refuses(insert, elsewhere.id), table


def test_a_row_cannot_move_to_another_organisation(rows: dict[str, TenantModel], elsewhere: Organisation) -> None:
    for table, model in TABLES.items():
        answer = refuses(f"UPDATE {table} SET organisation_id = %s", elsewhere.id)
        assert ("append-only" if model.append_only else "row-level security") in answer, table


def references() -> Iterator[tuple[str, str, str]]:
    for table, model in TABLES.items():
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                yield table, field.column, field.remote_field.model._meta.db_table


def loose_references() -> set[tuple[str, str, str]]:
    """References between tenant tables that no composite key holds."""
    held = ask(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c "
        "JOIN pg_attribute o ON o.attrelid = c.conrelid AND o.attnum = c.conkey[1] AND o.attname = 'organisation_id' "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2] "
        "WHERE c.contype = 'f' AND c.convalidated AND array_length(c.conkey, 1) = 2"
    )
    return set(references()) - {tuple(map(str, row)) for row in held}


def test_every_reference_carries_the_organisation() -> None:
    assert loose_references() == set()


def test_a_loose_reference_is_found() -> None:
    ask("ALTER TABLE people_membership DROP CONSTRAINT tenant_people_membership_person_id")
    assert loose_references() == {("people_membership", "person_id", "people_person")}


def test_a_reference_into_another_organisation_is_refused(
    rows: dict[str, TenantModel], elsewhere: Organisation
) -> None:
    person = rows["people.Person"].pk
    stand_in(elsewhere.id)
    columns = "id, organisation_id, person_id, role, since"
    insert = f"INSERT INTO people_membership ({columns}) VALUES (%s, %s, %s, 'worker', now())"
    assert "tenant_people_membership_person_id" in refuses(insert, new_id(), elsewhere.id, person)


def test_append_only_tables_refuse_to_be_emptied(rows: dict[str, TenantModel]) -> None:
    for table, model in TABLES.items():
        if model.append_only:
            assert "append-only" in refuses(f"TRUNCATE {table} CASCADE"), table


@pytest.fixture
def web(rows: dict[str, TenantModel]) -> Iterator[None]:
    """We are the role of the web processes, for the rest of the test."""
    walls.put_up(web_role=WEB)
    ask(f"SET LOCAL ROLE {WEB}")
    yield
    ask("RESET ROLE")


def test_the_web_role_works_inside_one_organisation(web: None, elsewhere: Organisation) -> None:
    assert seen() == set(TABLES)
    assert refuses("UPDATE people_person SET street = street") == ""
    stand_in(elsewhere.id)
    assert seen() == set()


def test_the_web_role_cannot_lift_the_walls(web: None) -> None:
    assert ask("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user") == [
        (False,)
    ]
    for table, model in TABLES.items():
        assert "owner" in refuses(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"), table
        assert "owner" in refuses(f"DROP POLICY one_organisation ON {table}"), table
        if model.append_only:
            assert "owner" in refuses(f"DROP TRIGGER keep_{table} ON {table}"), table
            assert "owner" in refuses(f"ALTER TABLE {table} DISABLE TRIGGER ALL"), table
    assert "row-level security" in refuses("SET LOCAL row_security = off; SELECT * FROM people_person")
    assert "permission denied" in refuses("SET LOCAL session_replication_role = replica")


def test_the_web_role_cannot_change_a_posted_transfer(web: None) -> None:
    for table, model in TABLES.items():
        for verb in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE") if model.append_only else ():
            assert "permission denied" in refuses(verb.format(table)), table


@pytest.fixture
def later() -> None:
    """A migration of some later day made another table; migrate then puts the walls up again."""
    ask("CREATE TABLE later_thing (id uuid PRIMARY KEY)")
    walls.put_up(web_role=WEB)


def test_a_table_of_a_later_migration_is_open_to_the_web_role(later: None) -> None:
    ask(f"SET LOCAL ROLE {WEB}")
    assert refuses("INSERT INTO later_thing VALUES (gen_random_uuid())") == ""
    assert "owner" in refuses("DROP TABLE later_thing")
    ask("RESET ROLE")


@pytest.mark.django_db(transaction=True)
def test_a_connection_of_the_web_role_has_no_more_than_its_rights(organisation: Organisation) -> None:
    """Not by SET ROLE, but as a web process connects: what it may not, and that it cannot become somebody else."""
    walls.put_up(web_role=WEB)
    with scope.writing(organisation.id):
        Household.objects.create(name="Marsan")
    parameters = {name: value for name, value in connection.get_connection_params().items() if name != "cursor_factory"}
    with psycopg.connect(**{**parameters, "user": WEB}, autocommit=True) as web:

        def answer(sql: str) -> str:
            try:
                return str(web.execute(sql).fetchall())
            except psycopg.Error as error:
                return str(error)

        assert answer("SELECT current_user, session_user") == f"[('{WEB}', '{WEB}')]"
        assert answer("SELECT count(*) FROM people_household") == "[(0,)]"
        web.execute("BEGIN")
        web.execute("SELECT set_config('app.organisation', %s, true)", [str(organisation.id)])
        assert answer("SELECT count(*) FROM people_household") == "[(1,)]"
        web.execute("ROLLBACK")
        assert answer("SELECT count(*) FROM people_household") == "[(0,)]", "a setting outlived its transaction"
        for sql in ("UPDATE ledger_transfer SET amount = 1", "DELETE FROM ledger_transfer", "TRUNCATE ledger_transfer"):
            assert "permission denied" in answer(sql), sql
        for sql in ("SET ROLE entremise", "SET SESSION AUTHORIZATION entremise", "CREATE TABLE public.mine (id int)"):
            assert "permission denied" in answer(sql), sql
        assert "row-level security" in answer("SET row_security = off; SELECT * FROM people_household")
