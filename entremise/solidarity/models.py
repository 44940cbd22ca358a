from django.db import models

from entremise.documents.models import Document
from entremise.kernel.time import Period
from entremise.payments.models import BankLine, Intent
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from entremise.tenancy.base import Guard, TenantForeignKey, TenantModel
from entremise.tenancy.sealed import SealedTextField

# Restricted money: the fund of an award takes its purpose, whatever a program forgets to ask.
_FUND_OF_AWARD = "NEW.fund_id IS NULL OR EXISTS (SELECT 1 FROM solidarity_fund f WHERE f.id = NEW.fund_id AND {})"
_OF_PAYMENT = (
    "NEW.amount < 0 OR EXISTS (SELECT 1 FROM solidarity_award a JOIN solidarity_fund f ON f.id = a.fund_id "
    "WHERE a.id = NEW.award_id AND {})"
)
_TAKES_SQLITE = (
    "(json_array_length(f.purposes) = 0 OR EXISTS (SELECT 1 FROM json_each(f.purposes) p WHERE p.value = {0}.purpose))"
)
_TAKES_POSTGRESQL = "(jsonb_array_length(f.purposes) = 0 OR f.purposes @> to_jsonb({0}.purpose::text))"


def _restricted(condition: str, award: str) -> Guard:
    takes = (_TAKES_SQLITE.format(award), _TAKES_POSTGRESQL.format(award))
    return Guard("restricted_money", *(condition.format(one) for one in takes))


class Fund(TenantModel):
    """Money kept for a purpose. Its account is a debt to that purpose: a bounded account that never passes nothing.

    purposes: keys of `rules.PURPOSES` it may pay for, all of them when empty. origin: a key of `books_fr.ORIGINS`.
    """

    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=400)  # In words, as everybody may read them.
    purposes = models.JSONField(default=list)
    origin = models.CharField(max_length=8)
    opened_on = models.DateField()
    usable_until = models.DateField(null=True)  # A grant's last day.
    closed_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="fund_name")]

    def __str__(self) -> str:
        return self.name


class GiftAsked(TenantModel):
    """What somebody means to give to a fund through a provider, alone or with an invoice that they pay.

    What became of it are its gifts: none before the provider took it. Minor units of euros.
    """

    append_only = True

    fund = TenantForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    giver = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    intent = TenantForeignKey(Intent, on_delete=models.PROTECT, related_name="+")
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "intent"], name="gift_asked_intent")]

    @property
    def kept(self) -> int:
        """Cents of it that the fund has."""
        return sum(gift.amount for gift in self.gifts.all())


class Gift(TenantModel):
    """Money that came into a fund; a negative amount takes one back."""

    append_only = True

    class Kind(models.TextChoices):
        TOPUP = "topup"  # Somebody gave a little more.
        SUSPENDED = "suspended"  # « Une heure suspendue », for somebody else.
        GRANT = "grant"
        COMMISSION = "commission"  # A share of ours.
        SURPLUS = "surplus"  # What a client paid too much and leaves.

    fund = TenantForeignKey(Fund, on_delete=models.PROTECT, related_name="gifts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    giver = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    how = models.CharField(max_length=12)  # cash, cheque, transfer, card; share, invoice: nothing changed hands.
    received_on = models.DateField()
    item = models.CharField(max_length=80, blank=True)  # What was suspended: « 1 heure de ménage ».
    reference = models.CharField(max_length=80, blank=True)  # Of the paper that grants it.
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    asked = TenantForeignKey(GiftAsked, on_delete=models.PROTECT, null=True, related_name="gifts")
    corrects = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    entry = models.UUIDField()
    key = models.CharField(max_length=100)
    given_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="gift_key"),
            models.UniqueConstraint(
                fields=["organisation", "corrects"], condition=~models.Q(corrects=None), name="gift_back_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "received_on"], name="gift_day")]


class Rules(TenantModel):
    """A version of the rules of helping: proposed, then adopted or rejected by a vote; older versions stay.

    Amounts in cents. quorum: how many must have voted for a vote to count.
    """

    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    purposes = models.JSONField(default=list)
    most_award = models.BigIntegerField()
    most_year = models.BigIntegerField()  # For one person, in a civil year.
    delegate_up_to = models.BigIntegerField(default=0)  # What one delegate may grant alone.
    emergency_up_to = models.BigIntegerField(default=0)  # What the desk may grant at once.
    emergencies = models.PositiveSmallIntegerField(default=0)  # How often a year, for one person.
    quorum = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    state = models.CharField(max_length=10)
    proposed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="rules_number")]

    def __str__(self) -> str:
        return str(self.number)


class Seat(TenantModel):
    """Somebody on the committee, for a time."""

    class Kind(models.TextChoices):
        BENEFICIARY = "beneficiary"
        CLIENT = "client"
        WORKER = "worker"
        ORGANISATION = "organisation"
        FUNDER = "funder"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    delegate = models.BooleanField(default=False)  # May grant small aids alone, where the rules allow.
    since = models.DateField()
    until = models.DateField(null=True)  # The last day.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(until=None), name="seat_open_once"
            )
        ]


