from datetime import date

from django.db import models
from django.db.models import F, Q

from entremise.tenancy.base import TenantForeignKey, TenantModel

BEGINNING = date(1, 1, 1)


class Account(TenantModel):
    """A place where amounts of one asset come in (debit) and go out (credit); its balance is what is left.

    Never changed once opened, so that its asset and bounds may be remembered by every process.
    floor, ceiling: minor units. A cash box has a floor of 0; a member's wallet, which we owe, a ceiling of 0.
    """

    append_only = True

    code = models.CharField(max_length=20)  # In the chart of accounts.
    name = models.CharField(max_length=80)
    asset = models.CharField(max_length=8)
    holder = models.UUIDField(null=True)  # Whose account it is; the ledger does not know what a person is.
    floor = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code", "holder", "asset"], name="account_held"),
            models.UniqueConstraint(
                fields=["organisation", "code", "asset"], condition=Q(holder=None), name="account_own"
            ),
            models.CheckConstraint(condition=Q(floor=None) | Q(floor__lte=0), name="account_floor"),
            models.CheckConstraint(condition=Q(ceiling=None) | Q(ceiling__gte=0), name="account_ceiling"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Transfer(TenantModel):
    """An amount that leaves `credit` for `debit`: each row balances by construction.

    The rows of one entry share `entry` (the id of its first row), `key` and `request_hash`, and are numbered by `line`.
    """

    append_only = True

    class Phase(models.TextChoices):
        POSTED = "posted"
        PENDING = "pending"
        POSTS = "posts"  # Makes a pending row final.
        VOIDS = "voids"  # Gives a pending row up.

    debit = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    credit = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()  # Minor units of the asset of both accounts.
    entry = models.UUIDField()
    line = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    cause = models.CharField(max_length=40)
    cause_id = models.UUIDField(null=True)
    label = models.CharField(max_length=120)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    phase = models.CharField(max_length=8, choices=Phase.choices)
    resolves = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reverses = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    expires_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key", "line"], name="transfer_key"),
            models.UniqueConstraint(
                fields=["organisation", "resolves"], condition=~Q(resolves=None), name="transfer_resolved_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "reverses"], condition=~Q(reverses=None), name="transfer_reversed_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_two_accounts"),
            models.CheckConstraint(
                condition=Q(phase__in=["posts", "voids"], resolves__isnull=False)
                | Q(phase__in=["posted", "pending"], resolves__isnull=True),
                name="transfer_phase",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "debit", "recorded_at"], name="transfer_debit"),
            models.Index(fields=["organisation", "credit", "recorded_at"], name="transfer_credit"),
            models.Index(fields=["organisation", "recorded_at"], name="transfer_recorded"),
            models.Index(
                fields=["organisation", "expires_at"], condition=~Q(expires_at=None), name="transfer_expiring"
            ),
        ]


class Books(TenantModel):
    """Up to when an organisation's books are shut. Every entry reads this row after it is written, without a lock:
    who shuts them waits until nobody is between the two.
    """

    closed_to = models.DateField(default=BEGINNING)  # Last effective day that takes no entry any more.
    folded_to = models.DateField(default=BEGINNING)  # Last recorded day (UTC) that is summed up in folds.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_set_of_books")]


class BoundedBalance(TenantModel):
    """What a bounded account holds now. Changed only under its own lock; provable from the transfers at any time.

    The bounds are copied from the account, because a check constraint sees one row only.
    """

    account = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    floor = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)
    posted = models.BigIntegerField(default=0)
    pending_in = models.BigIntegerField(default=0)
    pending_out = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "account"], name="bounded_account"),
            models.CheckConstraint(condition=Q(pending_in__gte=0, pending_out__gte=0), name="bounded_pending"),
            models.CheckConstraint(
                condition=Q(floor=None) | Q(posted__gte=F("floor") + F("pending_out")), name="bounded_floor"
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(posted__lte=F("ceiling") - F("pending_in")), name="bounded_ceiling"
            ),
        ]


class Fold(TenantModel):
    """What one recorded day (UTC) changed on one account, summed once the day is over for everybody."""

    append_only = True

    account = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    debit = models.BigIntegerField()
    credit = models.BigIntegerField()
    pending_in = models.BigIntegerField()  # Held less resolved: negative on a day that resolved more than it held.
    pending_out = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "account", "day"], name="fold_day")]


class Seal(TenantModel):
    """The transfers of a recorded day (UTC) under seal, once it is over: none changes, goes or comes unseen.

    Each seal hashes the one before it. Days without transfers have none: the next seal speaks for them.
    """

    append_only = True

    day = models.DateField()
    rows = models.PositiveIntegerField()
    digests = models.BinaryField()  # 48 bytes a transfer, in the order of their ids: id, then SHA-256 of its content.
    hash = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "day"], name="seal_day")]


class Proof(TenantModel):
    """One time that everything was proved anew. While the latest found something, no money is paid out."""

    append_only = True

    at = models.DateTimeField()
    transfers = models.PositiveBigIntegerField()  # How many rows were looked at.
    facts = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()  # Of problems; `found` names the first of them.
    found = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "at"], name="proof_at")]
