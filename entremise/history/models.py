from django.db import models

from entremise.tenancy.base import TenantForeignKey, TenantModel


class Fact(TenantModel):
    """One thing that happened. `docs/facts.md` lists every type. Carries references and plain values, never secrets."""

    append_only = True

    type = models.CharField(max_length=40)
    thing = models.CharField(max_length=40)  # What it happened to: "request", "invoice"…
    thing_id = models.UUIDField(null=True)
    by = models.UUIDField(null=True)  # A person; null for the organisation's clock. No key: people live above.
    on_behalf_of = models.UUIDField(null=True)
    door = models.CharField(max_length=10)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["organisation", "thing_id", "at"], name="fact_of_thing"),
            models.Index(fields=["organisation", "type", "at"], name="fact_of_type"),
        ]


class Link(TenantModel):
    """A fact's place in the organisation's hash chain. Made by the clock, so that writers never queue for the end."""

    append_only = True

    position = models.PositiveBigIntegerField()
    fact = TenantForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "position"], name="link_position"),
            models.UniqueConstraint(fields=["organisation", "fact"], name="link_fact"),
        ]
