from collections.abc import Iterator

import pytest
from django.db import connection

from entremise.tenancy import scope
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import Organisation
from tests.laws.rows import one_of_each

# What only PostgreSQL can enforce is not collected elsewhere: nothing is skipped.
collect_ignore = [] if connection.vendor == "postgresql" else ["test_walls.py"]


@pytest.fixture
def rows(inside: Organisation) -> dict[str, TenantModel]:
    """One row of every tenant table of the first organisation, by model label."""
    made = one_of_each(inside)
    connection.check_constraints()  # Deferred keys are settled now: a table with pending ones cannot be altered.
    return made


@pytest.fixture
def outside(rows: dict[str, TenantModel], elsewhere: Organisation) -> Iterator[dict[str, TenantModel]]:
    """The same rows, seen from another organisation's scope."""
    with scope.within(elsewhere.id):
        yield rows
