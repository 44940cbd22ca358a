"""Whatever changes somebody's money, or their word on it, comes one after the other."""

from collections.abc import Iterable
from uuid import UUID

from entremise.people.models import Person


def wait_for(*, people: Iterable[UUID]) -> None:
    """Until the commit nobody else changes what these people owe, are owed, or have allowed.

    Their own rows are locked, in id order: the web role may not lock what is kept for ever, an invoice for one.
    """
    waited = set(people)
    if waited:
        list(Person.objects.select_for_update(no_key=True).filter(id__in=waited).order_by("id").values_list("id"))
