from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from entremise.tenancy import scope
from entremise.tenancy.base import TenantModel
from entremise.tenancy.models import LegalIdentity, Organisation

M = TypeVar("M", bound=TenantModel)


def all_organisations() -> list[Organisation]:
    return list(Organisation.objects.order_by("slug"))


def organisation_by_slug(*, slug: str) -> Organisation | None:
    return Organisation.objects.filter(slug=slug).first()


def organisation_for_host(*, host: str, base_domain: str, default_slug: str) -> Organisation | None:
    """The organisation that a web address speaks for: its own domain, slug.<base domain>, or the default one.

    host: without port. The bare base domain, and any address of the machine itself, lead to the default.
    """
    named = Organisation.objects.filter(host=host).first() if host else None
    if named:
        return named
    slug, _, rest = host.partition(".")
    if rest == base_domain:
        return organisation_by_slug(slug=slug)
    if host == base_domain or not host.endswith("." + base_domain):
        return organisation_by_slug(slug=default_slug) if default_slug else None
    return None


def here() -> Organisation:
    """The organisation in force."""
    return Organisation.objects.get(id=scope.current())


def legal_identity() -> LegalIdentity | None:
    return LegalIdentity.objects.first()


def newest(*, rows: "QuerySet[M]", before: UUID | None, limit: int) -> "list[M]":
    """The latest rows, those written down after others first; before: only earlier ones. One more than `limit`, so
    that whoever shows them knows whether there are others. Ids tell the order: they begin with their moment.
    """
    if before:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[: limit + 1])
