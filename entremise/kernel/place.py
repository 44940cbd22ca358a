import math
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088
WALKING_KM_H = 4.5
CYCLING_KM_H = 13.0
DRIVING_KM_H = 32.0
DETOUR = 1.3  # Streets are longer than the line between two points; measured ratios in towns lie around this.


@dataclass(frozen=True)
class Point:
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half_phi, half_lambda = (phi_b - phi_a) / 2, math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def travel_minutes(a: Point, b: Point, *, speed_km_h: float) -> int:
    """Whole minutes door to door, rounded up, detour included."""
    return math.ceil(distance_km(a, b) * DETOUR / speed_km_h * 60)


def box(center: Point, radius_km: float) -> tuple[float, float, float, float]:
    """South, north, west and east of a square that holds the circle: a cheap first filter for an index."""
    angle = radius_km / EARTH_RADIUS_KM
    north_south = math.degrees(angle)
    reach = math.sin(angle) / max(0.01, math.cos(math.radians(center.latitude)))
    east_west = math.degrees(math.asin(min(1.0, reach)))  # A little more than along the parallel.
    return (
        center.latitude - north_south,
        center.latitude + north_south,
        center.longitude - east_west,
        center.longitude + east_west,
    )
