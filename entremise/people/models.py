from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from entremise.kernel.act import Role
from entremise.kernel.ids import new_id
from entremise.kernel.phone import is_mobile
from entremise.tenancy.base import TenantForeignKey, TenantModel


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, login: str, password: str | None = None, email: str = "") -> "Account":
        account = self.model(login=login, email=email)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """How staff sign in. Shared: one account may work for several organisations. Never needs an email address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    operates_network = models.BooleanField(default=False)

    objects = AccountManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Place(models.Model):
    """A commune of the official list. Shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=10)  # INSEE code in France.
    postcode = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    latitude = models.FloatField()
    longitude = models.FloatField()
    search_text = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="FR")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "code", "postcode"], name="place_code")]
        indexes = [
            models.Index(fields=["search_text"], name="place_search"),
            models.Index(fields=["latitude", "longitude"], name="place_position"),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.name}"


class Household(TenantModel):
    """People who live together and may answer one phone."""

    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class Person(TenantModel):
    """Someone, or a body that asks for help like one. With or without a login; email is never required."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual"
        COMPANY = "company"
        ASSOCIATION = "association"
        LOCAL_AUTHORITY = "local_authority"

    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.INDIVIDUAL)
    title = models.CharField(max_length=12, blank=True)  # « M. et Mme » too.
    given_name = models.CharField(max_length=60, blank=True)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField(null=True, blank=True)
    household = TenantForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    street = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    located_at = models.DateTimeField(null=True, blank=True)  # When it was last asked where the street lies.
    language = models.CharField(max_length=8, default="fr")
    remarks = models.JSONField(default=list, blank=True)  # Short things to know: « Parler fort », « Portail vert ».
    prefers_call = models.BooleanField(default=False)
    search_text = models.CharField(max_length=300, db_default="")
    import_key = models.CharField(max_length=60, blank=True)  # The spreadsheet's own number for them.
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    known_since = models.DateTimeField()
    visits_ended = models.PositiveSmallIntegerField(default=0)  # How often; sessions opened before the last are over.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "account"], condition=models.Q(account__isnull=False), name="person_account"
            ),
            models.UniqueConstraint(
                fields=["organisation", "import_key"], condition=~models.Q(import_key=""), name="person_import_key"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "family_name", "given_name"], name="person_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def called(self) -> str:
        """How a letter addresses them: « Mme Odile Marsan »."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)