class Award(TenantModel):
    """A help that somebody asked for, and what became of it. Its words are sealed, for the committee and the desk.

    amount: granted, in cents; what is not paid yet is held in the ledger (`hold`).
    """

    guards = (_restricted(_FUND_OF_AWARD, "NEW"),)

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12)
    need = SealedTextField()
    state = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    fund = TenantForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="+")
    rules = TenantForeignKey(Rules, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField(null=True)
    hold = models.UUIDField(null=True)
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=10, blank=True)  # vote, delegate, emergency, place, item
    item = TenantForeignKey(Gift, on_delete=models.PROTECT, null=True, related_name="+")  # The hour that was taken.
    reason = SealedTextField(blank=True)  # Of a refusal.
    appeal = SealedTextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)  # Of votes: an appeal is voted on anew.

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["organisation", "state"], name="award_state"),
            models.Index(fields=["organisation", "person", "decided_on"], name="award_person"),
        ]


class Band(TenantModel):
    """A lower price that anybody may ask for without proof, for a season and for so many people; a step of its ladder.

    percent or hourly: what it takes off, the latter in cents an hour. reserve: cents that a fund keeps for each place.
    """

    fund = TenantForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    rules = TenantForeignKey(Rules, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()  # Of its season, the last day as well.
    last = models.DateField()
    step = models.PositiveSmallIntegerField()  # 1 takes least off.
    percent = models.PositiveSmallIntegerField(default=0)
    hourly = models.BigIntegerField(default=0)
    places = models.PositiveSmallIntegerField()
    reserve = models.BigIntegerField()
    opened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "first", "step"], name="band_step")]

    @property
    def season(self) -> Period:
        return Period(self.first, self.last)


class Place(TenantModel):
    """Somebody's own price for a season, or their turn to have it. Only the committee's side of the desk reads it.

    award: what keeps the reserve, while the place is held.
    """

    band = TenantForeignKey(Band, on_delete=models.PROTECT, related_name="taken")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8)
    award = TenantForeignKey(Award, on_delete=models.PROTECT, null=True, related_name="+")
    eased = models.PositiveSmallIntegerField(default=0)  # How often they moved down.
    asked_at = models.DateTimeField()
    asked_again_at = models.DateTimeField(null=True)  # Whether they want one next season.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "band", "person"],
                condition=models.Q(state__in=["waiting", "held"]),
                name="place_live_once",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "asked_at"], name="place_turn"),
            models.Index(fields=["organisation", "person"], name="place_person"),
        ]


class Contribution(TenantModel):
    """What somebody adds to each of their invoices for a fund, of their own will: cents for each hour."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    fund = TenantForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    hourly = models.BigIntegerField()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # It was changed or stopped then.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(ended_at=None), name="contribution_open_once"
            )
        ]


class Addition(TenantModel):
    """What a contribution adds to one invoice. Owed to nobody: a gift once the client pays that much more."""

    contribution = TenantForeignKey(Contribution, on_delete=models.PROTECT, related_name="additions")
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    gift = TenantForeignKey(Gift, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "invoice"], name="addition_once")]


class Vote(TenantModel):
    """What one seat said, of a version of the rules or of an award."""

    append_only = True

    class Answer(models.TextChoices):
        FOR = "for"
        AGAINST = "against"
        ABSTAIN = "abstain"

    seat = TenantForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    rules = TenantForeignKey(Rules, on_delete=models.PROTECT, null=True, related_name="votes")
    award = TenantForeignKey(Award, on_delete=models.PROTECT, null=True, related_name="votes")
    round = models.PositiveSmallIntegerField(default=1)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    cast_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "rules", "seat"], condition=~models.Q(rules=None), name="vote_rules_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "award", "round", "seat"],
                condition=~models.Q(award=None),
                name="vote_award_once",
            ),
        ]


class AwardPayment(TenantModel):
    """A part of an award that was paid; a negative amount came back into the fund: all of it, or with a credit note."""

    append_only = True
    guards = (_restricted(_OF_PAYMENT, "a"),)

    award = TenantForeignKey(Award, on_delete=models.PROTECT, related_name="payments")
    amount = models.BigIntegerField()
    how = models.CharField(max_length=12)  # invoice, cash, transfer
    invoice = TenantForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="+")
    line = TenantForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    corrects = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    paid_on = models.DateField()
    entry = models.UUIDField()
    key = models.CharField(max_length=100)
    paid_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="award_payment_key")]
        indexes = [models.Index(fields=["organisation", "paid_on"], name="award_payment_day")]


class FundYear(TenantModel):
    """A fund's year in the statement of dedicated funds; cents. carried = opening + received - used."""

    append_only = True

    fund = TenantForeignKey(Fund, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    opening = models.BigIntegerField()
    received = models.BigIntegerField()
    used = models.BigIntegerField()
    carried = models.BigIntegerField()
    entry = models.UUIDField(null=True)
    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "fund", "year"], name="fund_year_once")]
