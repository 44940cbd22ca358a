"""Where an address lies. An organisation works without any service: everybody is then where their commune is."""

import json
import math
from http.client import HTTPException
from typing import Protocol
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from entremise.kernel.place import Point

SURE = 0.5  # Below, the service has found another street; the commune's own point is nearer the truth.
SHORTEST, LONGEST = 3, 200  # What the national service accepts as a question, in characters.
MOST_BYTES = 1 << 18


class ServiceAway(Exception):
    """No answer, or none that makes sense: the same question again later."""


class AddressService(Protocol):
    def resolve(self, text: str, postcode: str) -> Point | None:
        """Where `text`, a street with its number, lies in a commune of `postcode`; None when that is not known.

        Raises ServiceAway.
        """
        ...


class NationalAddressService:
    """The geocoder of the French national address base (adresse.data.gouv.fr/api-doc/adresse), or a copy of it.

    url: its search address. timeout: seconds. It limits callers to 50 questions a second.
    """

    def __init__(self, url: str, *, timeout: float = 2.0) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"{url} is not a web address")
        self._url, self._timeout = url, timeout

    def resolve(self, text: str, postcode: str) -> Point | None:
        asked = " ".join(text.split())[:LONGEST]
        if len(asked) < SHORTEST or not asked[0].isalnum():
            return None
        query = {"q": asked, "limit": "1", "autocomplete": "0"} | ({"postcode": postcode} if postcode else {})
        request = Request(f"{self._url}?{urlencode(query)}", headers={"Accept": "application/json"})
        try:
            with urlopen(request, timeout=self._timeout) as answer:
                return _best(json.loads(answer.read(MOST_BYTES)))
        except (OSError, ValueError, HTTPException) as error:
            raise ServiceAway(str(error)) from error


def _best(answer: object) -> Point | None:
    """The first feature of a GeoCodeJSON collection, longitude before latitude, when its score is good enough."""
    match answer:
        case {
            "features": [
                {
                    "geometry": {"coordinates": [float() | int() as longitude, float() | int() as latitude]},
                    "properties": {"score": float() | int() as score},
                },
                *_,
            ]
        } if score >= SURE and abs(latitude) <= 90 and abs(longitude) <= 180 and not math.isnan(latitude + longitude):
            return Point(float(latitude), float(longitude))
    return None
