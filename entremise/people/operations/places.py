from collections.abc import Callable, Iterable, Sequence

from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import Place
from entremise.people.rules.columns import map_columns, shown
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.lines import PlaceLine, read_places
from entremise.people.rules.may import Verb, require
from entremise.people.rules.preview import Outcome, Reason, Verdict
from entremise.people.rules.search import place_text
from entremise.people.rules.sheet import Sheet

LONGEST = {"name": 80, "code": 10, "postcode": 10}
EVERY = 500  # Lines between two words about progress.


def load_places(*, rows: Iterable[PlaceLine]) -> int:
    """Write communes down, or their new names and positions; returns how many rows were given."""
    # One statement may not touch a row twice: the last line about a commune counts.
    latest = {(row.country, row.code, row.postcode): row for row in rows}
    places = [
        Place(
            id=new_id(),
            code=row.code,
            postcode=row.postcode,
            name=row.name,
            latitude=row.latitude,
            longitude=row.longitude,
            search_text=place_text(row.name),
            country=row.country,
        )
        for row in latest.values()
    ]
    Place.objects.bulk_create(
        places,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["country", "code", "postcode"],
        update_fields=["name", "latitude", "longitude", "search_text"],
    )
    return len(places)


def import_places(
    *,
    act: Act,
    sheet: Sheet,
    dry_run: bool,
    good_only: bool = False,
    progress: Callable[[int], None] | None = None,
) -> list[Outcome]:
    """The official list of communes, by its lines. Shared by all organisations; run again, it brings up to date.

    Raises Refused not_allowed, column_missing, and lines_refused when some lines are bad and not `good_only`.
    """
    require(act, Verb.PLACES_LOAD)
    columns = map_columns("places", sheet.headers)
    if columns.missing:
        raise Refused("column_missing", {"column": shown("places", columns.missing[0])}, where="file")
    known = set(Place.objects.values_list("country", "code", "postcode"))
    outcomes, rows = [], list[PlaceLine]()
    for done, (number, cells) in enumerate(sheet.rows, start=1):
        places, bad = read_places(columns, cells)
        bad = bad or _too_long(places)
        new = any((place.country, place.code, place.postcode) not in known for place in places)
        verdict = Verdict.REFUSE if bad else Verdict.CREATE if new else Verdict.MATCH
        outcomes.append(Outcome(number, verdict, columns.value(cells, "name")[:60], bad))
        rows += [] if bad else places
        if progress and done % EVERY == 0:
            progress(done)
    if not dry_run:
        check_asked(outcomes, good_only=good_only)
        load_places(rows=rows)
    return outcomes


def check_asked(outcomes: Sequence[Outcome], *, good_only: bool) -> None:
    """Raises Refused("lines_refused") when a line is bad and nobody asked for the good ones alone."""
    refused = sum(outcome.verdict is Verdict.REFUSE for outcome in outcomes)
    if refused and not good_only:
        raise Refused("lines_refused", {"count": refused}, where="file")


def _too_long(places: Iterable[PlaceLine]) -> tuple[Reason, ...]:
    try:
        for place in places:
            check_lengths(vars(place), LONGEST)
    except Refused as refused:
        return (Reason.of(refused),)
    return ()
