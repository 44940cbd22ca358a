"""The public list is searched alike on both databases: against a plain reading of the same rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.models import Activity, Notice, NoticeWord, Request
from entremise.jobs.queries import notices
from entremise.jobs.rules.notices import Mark, Order, Part, Wanted, days_mask, days_of, part_of, terms
from entremise.kernel.place import Point, box, distance_km
from entremise.market.models import Listing
from entremise.people.models import Person, Place
from entremise.people.queries import places_around
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY

PARIS = ZoneInfo("Europe/Paris")

# Text, what people type for it, whether they meet.
WORDS = [
    ("Tailler une haie", "haies", True),
    ("Tailler des haies", "haie", True),
    ("Élagage", "elagage", True),
    ("Elagage d’arbres", "ÉLAGAGE", True),
    ("Réparer des vélos", "vélo", True),
    ("Réparer un velo", "Vélos", True),
    ("Électricité", "electricite", True),
    ("Porter des cartons", "carton", True),
    ("Porter l’échelle", "echelle", True),
    ("Ouvrir l'eau", "eaux", True),
    ("Gâteaux et œufs", "gateau oeuf", True),
    ("Petits travaux", "travail", True),
    ("Garde de chevaux", "cheval", True),
    ("Tri des journaux", "journal", True),
    ("Porte-à-porte", "porte", True),
    ("Après-midi au marché", "apres midi", True),
    ("Rempotage à Saint-Étienne", "saint etienne", True),
    ("Nettoyage de vitres", "vitre nettoyage", True),
    ("Cueillir des cerises", "CERISES", True),
    ("Aide au déménagement", "déménagements", True),
    ("Choux et poireaux", "poireau chou", True),
    ("Les bois", "bois", True),
    ("Coudre", "coudre des", True),
    ("Tailler une haie", "hai", False),
    ("Tailler une haie", "haie vitres", False),
    ("Élagage", "élaguer", False),
    ("Repassage", "passage", False),
    ("Jardin", "jardinage", False),
]


@pytest.mark.parametrize(("text", "typed", "meet"), WORDS)
def test_accents_and_plurals_are_forgiven(text: str, typed: str, meet: bool) -> None:
    assert (terms(typed) <= terms(text)) is meet


def test_fillers_alone_look_for_everything() -> None:
    assert terms("de la, à l’ et") == frozenset()


@pytest.mark.parametrize(
    ("rule", "days"),
    [("", [1]), ("FREQ=WEEKLY;BYDAY=MO,TH", [0, 3]), ("FREQ=DAILY", range(7)), ("FREQ=MONTHLY;BYDAY=-1FR", [4])],
)
def test_a_notice_knows_its_weekdays(rule: str, days: Sequence[int]) -> None:
    assert days_of(rule, date(2026, 11, 24)) == days_mask(days)


def test_a_mark_that_nobody_made_is_the_beginning() -> None:
    assert Mark.read("n’importe quoi") is None
    assert Mark.read("1~2026-11-24~x") is None
    assert Mark.read("0~2026-11-24T08:00:00~" + "0" * 32) is None  # Which clock?


# Against an oracle


@dataclass
class Posted:
    notice: Notice
    text: str
    place: Place


TEXTS = [text for text, _typed, _meet in WORDS]


@pytest.fixture
def board(inside: Organisation) -> list[Posted]:
    """Two hundred and sixty notices in nine communes; many begin at the same moment."""
    dice = Random(3)
    person = Person.objects.create(family_name="Cliente", known_since=TODAY)
    activities = [Activity.objects.create(code=code, name=code, pictogram="jardin") for code in ("a", "b", "c")]
    places = [
        Place.objects.create(
            code=f"339{n:02}", postcode="33490", name=f"C{n}", search_text=f"c{n}",
            latitude=44.6 + dice.uniform(-0.2, 0.2), longitude=-0.2 + dice.uniform(-0.2, 0.2),
        )
        for n in range(9)
    ]  # fmt: skip
    return [_posted(dice, number, person, dice.choice(activities), dice.choice(places)) for number in range(100, 360)]


def _posted(dice: Random, number: int, person: Person, activity: Activity, place: Place) -> Posted:
    starts = TODAY + timedelta(days=dice.randint(-2, 20), hours=dice.randint(-2, 9))
    rule, text = dice.choice(["", "", "FREQ=WEEKLY;BYDAY=MO,TH"]), dice.choice(TEXTS)
    listing = Listing.objects.create(number=number, side="request", what="x", title="x", person=person, posted_at=TODAY)
    request = Request.objects.create(
        listing=listing, client=person, activity=activity, minutes=60, hourly_price=1, hourly_wage=1, price=1,
        posted_at=TODAY, posted_door="phone",
    )  # fmt: skip
    local = starts.astimezone(PARIS)
    notice = Notice.objects.create(
        request=request, number=number, activity=activity, place=place, starts_at=starts, minutes=60, wage=1, gross=1,
        days=days_of(rule, local.date()), part=part_of(local.time()), recurrence=rule, words=text, put_up_at=TODAY,
    )  # fmt: skip
    NoticeWord.objects.bulk_create(NoticeWord(notice=notice, word=word, starts_at=starts) for word in terms(text))
    return Posted(notice, text, place)


def expected(board: Sequence[Posted], wanted: Wanted, centre: Place | None) -> list[int]:
    fitting = [one for one in board if _fits(one, wanted, centre)]

    def order(one: Posted) -> tuple[int, datetime, str]:
        away = round(_km(centre, one.place) * 1000) if centre and wanted.order is Order.DISTANCE else 0
        return away, one.notice.starts_at, one.notice.id.hex

    return [one.notice.number for one in sorted(fitting, key=order)]


def _km(a: Place, b: Place) -> float:
    return distance_km(Point(a.latitude, a.longitude), Point(b.latitude, b.longitude))


def _fits(one: Posted, wanted: Wanted, centre: Place | None) -> bool:
    notice, day = one.notice, one.notice.starts_at.astimezone(PARIS).date()
    return (
        notice.starts_at > TODAY
        and terms(wanted.words) <= terms(one.text)
        and (wanted.activity in (None, notice.activity_id))
        and (centre is None or one.place == centre or _km(centre, one.place) <= wanted.km)
        and (wanted.first is None or wanted.first <= day)
        and (wanted.last is None or day <= wanted.last)
        and (not wanted.days or bool(wanted.days & notice.days))
        and (wanted.part is None or wanted.part.value == notice.part)
        and (not wanted.regular or bool(notice.recurrence))
    )


def all_pages(wanted: Wanted, centre: Place | None) -> list[int]:
    numbers, after = [], None
    while True:
        found = notices.search(wanted=wanted, at=TODAY, zone=PARIS, centre=centre, after=after)
        numbers += [row.number for row in found.rows]
        if found.next is None:
            return numbers
        after = Mark.read(str(found.next))


def searches(board: Sequence[Posted]) -> list[tuple[Wanted, Place | None]]:
    dice, places = Random(7), sorted({one.place.id: one.place for one in board}.values(), key=lambda one: one.name)
    activities = sorted({one.notice.activity_id for one in board})
    made: list[tuple[Wanted, Place | None]] = [(Wanted(), None), (Wanted(km=50), places[0])]
    made.append((Wanted(km=50, order=Order.DISTANCE), places[0]))  # More than are counted: read in order.
    for _ in range(60):
        centre = dice.choice([None, *places])
        wanted = Wanted(
            words=dice.choice([""] * 30 + [typed for _text, typed, _meet in WORDS]),
            activity=dice.choice([None, None, *activities]),
            place=centre.id if centre else None,
            km=dice.choice([0, 5, 10, 50]),
            first=dice.choice([None, None, None, TODAY.date() + timedelta(days=3)]),
            last=dice.choice([None, None, None, TODAY.date() + timedelta(days=9)]),
            days=dice.choice([0, 0, 0, 0, days_mask([0]), days_mask([3, 5])]),
            part=dice.choice([None] * 6 + [*Part]),
            regular=dice.random() < 0.2,
            order=dice.choice(list(Order)),
        )
        made.append((wanted if centre else Wanted(**{**vars(wanted), "order": Order.DATE}), centre))
    return made


def test_every_search_finds_what_a_plain_reading_finds(board: list[Posted]) -> None:
    met = 0
    for wanted, centre in searches(board):
        right = expected(board, wanted, centre)
        assert all_pages(wanted, centre) == right, (wanted, centre)
        found = notices.search(wanted=wanted, at=TODAY, zone=PARIS, centre=centre)
        assert found.total == min(len(right), notices.MANY + 1)
        spots = notices.spots(wanted=wanted, at=TODAY, zone=PARIS, centre=centre)
        assert sum(spot.count for spot in spots) == len(right)
        met += bool(right)
    assert met > 20


def test_words_of_one_organisation_are_never_anothers(board: list[Posted], elsewhere: Organisation) -> None:
    assert all_pages(Wanted(words="haie"), None)
    with scope.within(elsewhere.id):
        assert all_pages(Wanted(words="haie"), None) == []
        assert all_pages(Wanted(), None) == []


def test_questions_do_not_grow_with_rows(board: list[Posted]) -> None:
    centre = board[0].place
    for wanted, place, most in ((Wanted(), None, 2), (Wanted(words="haie"), None, 2), (Wanted(km=50), centre, 3)):
        with CaptureQueriesContext(connection) as asked:
            notices.search(wanted=wanted, at=TODAY, zone=PARIS, centre=place)
        assert len(asked) <= most


# Distance


@given(
    latitude=st.floats(-70, 70), longitude=st.floats(-170, 170), km=st.floats(0.1, 300),
    bearing=st.floats(0, 2 * math.pi), share=st.floats(0, 0.999),
)  # fmt: skip
def test_the_box_holds_the_whole_circle(
    latitude: float, longitude: float, km: float, bearing: float, share: float
) -> None:
    angle, phi, lam = km * share / 6371.0088, math.radians(latitude), math.radians(longitude)
    there = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing))
    over = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(there)
    )
    point = Point(math.degrees(there), math.degrees(lam + over))
    south, north, west, east = box(Point(latitude, longitude), km)
    assert south - 1e-9 <= point.latitude <= north + 1e-9
    assert west - 1e-9 <= point.longitude <= east + 1e-9
    assert distance_km(Point(latitude, longitude), point) <= km + 1e-6


@pytest.mark.django_db
def test_places_around_are_those_of_a_plain_reading() -> None:
    dice = Random(11)
    places = [
        Place.objects.create(
            code=str(n), postcode=str(n), name=str(n), search_text=str(n),
            latitude=dice.uniform(43, 46), longitude=dice.uniform(-2, 3),
        )
        for n in range(400)
    ]  # fmt: skip
    for centre in places[:40]:
        for km in (0, 5, 10, 20, 50):
            found = places_around(centre=centre, km=km)
            plain = {one.id: _km(centre, one) for one in places if one == centre or _km(centre, one) <= km}
            assert found.keys() == plain.keys()
            assert all(abs(found[one] - plain[one]) < 1e-6 for one in found)
