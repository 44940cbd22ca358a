from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast
from uuid import UUID

from django.core import checks
from django.db import models
from django.db.models.base import ModelBase
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from entremise.kernel.ids import new_id
from entremise.tenancy import scope

M = TypeVar("M", bound="TenantModel", covariant=True)
_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)


@dataclass(frozen=True)
class Guard:
    """What the database requires of a row that is written: a condition on NEW, in the words of each engine."""

    name: str
    sqlite: str
    postgresql: str


class TenantManager(models.Manager[M]):
    """Rows of the organisation in force. Building a query outside a scope raises NoScope instead of leaking."""

    def get_queryset(self) -> "models.QuerySet[M]":
        rows, here = super().get_queryset(), scope.current()
        # What filter(organisation_id=here) ends up with, without its detours: every query passes here.
        column = cast("models.Field[Any, Any]", self.model._meta.get_field("organisation"))
        alias = rows.query.get_initial_alias()
        rows.query.where.add(Exact(column.get_col(alias), here), "AND")
        return rows


class TenantBase(ModelBase):
    """Gives every concrete tenant model UNIQUE (organisation, id), the target of composite foreign keys."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> type:
        model = super().__new__(cls, name, bases, attrs, **kwargs)
        meta = model._meta  # type: ignore[attr-defined]  # ModelBase sets it; its stub says plain `type`.
        if not meta.abstract and not any(c.name == f"{meta.db_table}_tenant" for c in meta.constraints):
            unique = models.UniqueConstraint(fields=["organisation", "id"], name=f"{meta.db_table}_tenant")
            meta.constraints = [*meta.constraints, unique]
            meta.original_attrs["constraints"] = meta.constraints
        return model


class TenantModel(models.Model, metaclass=TenantBase):
    """A row that belongs to an organisation, for ever.

    append_only: the database refuses UPDATE and DELETE on the table, whoever asks.
    guards: it refuses INSERT and UPDATE of a row that does not meet them.
    """

    append_only: ClassVar[bool] = False
    guards: ClassVar[Sequence[Guard]] = ()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        "tenancy.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # Every index starts with it anyway.
        editable=False,
        default=scope.current,
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    if TYPE_CHECKING:
        organisation_id: UUID

    class Meta:
        abstract = True
        base_manager_name = "objects"  # Following a foreign key is scoped too.

    def _do_update(self, *args: Any, **kwargs: Any) -> Any:
        # A row never moves to another organisation, and a sharded database refuses even to hear of it.
        base_qs, using, pk_val, values, *rest = args
        kept = [value for value in values if value[0].attname != "organisation_id"]
        scoped = base_qs.filter(organisation_id=self.organisation_id)
        return super()._do_update(scoped, using, pk_val, kept, *rest, **kwargs)


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """A reference inside one organisation: the join carries it, and PostgreSQL checks it (tenancy.walls)."""

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> WhereNode | None:
        if alias is None or related_alias is None:
            return None
        here = cast("models.Field[Any, Any]", self.model._meta.get_field("organisation"))
        there = cast("models.Field[Any, Any]", self.remote_field.model._meta.get_field("organisation"))
        same = WhereNode()
        same.add(Exact(Col(related_alias, there), Col(alias, here)), "AND")
        return same

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = list(super().check(**kwargs))
        target = self.remote_field.model
        if isinstance(target, type) and not issubclass(target, TenantModel):
            found.append(
                checks.Error(f"{target.__name__} is shared: use a plain ForeignKey", obj=self, id="tenancy.E1")
            )
        return found
