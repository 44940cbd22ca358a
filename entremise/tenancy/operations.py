from django.db import models

from entremise.kernel.ids import new_id
from entremise.tenancy import scope
from entremise.tenancy.models import Counter


def next_number(*, series: str) -> int:
    """The next number of the series, from 1, without gaps: the counter's row stays locked until the door commits."""
    return next_numbers(series=series, count=1)[0]


def next_numbers(*, series: str, count: int) -> range:
    """The next `count` numbers of the series, in one go and as gapless as one by one."""
    for _ in range(2):
        if Counter.objects.filter(series=series).update(last=models.F("last") + count):
            last = Counter.objects.values_list("last", flat=True).get(series=series)
            return range(last - count + 1, last + 1)
        # First number of the series: whoever loses this race finds the row and waits for it.
        Counter.objects.bulk_create(
            [Counter(id=new_id(), organisation_id=scope.current(), series=series)], ignore_conflicts=True
        )
    raise RuntimeError(f"series {series} could not be opened")
