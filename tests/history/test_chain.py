import pytest
from django.db import DatabaseError, connection, transaction

from entremise.history import operations, queries
from entremise.history.models import Fact, Link
from entremise.kernel.act import Act


def three_facts(act: Act) -> list[Fact]:
    return [
        operations.record(act=act, type="call_logged", thing="call", thing_id=None, data={"n": n}) for n in range(3)
    ]


def test_chained_facts_verify(act: Act) -> None:
    three_facts(act)
    assert operations.chain() == 3
    assert operations.chain() == 0
    assert queries.first_broken_link() is None


def test_a_later_batch_continues_the_chain(act: Act) -> None:
    three_facts(act)
    operations.chain(limit=2)
    operations.chain()
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert queries.first_broken_link() is None


def test_a_changed_fact_breaks_the_chain_where_it_stands(act: Act, walls_down: None) -> None:
    facts = three_facts(act)
    operations.chain()
    Fact.objects.filter(id=facts[1].id).update(type="call_forged")
    broken = queries.first_broken_link()
    assert broken is not None
    assert (broken.position, broken.fact) == (2, facts[1].id)


@pytest.mark.parametrize("statement", ["UPDATE history_fact SET type = 'x'", "DELETE FROM history_fact"])
def test_the_database_refuses_to_change_a_fact(act: Act, statement: str) -> None:
    three_facts(act)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_last_fact_that_went_is_missed_too(act: Act, walls_down: None) -> None:
    facts = three_facts(act)
    operations.chain()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON" if connection.vendor == "sqlite" else "SELECT 1")
        cursor.execute("DELETE FROM history_fact WHERE id = %s", [facts[2].id.hex])
    broken = queries.first_broken_link()
    assert broken is not None
    assert (broken.position, broken.fact) == (3, facts[2].id)
    facts[2].save(force_insert=True)


def test_the_walk_goes_page_by_page(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    three_facts(act)
    operations.chain()
    monkeypatch.setattr(queries, "PAGE", 2)
    walked: list[int] = []
    assert queries.first_broken_link(progress=walked.append) is None
    assert walked == [2, 1]
