from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

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
    label, _, rest = host.partition(".")
    ours = host == base_domain or host.endswith("." + base_domain)
    slug = label if rest == base_domain else "" if ours and host != base_domain else default_slug
    either = Q(host=host) & ~Q(host="") | Q(slug=slug) & ~Q(slug="")
    found = sorted(Organisation.objects.filter(either), key=lambda one: one.host != host)  # Every page asks: one query.
    return found[0] if found else None


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
