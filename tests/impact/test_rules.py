"""What may be published: nothing rests on a few, nor does any difference between two published numbers."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from entremise.impact.rules import FEWEST, Cell, blocks, few, gathered, published, published_share, stretches

PEOPLE = st.frozensets(st.integers(0, 30), max_size=12)


def test_a_number_that_rests_on_four_is_hidden() -> None:
    assert published("hours", 300, "minutes", n=4).hidden
    assert published("hours", 300, "minutes", n=5).value == 300


def test_nothing_is_published_as_nothing() -> None:
    assert published("hours", 0, "minutes", n=0).value == 0


def test_a_share_is_hidden_when_few_are_in_it_or_few_are_not() -> None:
    assert published_share("unmet", 2, 100).hidden
    assert published_share("unmet", 98, 100).hidden
    assert published_share("unmet", 0, 100).value == 0
    assert published_share("unmet", 25, 100).value == 25


def test_months_with_enough_people_stand_alone() -> None:
    assert blocks([[6, 9], [5, 5], [0, 0], [7, 8]]) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_small_month_is_told_with_the_next() -> None:
    assert blocks([[6, 9], [2, 5], [7, 8]]) == [(0, 0), (1, 2)]


def test_what_is_left_at_the_end_waits() -> None:
    assert blocks([[6, 9], [2, 2]]) == [(0, 0)]


@given(st.lists(st.tuples(PEOPLE, PEOPLE), max_size=14))
def test_no_difference_between_published_periods_rests_on_a_few(months: list[tuple[frozenset[int], ...]]) -> None:
    """Any two periods made of whole blocks differ by whole blocks; and each block rests on enough, or nobody."""
    spans = blocks([[len(workers), len(clients)] for workers, clients in months])
    for chosen in (one for size in (1, 2) for one in combinations(spans, size)):
        inside = [month for first, last in chosen for month in months[first : last + 1]]
        for kind in range(2):
            assert not few(len(frozenset[int]().union(*(month[kind] for month in inside))))
    assert [first for first, _last in spans[1:]] == [last + 1 for _first, last in spans[:-1]]


CELLS = st.lists(st.tuples(PEOPLE, st.integers(1, 1000)), max_size=8)


def cells_of(given_: list[tuple[frozenset[int], int]]) -> list[Cell]:
    return [Cell(f"c{at}", value, len(people)) for at, (people, value) in enumerate(given_)]


@given(CELLS)
def test_the_total_less_what_is_shown_never_rests_on_a_few(rows: list[tuple[frozenset[int], int]]) -> None:
    shown = gathered(cells_of(rows))
    named = {cell.label for cell in shown}
    behind = [people for at, (people, _value) in enumerate(rows) if f"c{at}" not in named]
    together = len(frozenset[int]().union(*behind))
    assert not shown or not few(together)
    for cell in shown:
        assert cell.n >= FEWEST


@given(CELLS)
def test_the_lines_shown_add_up_to_the_total(rows: list[tuple[frozenset[int], int]]) -> None:
    shown = gathered(cells_of(rows))
    total = sum(value for people, value in rows if people)
    assert not shown or sum(cell.value for cell in shown) == total


def test_lines_of_enough_people_are_shown_largest_first() -> None:
    cells = [Cell("Vélo", 60, 6), Cell("Haie", 600, 9), Cell("Rien", 0, 0)]
    assert [cell.label for cell in gathered(cells)] == ["Haie", "Vélo"]


def test_a_small_line_takes_the_next_with_it() -> None:
    cells = [Cell("Vélo", 60, 2), Cell("Haie", 600, 9), Cell("Repas", 90, 5)]
    assert gathered(cells) == [Cell("Haie", 600, 9), Cell("", 150, 5)]


def test_a_breakdown_of_a_few_is_not_shown() -> None:
    assert gathered([Cell("Vélo", 60, 2), Cell("Haie", 90, 4)]) == []


def people(*numbers: int) -> set[int]:
    return set(numbers)


def test_months_are_told_together_until_nobody_can_be_guessed() -> None:
    few, enough = people(1, 2), people(*range(5))
    nobody = people()
    assert stretches([(enough, nobody), (few, nobody), (people(3, 4, 5), nobody)]) == [(0, 0), (1, 2)]
    assert stretches([(few, nobody), (few, nobody), (few, nobody)]) == []  # The same two are two.
    assert stretches([(nobody, enough), (enough, few)]) == [(0, 0)]  # Who gave counts as well.
    assert stretches([]) == []