class ContactPoint(TenantModel):
    """A way to reach someone. A household may share one."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"

    person = TenantForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=120)  # E.164 for a phone.
    backwards = models.CharField(max_length=120)  # Reversed, so that the end of a number is an index prefix.
    label = models.CharField(max_length=40, blank=True)
    texts = models.BooleanField(default=False)  # A mobile that accepts text messages.
    stopped_at = models.DateTimeField(null=True, blank=True)  # They answered STOP.
    # Typed by a visitor, proved by nobody: it reaches them, opens no door, and no message from it is taken as theirs.
    claimed = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "kind", "value"], name="contact_once")]
        indexes = [
            models.Index(fields=["organisation", "value"], name="contact_value"),
            models.Index(fields=["organisation", "backwards"], name="contact_backwards"),
        ]

    @classmethod
    def phone(cls, person: Person, e164: str, label: str = "") -> "ContactPoint":
        """A telephone not saved yet; a mobile accepts texts until told otherwise."""
        kind, texts = cls.Kind.PHONE, is_mobile(e164)
        return cls(person=person, kind=kind, value=e164, backwards=e164[::-1], label=label, texts=texts)

    @classmethod
    def email(cls, person: Person, address: str) -> "ContactPoint":
        return cls(person=person, kind=cls.Kind.EMAIL, value=address, backwards=address[::-1])


class Membership(TenantModel):
    """A role held for a time."""

    person = TenantForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "role"], condition=models.Q(until__isnull=True), name="one_open_role"
            )
        ]
        indexes = [models.Index(fields=["organisation", "role", "until"], name="membership_role")]


class Consent(TenantModel):
    """What someone agreed to or took back, in which words, how. The latest row of a purpose counts."""

    append_only = True

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    given = models.BooleanField()
    wording = models.CharField(max_length=20)  # Version of the sentence read or shown.
    how = models.CharField(max_length=10)  # A door: phone means oral.
    taken_by = models.UUIDField(null=True)
    at = models.DateTimeField()


class Paper(TenantModel):
    """A document of identity or right that somebody showed: number, validity, who checked it and when."""

    class Kind(models.TextChoices):
        PASS_IAE = "pass_iae"
        RIGHT_TO_WORK = "right_to_work"
        NIR = "nir"
        SIRET = "siret"
        DRIVING_LICENCE = "driving_licence"
        INSURANCE = "insurance"  # Professional liability.
        REGISTRATION = "registration"  # Of a business: the register said so that day.
        VIGILANCE = "vigilance"  # Urssaf: declarations made, contributions paid.
        TAX_RATE = "tax_rate"  # The tax office's word on income tax withheld; its number is a percentage.

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    suspended_from = models.DateField(null=True, blank=True)
    suspended_to = models.DateField(null=True, blank=True)
    checked_on = models.DateField()
    checked_by = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "person", "kind"], name="paper_of_person")]


class Supplier(TenantModel):
    """Somebody who works on their own account: how their invoices name them, and what the State takes."""

    class Trade(models.TextChoices):
        CRAFT = "craft"  # Industrial and commercial profits: cleaning, gardening, repairs.
        LIBERAL = "liberal"  # Other profits: lessons, help with papers or computers.

    class Vat(models.TextChoices):
        FRANCHISE = "franchise"  # Article 293 B: none.
        STANDARD = "standard"
        INTERMEDIATE = "intermediate"

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # Names the series of their own invoices.
    siret = models.CharField(max_length=14)
    trade_name = models.CharField(max_length=80, blank=True)
    trade = models.CharField(max_length=8, choices=Trade.choices, default=Trade.CRAFT)
    vat = models.CharField(max_length=12, choices=Vat.choices, default=Vat.FRANCHISE)
    vat_number = models.CharField(max_length=16, blank=True)
    mandate_on = models.DateField(null=True, blank=True)  # Since then we draw up their invoices in their name.
    since = models.DateField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="supplier_person"),
            models.UniqueConstraint(fields=["organisation", "number"], name="supplier_number"),
            models.UniqueConstraint(fields=["organisation", "siret"], name="supplier_siret"),
        ]


class EntryKey(TenantModel):
    """A single-use way in for a person without password: code by text, link, or a line of a printed card."""

    class Kind(models.TextChoices):
        CODE = "code"
        LINK = "link"
        CARD = "card"

    person = TenantForeignKey(Person, on_delete=models.CASCADE, related_name="entry_keys")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64)  # SHA-256 keyed with the secret key: a stolen table opens nothing.
    position = models.PositiveSmallIntegerField(default=0)  # Which line of the card.
    leads_to = models.CharField(max_length=120, blank=True)  # Path after a link.
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="entry_key_digest")]
        indexes = [models.Index(fields=["organisation", "person", "kind"], name="entry_key_person")]


class ProgramKey(TenantModel):
    """A program's way in at the API. It acts as one person, within its scopes; only its digest is kept."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="program_keys")
    label = models.CharField(max_length=80)  # Which program, of whom: « Site de la mairie ».
    prefix = models.CharField(max_length=12)  # Its first signs, by which people recognise it.
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    expires_on = models.DateField()  # The first day on which it opens nothing.
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="program_key_digest")]
        indexes = [models.Index(fields=["organisation", "person"], name="program_key_person")]


class KeptAnswer(TenantModel):
    """What a program was answered when it wrote, for some days: the same attempt again changes nothing."""

    program = TenantForeignKey(ProgramKey, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=80)  # The program's own name for the attempt.
    asked = models.CharField(max_length=64)  # SHA-256 of method, address and body.
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "program", "key"], name="answered_once")]
        indexes = [models.Index(fields=["organisation", "at"], name="kept_answer_at")]
