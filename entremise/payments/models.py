from django.db import models

from entremise.people.models import Person
from entremise.tenancy.base import TenantForeignKey, TenantModel


class BankAccount(TenantModel):
    """Where someone is paid. The latest row counts; older ones stay, because past files named them."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "person", "since"], name="bank_account_person")]


class Mandate(TenantModel):
    """A client lets us collect what they owe from their account, until they say otherwise."""

    class How(models.TextChoices):
        PAPER = "paper"
        SITE = "site"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35)  # The unique mandate reference (RUM), on all that we tell them.
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    holder = models.CharField(max_length=70)
    signed_on = models.DateField()
    how = models.CharField(max_length=5, choices=How.choices)
    document = models.UUIDField(null=True)  # The paper, with its scan.
    state = models.CharField(max_length=12, default="active")
    reason = models.CharField(max_length=60, blank=True)  # Why it rests, or ended.
    last_used_on = models.DateField(null=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "reference"], name="mandate_reference"),
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(state__in=["active", "suspended"]),
                name="mandate_live_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BankFile(TenantModel):
    """What the bank sent, or what was made for it."""

    class Way(models.TextChoices):
        IN = "in"
        OUT = "out"

    way = models.CharField(max_length=3, choices=Way.choices)
    message = models.CharField(max_length=8, blank=True)  # pain.008, pain.002, camt.054; else a statement or wages.
    name = models.CharField(max_length=120)
    message_id = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    lines = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)  # Minor units; signed for statements.
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="done")  # A long statement: reading, then matching, by the clock.
    through = models.PositiveIntegerField(default=0)  # How many lines that has done.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "way", "sha256"], name="bank_file_once")]
        indexes = [models.Index(fields=["organisation", "state"], name="bank_file_state")]


class BankLine(TenantModel):
    """A movement on the organisation's account. Read twice, it is still one row."""

    file = TenantForeignKey(BankFile, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=80)
    booked_on = models.DateField()
    amount = models.BigIntegerField()  # Minor units, positive when money came in.
    asset = models.CharField(max_length=8, default="EUR")
    reference = models.CharField(max_length=140, blank=True)
    text = models.CharField(max_length=500, blank=True)
    counterparty = models.CharField(max_length=140, blank=True)
    counterparty_iban = models.CharField(max_length=34, blank=True)
    reversal = models.BooleanField(default=False)  # The bank takes an earlier movement back.
    return_code = models.CharField(max_length=35, blank=True)  # Why, in the four letters of ISO 20022.
    state = models.CharField(max_length=12, default="unmatched")  # unmatched, matched, set_aside
    reason = models.CharField(max_length=60, blank=True)  # Why it was matched, or could not be.
    entry = models.UUIDField(null=True)  # The ledger entry it became.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    undone = models.PositiveSmallIntegerField(default=0)  # How often a person took back what it had been said to be.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="bank_line_key")]
        indexes = [
            models.Index(fields=["organisation", "state", "booked_on"], name="bank_line_state"),
            models.Index(fields=["organisation", "file", "booked_on", "amount", "key"], name="bank_line_file"),
            models.Index(fields=["organisation", "counterparty_iban"], name="bank_line_account"),
        ]


class LineRule(TenantModel):
    """What a person taught us of lines of the bank: whose money they are, or what they are instead of a payment.

    A line fits by the account it comes from, or by the name and the lasting words that the bank wrote.
    """

    iban = models.CharField(max_length=34, blank=True)
    name = models.CharField(max_length=140, blank=True)  # As rules.names.name_key gives it.
    text = models.CharField(max_length=500, blank=True)  # As rules.names.text_key gives it.
    came_in = models.BooleanField()
    client = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=12, blank=True)  # Without a client. A room above knows its words.
    said = models.CharField(max_length=140)  # The name or the text of the line it was taught on, for people.
    times = models.PositiveIntegerField(default=1)  # How often a person said so.
    taught_at = models.DateTimeField()
    taught_by = models.UUIDField(null=True)
    used = models.PositiveIntegerField(default=0)  # How many lines it settled by itself.
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "iban", "name", "text", "came_in", "client"],
                condition=models.Q(withdrawn_at=None, client__isnull=False),
                name="line_rule_client",
            ),
            models.UniqueConstraint(
                fields=["organisation", "iban", "name", "text", "came_in", "what"],
                condition=models.Q(withdrawn_at=None, client=None),
                name="line_rule_what",
            ),
        ]


