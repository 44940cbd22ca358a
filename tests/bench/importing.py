"""Ten thousand lines of people and of hours, matched and recorded, against as many rows put in without a thought."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from entremise.doors.clock.demo.founding import Cast, found
from entremise.doors.clock.importing import Import
from entremise.kernel.act import Role
from entremise.people.adapters.sheets import read_sheet
from entremise.people.models import ContactPoint
from entremise.people.rules.columns import knows
from entremise.tenancy import scope, walls
from tests.bench.measure import line, seconds_of

OPENING, LATER = datetime(2026, 1, 5, 7, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def run(*, lines: int) -> None:
    cast = found(opening=OPENING, scale=1, chance=Random(1), slug="lignes")
    people = [f"M.;Paul{n};Lelong{n};046571{n:04d};client;{n} rue Haute" for n in range(lines)]
    _measure(cast, "people", "civilité;prénom;nom;téléphone;rôle;adresse", people)
    _measure(cast, "hours", "salarié;client;activité;date;heures", [_hours(cast, number) for number in range(lines)])


def _hours(cast: Cast, number: int) -> str:
    worker, client = cast.workers[number % 25], cast.clients[number % 45]
    day = OPENING.date() + timedelta(days=number // 25 % 200)
    return f"{worker.full_name};{client.full_name};Ménage;{day:%d/%m/%Y};2"


def _measure(cast: Cast, kind: str, headers: str, lines: list[str]) -> None:
    before = _rows(cast)
    content = "\n".join([headers, *lines]).encode()
    sheet = read_sheet(f"{kind}.csv", content, is_name=knows(kind))
    work = Import(kind=kind, sheet=sheet, zone=PARIS, role=Role.CLIENT)

    def take() -> None:
        with scope.writing(cast.organisation.id):
            work.run(cast.treasury(LATER), dry_run=False)

    took = seconds_of(take, times=1)
    count = _rows(cast) - before

    def put() -> None:
        with scope.writing(cast.organisation.id):
            one = {"person": cast.clients[0], "kind": "email"}
            rows = [ContactPoint(value=f"{kind}{n}", backwards=f"{n}", **one) for n in range(count)]
            ContactPoint.objects.bulk_create(rows, batch_size=1_000)

    raw = seconds_of(put, times=1)
    said = f"import of {len(lines)} lines of {kind} with matching, {count} rows"
    line(said, len(lines) / took, len(lines) / raw, "lines/s")


def _rows(cast: Cast) -> int:
    with scope.reading(cast.organisation.id):
        return sum(model.objects.count() for model in walls.tenant_models())
