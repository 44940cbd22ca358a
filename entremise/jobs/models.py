from django.db import models
from django.utils.translation import get_language

from entremise.agreements.models import Agreement
from entremise.documents.models import Document
from entremise.jobs.rules.modes.registry import USUAL, InMode
from entremise.market.models import Listing, Proposal
from entremise.people.models import Person, Place
from entremise.tenancy.base import TenantForeignKey, TenantModel


class Activity(TenantModel):
    """A kind of small job: the words people use for it, what it costs, what the law says of it."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    words = models.JSONField(default=list)  # French synonyms, as people say them.
    words_en = models.JSONField(default=list)
    pictogram = models.CharField(max_length=30)
    dangerous = models.BooleanField(default=False)  # On the list of D4154-1: never in a placement.
    personal_service = models.BooleanField(default=True)  # Opens the tax credit at home.
    first_in_twos = models.BooleanField(default=False)
    equipment = models.CharField(max_length=120, blank=True)  # Protective equipment, and who brings it.
    position = models.PositiveSmallIntegerField(default=0)
    offered = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="activity_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Its name in the language in use, as far as the organisation gave one."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Tariff(TenantModel):
    """What a client pays an hour, and the worker's gross wage before holiday, from a date on."""

    activity = TenantForeignKey(Activity, on_delete=models.PROTECT, null=True, related_name="tariffs")  # Null: all.
    client_kind = models.CharField(max_length=16, blank=True)  # Blank: all.
    hourly_price = models.BigIntegerField()  # Minor units.
    hourly_wage = models.BigIntegerField()
    minimum_minutes = models.PositiveIntegerField(default=60)
    travel_fee = models.BigIntegerField(default=0)
    valid_from = models.DateField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "activity", "client_kind", "valid_from"], name="tariff_from"
            ),
            models.UniqueConstraint(
                fields=["organisation", "client_kind", "valid_from"],
                condition=models.Q(activity__isnull=True),
                name="tariff_of_all_from",
            ),
        ]


class Worker(TenantModel):
    """What a person out of work wants and can do: hours, days, how they get there."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    hours_wanted = models.PositiveIntegerField(default=0)  # Minutes a week.
    travel_mode = models.CharField(max_length=8, default="walk")  # walk, bike, bus, car
    free_times = models.JSONField(default=list)  # [[weekday, "08:00", "12:00"], …]; empty: ask.
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="worker_person")]


class Skill(TenantModel):
    """A worker can do an activity, and how the organisation knows."""

    worker = TenantForeignKey(Worker, on_delete=models.CASCADE, related_name="skills")
    activity = TenantForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, default="said")  # said, trained, seen
    since = models.DateField()
    hourly_price = models.BigIntegerField(null=True)  # Their own, taxes included, when they work on their own account.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "worker", "activity"], name="skill_once")]


class Absence(TenantModel):
    """A worker cannot come between two moments."""

    worker = TenantForeignKey(Worker, on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "worker", "ends_at"], name="absence_worker")]


class FreeMoment(TenantModel):
    """A worker can come between two moments, beside the times they are free every week."""

    worker = TenantForeignKey(Worker, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "worker", "starts_at"], name="free_moment_once")]
        indexes = [models.Index(fields=["organisation", "worker", "ends_at"], name="free_moment_worker")]


class Offer(InMode, TenantModel):
    """What somebody can do for whoever picks them, once the organisation has opened it; its listing has the state.

    When: their free times. The price: the tariff, or their own of somebody who works on their own account.
    """

    listing = TenantForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    activity = TenantForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=40, default=USUAL)
    hourly_price = models.BigIntegerField(null=True)  # Minor units.
    reach_km = models.PositiveSmallIntegerField()  # As the crow flies.
    bookable = models.BooleanField(default=False)  # Whoever picks a free moment has it at once.
    opened_by = models.UUIDField(null=True)  # Who commits the organisation.

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "listing"], name="offer_listing"),
            models.CheckConstraint(
                condition=models.Q(hourly_price__isnull=True) | ~models.Q(mode=USUAL),
                name="offer_nobody_employed_names_a_price",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "person"], name="offer_person"),
            models.Index(fields=["organisation", "activity"], name="offer_activity"),
        ]


class TerritoryPlace(TenantModel):
    """A commune that the State agreement covers. None at all: not entered yet, and nothing is refused."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "place"], name="territory_once")]


class Request(InMode, TenantModel):
    """A client's need for a small job, with the price said before they agreed."""

    listing = TenantForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    activity = TenantForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=40, default=USUAL)
    minutes = models.PositiveIntegerField()  # Each time.
    hourly_price = models.BigIntegerField()  # Nothing when a whole price is agreed, or none is known yet.
    hourly_wage = models.BigIntegerField()
    travel_fee = models.BigIntegerField(default=0)
    price = models.BigIntegerField()  # Each time, minor units; nothing until a quote is accepted.
    note = models.CharField(max_length=300, blank=True)
    # What they said while the day or the length is to be settled with them; the columns then hold a first guess.
    unsettled = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="open")
    repeats = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    stands_in = TenantForeignKey("Mission", on_delete=models.PROTECT, null=True, related_name="+")  # For whom.
    import_key = models.CharField(max_length=80, blank=True)
    posted_by = models.UUIDField(null=True)
    posted_door = models.CharField(max_length=10)
    posted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "listing"], name="request_listing"),
            models.UniqueConstraint(
                fields=["organisation", "import_key"], condition=~models.Q(import_key=""), name="request_import_key"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "posted_at"], name="request_state"),
            models.Index(fields=["organisation", "client", "posted_at"], name="request_client"),
        ]


