from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from entremise.agreements.models import Agreement
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.pools.rules.sharing import Terms
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Pool(TenantModel):
    """People who have their hours of help together, each with a balance of their own."""

    name = models.CharField(max_length=60)
    about = models.CharField(max_length=400, blank=True)  # As its members read it.
    organiser = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="pool_name")]

    def __str__(self) -> str:
        return self.name


class Rate(TenantModel):
    """What an hour costs together from a day on, and what it is compared with. Cents; see `sharing.Terms`.

    agreement: with whoever helps, signed on paper; its occasions are the sessions.
    """

    append_only = True

    pool = TenantForeignKey(Pool, on_delete=models.PROTECT, related_name="rates")
    provider = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    hourly = models.BigIntegerField()
    alone = models.BigIntegerField()
    source = models.CharField(max_length=200)  # Of the individual price.
    fee_how = models.CharField(max_length=8)
    fee_value = models.BigIntegerField()
    agreed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pool", "starts_on"], name="rate_day"),
            models.CheckConstraint(condition=Q(hourly__gt=0, alone__gte=F("hourly")), name="rate_saves"),
        ]

    @property
    def terms(self) -> Terms:
        return Terms(self.hourly, self.alone, self.fee_how, self.fee_value)

    @property
    def fee_part(self) -> Decimal:
        """A fee in percent as a fraction."""
        return Decimal(self.fee_value) / 10_000


class Block(TenantModel):
    """What a kind of budget may not pay, between two days, and who says so. verified: somebody read it there."""

    kind = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    since = models.DateField()
    until = models.DateField(null=True)  # The last day.
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "outcome"], condition=Q(until=None), name="block_open_once"
            )
        ]


class Budget(TenantModel):
    """Somebody's money for help in a pool, for a period. What is really there is on its own account of the ledger, a
    debt to them that never passes nothing. granted: what was awarded, cents.
    """

    pool = TenantForeignKey(Pool, on_delete=models.PROTECT, related_name="budgets")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    funder = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    reference = models.CharField(max_length=80, blank=True)  # Of the decision or the care plan.
    granted = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "pool", "person"], condition=Q(state="active"), name="budget_active_once"
            ),
            models.CheckConstraint(condition=Q(granted__gt=0, last__gte=F("first")), name="budget_whole"),
        ]
        indexes = [
            models.Index(fields=["organisation", "person"], name="budget_person"),
            models.Index(fields=["organisation", "funder"], name="budget_funder"),
        ]


class Outcome(TenantModel):
    """What somebody's budget is for, as agreed with them and whoever funds it."""

    budget = TenantForeignKey(Budget, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=16)
    since = models.DateField()
    until = models.DateField(null=True)  # The last day.
    source = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "budget", "outcome"], condition=Q(until=None), name="outcome_open_once"
            )
        ]


class BudgetMoney(TenantModel):
    """Money that came into a budget; a negative amount was given back when it ended. Cents."""

    append_only = True

    budget = TenantForeignKey(Budget, on_delete=models.PROTECT, related_name="money")
    amount = models.BigIntegerField()
    how = models.CharField(max_length=10)  # cash, cheque, transfer; back
    on = models.DateField()
    to = TenantForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )  # Whoever it was given back to.
    line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.UUIDField()
    key = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="budget_money_key"),
            models.CheckConstraint(condition=~Q(amount=0), name="budget_money_amount"),
        ]
        indexes = [models.Index(fields=["organisation", "budget", "on"], name="budget_money_day")]


class Session(TenantModel):
    """Hours of help that several people have at once, or one alone. minutes: planned, then those that there were.

    An occasion of the agreement of its rate: whoever helps may write the hours down there too.
    """

    pool = TenantForeignKey(Pool, on_delete=models.PROTECT, related_name="sessions")
    rate = TenantForeignKey(Rate, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)
    day = models.DateField()  # As the calendar in town says.
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    borne = models.BigIntegerField(default=0)  # Cents of it that nobody owed.
    entry = models.UUIDField(null=True)
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(state="done") | Q(entry__isnull=False), name="session_done_is_booked")
        ]
        indexes = [models.Index(fields=["organisation", "pool", "state", "starts_at"], name="session_pool")]

    @property
    def people(self) -> list[str]:
        """Names of those who take part still, or took part."""
        return [one.budget.person.full_name for one in self.commitments.all() if one.state in ("planned", "kept")]


class Commitment(TenantModel):
    """Somebody's place in a session. Once it was kept: their minutes and cents, as `sharing.Part` says."""

    session = TenantForeignKey(Session, on_delete=models.PROTECT, related_name="commitments")
    budget = TenantForeignKey(Budget, on_delete=models.PROTECT, related_name="commitments")
    state = models.CharField(max_length=8)
    minutes = models.PositiveIntegerField(default=0)
    amount = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    alone = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "budget"], name="commitment_once"),
            models.CheckConstraint(
                condition=Q(fee__gte=0, amount__gte=F("fee"), alone__gte=F("amount")), name="commitment_saves"
            ),
            models.CheckConstraint(condition=Q(state="kept") | Q(minutes=0, amount=0), name="commitment_kept_only"),
        ]
        indexes = [models.Index(fields=["organisation", "budget", "state"], name="commitment_budget")]

    @property
    def saved(self) -> int:
        return self.alone - self.amount
