from django.db import models

from entremise.kernel.ids import new_id
from entremise.tenancy.base import TenantModel


class Figure(models.Model):
    """A legal figure, valid for a time, with its source. Shared by all organisations; loaded from figures/data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=20, decimal_places=8)
    unit = models.CharField(max_length=24)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=2, default="FR")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "key", "valid_from"], name="figure_from")]

    def __str__(self) -> str:
        return f"{self.key} from {self.valid_from}"


class Override(TenantModel):
    """An organisation's own value: its tariff, its delays, or a legal figure it knows to differ. Wins while valid."""

    key = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=20, decimal_places=8)
    unit = models.CharField(max_length=24)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    set_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key", "valid_from", "set_by"], name="override_from_by")
        ]
