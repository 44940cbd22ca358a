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
