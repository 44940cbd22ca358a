"""What every model-based machine over the database needs: an organisation of its own, of which nothing is left."""

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from entremise.kernel.refused import Refused
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation


class Machine(RuleBasedStateMachine):
    """Each walk happens in one transaction, inside an organisation that is made for it, and is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = 0
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.organisation = Organisation.objects.create(slug="machine", name="Machine")
        self.scope = scope.within(self.organisation.id)
        self.scope.__enter__()

    def teardown(self) -> None:
        self.scope.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def key(self) -> str:
        """Never said before in this walk."""
        self.keys += 1
        return f"key {self.keys}"

    def refused(self, code: str, operation: Callable[[], object]) -> None:
        with pytest.raises(Refused, match=code), transaction.atomic():
            operation()
