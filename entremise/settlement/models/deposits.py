from django.db import models

from entremise.agreements.models import Agreement
from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Deposit(TenantModel):
    """What a client puts aside for a piece of work before it is billed: paid ahead, or held on their card and taken
    once it is known what the work costs. Minor units.
    """

    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()  # Asked.
    hold = models.BooleanField(default=False)
    state = models.CharField(max_length=10)
    taken = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)  # Of what was taken: no invoice used it and it did not go back.
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "agreement"],
                condition=models.Q(state__in=["asked", "held", "paid"]),
                name="deposit_live_once",
            ),
            models.CheckConstraint(
                condition=models.Q(left__gte=0, left__lte=models.F("taken")), name="deposit_left_within"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="deposit_state"),
            models.Index(fields=["organisation", "client"], name="deposit_client"),
        ]