class KeptMeans(TenantModel):
    """A card or a debit account that a provider keeps for somebody. Their numbers are the provider's: here is what it
    tells of them, and whether their owner wants what they owe to be paid with it.
    """

    class Kind(models.TextChoices):
        CARD = "card"
        SEPA_DEBIT = "sepa_debit"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    provider = models.CharField(max_length=12)
    state = models.CharField(max_length=8)
    back = models.CharField(max_length=300)  # Where the provider's page leads.
    page = models.CharField(max_length=120, blank=True)  # The provider's references: page, customer, means, mandate.
    url = models.CharField(max_length=400, blank=True)  # Of that page, while it is open.
    payer = models.CharField(max_length=120, blank=True)
    ref = models.CharField(max_length=120, blank=True)
    mandate = models.CharField(max_length=120, blank=True)
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True)  # The last good day of a card.
    reference = models.CharField(max_length=60, blank=True)  # Of the mandate, as the bank shows it.
    pays_since = models.DateTimeField(null=True)  # Their own choice: what they owe is charged to it.
    asked_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)  # When to ask the provider; removed, it has still to forget it.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "kind"],
                condition=models.Q(state__in=["asked", "kept", "expired"]),
                name="means_live_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(pays_since__isnull=False), name="means_pays_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "look_at"], name="means_look"),
            models.Index(fields=["organisation", "ref"], name="means_ref"),
            models.Index(fields=["organisation", "page"], name="means_page"),
        ]


class Intent(TenantModel):
    """Money that somebody is asked for through a provider, and how it stands there. Minor units of euros.

    The provider holds the money and knows; what is here is what it said when we last looked.
    """

    class Role(models.TextChoices):
        """What we are in it: it changes what is our revenue, and its tax."""

        OWN_SALE = "own_sale"
        AGENT = "agent"
        BUDGET_HOLDER = "budget_holder"
        FUND = "fund"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # Who pays.
    about = models.CharField(max_length=20)  # What it pays: invoice. A room above knows it.
    about_id = models.UUIDField()
    role = models.CharField(max_length=14, choices=Role.choices)
    provider = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    hold = models.BooleanField(default=False)  # Set aside now, taken later.
    means = TenantForeignKey(KeptMeans, on_delete=models.PROTECT, null=True, related_name="+")  # Charged, nobody there.
    state = models.CharField(max_length=12)
    page = models.CharField(max_length=120, blank=True)  # The provider's references.
    ref = models.CharField(max_length=120, blank=True)
    taken = models.BigIntegerField(default=0)
    given_back = models.BigIntegerField(default=0)
    contested = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)  # When we began to ask how it stands.
    look_at = models.DateTimeField(null=True)  # When to ask again; null: not before something is heard.
    entry = models.UUIDField()  # The ledger's pending one, from the first moment.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "about", "about_id"],
                condition=models.Q(state__in=["asked", "needs_action", "failed", "processing", "authorised"]),
                name="intent_live_once",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "look_at"], name="intent_look"),
            models.Index(fields=["organisation", "ref"], name="intent_ref"),
            models.Index(fields=["organisation", "page"], name="intent_page"),
            models.Index(fields=["organisation", "about_id"], name="intent_about"),
        ]

    @property
    def left(self) -> int:
        """Cents that the provider still has of it for us, its fee not counted."""
        return self.taken - self.given_back - self.contested


class Instruction(TenantModel):
    """What a provider is to do, written with the change that wants it and carried by the clock."""

    intent = TenantForeignKey(Intent, on_delete=models.PROTECT, related_name="instructions")
    verb = models.CharField(max_length=10)  # open, charge, take, let_go, give_back, send_on, call_back
    amount = models.BigIntegerField()
    key = models.CharField(max_length=80)  # The provider's: the same at every try.
    said = models.JSONField(default=dict)  # What only the provider reads: the words on its page, where it leads back.
    state = models.CharField(max_length=10)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True)
    queued_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="instruction_key")]
        indexes = [models.Index(fields=["organisation", "state", "due_at"], name="instruction_due")]


class ProviderMessage(TenantModel):
    """A provider has said that something happened. Only once, however often it says so."""

    append_only = True

    provider = models.CharField(max_length=12)
    message = models.CharField(max_length=120)
    about = models.CharField(max_length=10)
    ref = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "provider", "message"], name="provider_message_once")
        ]


class ProviderLine(TenantModel):
    """A movement on a provider's own statement of what it holds for us. Read twice, it is still one row."""

    append_only = True

    provider = models.CharField(max_length=12)
    ref = models.CharField(max_length=120)
    kind = models.CharField(max_length=14)
    amount = models.BigIntegerField()  # Minor units, negative when it left.
    fee = models.BigIntegerField()
    payment = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "provider", "ref"], name="provider_line_once")]
        indexes = [models.Index(fields=["organisation", "payment"], name="provider_line_payment")]


class ProviderAccount(TenantModel):
    """Somebody's own account with a provider, which pays them there what clients pay for their work. Who they are, the
    provider asks them itself.
    """

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=12)
    ref = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8)  # asked, ready
    back = models.CharField(max_length=300)  # Where the provider's page leads.
    page = models.CharField(max_length=400, blank=True)  # That page, for a few minutes; empty while none is open.
    page_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)  # When to ask the provider about it.
    asked_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "provider", "person"], name="provider_account_once")
        ]
        indexes = [
            models.Index(fields=["organisation", "look_at"], name="provider_account_look"),
            models.Index(fields=["organisation", "ref"], name="provider_account_ref"),
        ]