class SupplierQuote(TenantModel):
    """What somebody who works on their own account asks for a job that was put to them. The client answers it."""

    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="quotes")
    proposal = TenantForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    supplier = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    hourly_price = models.BigIntegerField()  # Taxes included, minor units; nothing for a whole price.
    price = models.BigIntegerField()  # Of one visit.
    commission = models.PositiveIntegerField()  # Ten-thousandths of the price, taxes included.
    valid_until = models.DateField()
    calling_off = models.JSONField(default=dict)  # What it says of it; nothing of older ones.
    state = models.CharField(max_length=12, default="sent")
    document = TenantForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "proposal"], condition=models.Q(state="sent"), name="quote_open_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "request", "state"], name="quote_request")]


class UnsentRequest(TenantModel):
    """A request that somebody began on the web, with what they answered so far; `code` finishes it by telephone.

    Forgotten when it expires. Once sent it keeps nothing but which request it became.
    """

    code = models.CharField(max_length=4)
    client = TenantForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # Whoever had signed in.
    typed = models.JSONField(default=dict)  # Page → its fields as they were filled in.
    activity = TenantForeignKey(Activity, on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField(null=True)  # Null: to be settled.
    note = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField(null=True)
    recurrence = models.CharField(max_length=120, blank=True)
    wish = models.CharField(max_length=160, blank=True)  # When, in words, while the day is to be settled.
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164.
    street = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    request = TenantForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="unsent_code")]
        indexes = [models.Index(fields=["organisation", "expires_at"], name="unsent_expires")]


class DayException(TenantModel):
    """A day on which a recurring job differs: nobody comes, or somebody comes although it is a public holiday."""

    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="exceptions")
    day = models.DateField()
    kept = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "request", "day"], name="exception_day")]


class Mission(TenantModel):
    """One time that one worker goes to one client."""

    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="missions")
    proposal = TenantForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="+")
    worker = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    client = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreement = TenantForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()  # The listing's, for whoever texts hours.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="agreed")
    state_at = models.DateTimeField()
    import_key = models.CharField(max_length=80, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "request", "worker", "starts_at"], name="mission_once"),
            models.UniqueConstraint(
                fields=["organisation", "import_key"], condition=~models.Q(import_key=""), name="mission_import_key"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "worker", "starts_at"], name="mission_worker"),
            models.Index(fields=["organisation", "client", "starts_at"], name="mission_client"),
            models.Index(fields=["organisation", "state", "starts_at"], name="mission_state"),
        ]


class Pick(TenantModel):
    """A request that began with an offer: its person is asked first, or was booked."""

    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    offer = TenantForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    booked = models.BooleanField()
    else_another = models.BooleanField(default=True)  # If they cannot, the desk may send somebody else.

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "request"], name="pick_request")]


class TakenQuarter(TenantModel):
    """A quarter of an hour of somebody's free time that a booking took: nobody else has it, whatever goes wrong."""

    worker = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mission = TenantForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "worker", "at"], name="quarter_taken_once")]
        indexes = [models.Index(fields=["organisation", "mission"], name="quarter_mission")]


class Notice(TenantModel):
    """A request as everybody may read it, while an answer is still wanted. Nothing in it tells who asks or where
    exactly: the commune is as near as it comes.
    """

    request = TenantForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()  # The listing's.
    activity = TenantForeignKey(Activity, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()  # The next visit that nobody has promised.
    minutes = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()  # Weekdays of its visits: Monday 1, Tuesday 2, Wednesday 4…
    part = models.CharField(max_length=10)  # Of the day, local.
    recurrence = models.CharField(max_length=120, blank=True)
    slots = models.PositiveSmallIntegerField(default=1)
    wage = models.BigIntegerField()  # Gross of an hour, minor units.
    gross = models.BigIntegerField()  # Of one visit, holiday included.
    words = models.CharField(max_length=300, blank=True)  # What the desk wrote for everybody.
    put_up_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "request"], name="notice_request"),
            models.UniqueConstraint(fields=["organisation", "number"], name="notice_number"),
        ]
        indexes = [
            models.Index(fields=["organisation", "starts_at", "id"], name="notice_date"),
            models.Index(fields=["organisation", "activity", "starts_at", "id"], name="notice_activity"),
            models.Index(fields=["organisation", "place", "starts_at", "id"], name="notice_place"),
            models.Index(fields=["organisation", "put_up_at"], name="notice_new"),
        ]


class NoticeWord(TenantModel):
    """A word that a notice is found by. With its date, so that the first ones of a word are read in order."""

    notice = TenantForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=40)
    starts_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "word", "starts_at", "notice"], name="notice_word")
        ]


class Publicity(TenantModel):
    """Whether a request may be read by everybody, and in what words, where the desk said so for this one."""

    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    listed = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "request"], name="publicity_request")]


class Interest(TenantModel):
    """A worker saw a request on the list and would go. It binds nobody: the desk proposes, or does not."""

    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="shown")
    state_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "request", "person"], name="interest_once")]


class SavedSearch(TenantModel):
    """What a worker wants to hear of when it comes up, how, and how often."""

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    filters = models.JSONField(default=dict)  # The filters of the list, as its address has them.
    channel = models.CharField(max_length=8)  # text, email, post
    every_days = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, default="active")
    saved_at = models.DateTimeField()
    seen_until = models.DateTimeField()  # What was put up before needs no telling.
    sent_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organisation", "state", "person"], name="saved_search_active")]


class Told(TenantModel):
    """Somebody has heard of a request in an alert: never a second time."""

    append_only = True

    person = TenantForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    request = TenantForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "request"], name="told_once")]
