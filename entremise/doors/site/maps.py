"""The territory as a drawing: its communes as dots, no tile of anybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from django.http import QueryDict

from entremise.doors.site.searching import address
from entremise.jobs.queries.notices import Spot

WIDTH, HEIGHT, EDGE = 1000, 700, 130
SMALLEST, LARGEST = 38, 80  # Radius of a dot: wide enough for a finger.
NAMED = 12  # Communes whose name is written; the list beside has them all.


@dataclass(frozen=True)
class Dot:
    """A commune in the drawing's own units. radius: grows with the count, by area."""

    x: int
    y: int
    radius: int
    count: int
    name: str
    named: bool
    url: str

    @property
    def below(self) -> int:
        return self.y + self.radius + 36


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    empty: list[Dot]
    full: list[Dot]


def drawing(spots: Sequence[Spot], query: QueryDict) -> Drawing | None:
    """Dots where the middle of each commune lies, the biggest first so that small ones stay on top."""
    if not spots:
        return None
    middle = sum(spot.place.latitude for spot in spots) / len(spots)
    narrow = cos(radians(middle))
    xs = [spot.place.longitude * narrow for spot in spots]
    ys = [-spot.place.latitude for spot in spots]
    span = max(max(xs) - min(xs), (max(ys) - min(ys)) * (WIDTH - 2 * EDGE) / (HEIGHT - 2 * EDGE), 0.02)
    scale = (WIDTH - 2 * EDGE) / span
    left, top = (max(xs) + min(xs)) / 2 * scale - WIDTH / 2, (max(ys) + min(ys)) / 2 * scale - HEIGHT / 2
    most = max(spot.count for spot in spots)
    dots = [
        Dot(
            x=round(x * scale - left),
            y=round(y * scale - top),
            radius=max(SMALLEST, round(LARGEST * sqrt(spot.count / most))) if spot.count else 7,
            count=spot.count,
            name=spot.place.name,
            named=at < NAMED,
            url=address(query, ou=str(spot.place), km=0, vue=None),
        )
        for at, (spot, x, y) in enumerate(zip(spots, xs, ys, strict=True))
    ]
    return Drawing(WIDTH, HEIGHT, [dot for dot in dots if not dot.count], [dot for dot in dots if dot.count])
