from django.db import models

from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Document(TenantModel):
    """A contract, invoice, payslip… issued for ever: number, template and the data frozen at that moment."""

    append_only = True

    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=40)  # Gapless in its series: « FA-2026-0042 ».
    person = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=8, default="fr")
    data = models.JSONField()
    about = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    issued_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "number"], name="document_number")]
        indexes = [
            models.Index(fields=["organisation", "person", "issued_at"], name="document_person"),
            models.Index(fields=["organisation", "about_id"], name="document_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Print(TenantModel):
    """The PDF of a document, made once after it was issued and kept as it was made."""

    append_only = True

    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="prints")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "document"], name="print_once")]


class Scan(TenantModel):
    """A paper that came back signed, re-encoded on the way in so that it carries no hidden data."""

    append_only = True

    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="scans")
    content = models.BinaryField()
    mime = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)
