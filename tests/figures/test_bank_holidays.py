"""The days on which SEPA debits are not settled."""

from datetime import date

from entremise.figures.queries import bank_holidays


def test_the_year_has_six_of_them() -> None:
    assert sorted(bank_holidays(first=date(2027, 1, 1), last=date(2027, 12, 31))) == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 12, 25),
        date(2027, 12, 26),
    ]
