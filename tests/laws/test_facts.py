"""Every fact type is documented; every state is reachable and every edge has a fact (rules of motion 5)."""

import pytest

from entremise.kernel.state import StateTable
from tests.laws.facts import documented, known, recorded, state_tables, unreadable
from tests.laws.tree import Source, broken, clean, found

TABLES = [table for _, table in state_tables()]


def test_every_fact_is_documented() -> None:
    missing = sorted(set(known()) - set(documented()))
    assert missing == [], "write them into docs/facts.md (python -m tests.laws.facts prints the lines)"


def test_only_facts_are_documented() -> None:
    assert sorted(set(documented()) - set(known())) == [], (
        "nobody records these any more: take them out of docs/facts.md"
    )


def test_facts_stand_in_the_room_that_records_them() -> None:
    clean(
        f"{one}: belongs under ## {known()[one][0]}" for one, row in documented().items() if row[0] != known()[one][0]
    )


def test_facts_can_be_read_from_the_source() -> None:
    clean(broken(unreadable))


def test_a_fact_of_unknown_type_is_found() -> None:
    text = "from entremise.history.operations import record\nkind = 'a' + b\nrecord(act=act, type=kind, thing='x')"
    assert found(unreadable, "entremise/market/operations.py", text)


def test_all_ways_to_name_a_fact_are_read() -> None:
    text = (
        "from entremise.history.operations import record\n"
        "from entremise.agreements import rules\n"
        "record(act=act, type='said', thing='x')\n"
        "record(act=act, type='yes' if ok else 'no', thing='x')\n"
        "record(act=act, type=rules.ANSWERS[answer], thing='x')\n"
    )
    types = {type_ for type_, _ in recorded(Source("entremise/jobs/operations.py", text))}
    assert types == {"said", "yes", "no", "hours_confirmed", "hours_differ", "hours_presumed"}


def flaws(table: StateTable) -> list[str]:
    found = [f"{table.name}: no path leads to {state}" for state in sorted(table.unreachable)]
    found += [f"{table.name}: {edge} has no fact" for edge, (_, fact) in table.edges.items() if not fact]
    if not any(state == "" for state, _ in table.edges):
        found.append(f"{table.name}: nothing begins it")
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_state_is_reachable_and_every_edge_has_a_fact(table: StateTable) -> None:
    clean(flaws(table))


def test_tables_have_names_of_their_own() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)


def test_flaws_of_a_table_are_found() -> None:
    lost = StateTable("lost", {("", "begin"): ("here", "begun"), ("there", "go"): ("gone", "")})
    assert flaws(lost) == [
        "lost: no path leads to gone",
        "lost: no path leads to there",
        "lost: ('there', 'go') has no fact",
    ]
    assert flaws(StateTable("headless", {("a", "b"): ("a", "c")}))[-1] == "headless: nothing begins it"
