"""How often somebody may knock. Counted before the transaction, so that a refusal cannot undo the count."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from ipaddress import ip_address, ip_network
from time import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from entremise.doors.frame.errors import too_many
from entremise.doors.frame.ways import Declared, declared
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Limit:
    """At most `most` times in `seconds`, for each answer of `whose`; an empty answer is not counted."""

    name: str
    most: int
    seconds: int
    whose: Callable[[HttpRequest], str]


def limited(*limits: Limit, method: str = "POST") -> Callable[[Declared], Declared]:
    """Put in front of a way: one POST too many is answered 429 and never reaches it. method: GET for a page that is
    much work.
    """

    def guard(view: Declared) -> Declared:
        @wraps(view)
        def through(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            for limit in limits:
                whose = limit.whose(request) if request.method == method else ""
                if whose and not spend(limit, whose):
                    return too_many(request, seconds=limit.seconds)
            return view(request, *args, **kwargs)

        return declared(through, view.ways)

    return guard


def spend(limit: Limit, whose: str) -> bool:
    """Use one of the tries that are left in this stretch of time; False when there is none."""
    who = hashlib.sha256(whose.encode()).hexdigest()[:32]
    stretch = int(time()) // limit.seconds
    keys = [f"limit:{limit.name}:{who}:{stretch}:{one}" for one in range(limit.most)]
    taken = cache.get_many(keys)
    # `add` is atomic where a counter is not: two knocks at once never share a try.
    return any(cache.add(key, 1, limit.seconds) for key in keys if key not in taken)


@dataclass
class Share:
    """At most `most` calls in `seconds` for each name, over all processes: each takes `slot` of them at once, so that
    the shared count is asked once in a slot.
    """

    name: str
    most: int
    seconds: int
    slot: int = 50
    taken: dict[str, tuple[int, int]] = field(default_factory=dict)  # Name → stretch of time, calls left of the slot.

    def wait(self, whose: str) -> int:
        """Use one call: 0, or the seconds until there are others."""
        stretch = int(time()) // self.seconds
        at, left = self.taken.get(whose, (0, 0))
        if at != stretch or not left:
            slots = Limit(self.name, self.most // self.slot, self.seconds, by_address)
            if not spend(slots, whose):
                return self.seconds - int(time()) % self.seconds
            left = self.slot
        self.taken[whose] = (stretch, left - 1)
        return 0


def by_address(request: HttpRequest) -> str:
    """Where the request comes from, behind as many proxies as the settings name. An IPv6 line is its /64."""
    address = ip_address(get_adapter().get_client_ip(request))
    return str(ip_network(f"{address}/64", strict=False) if address.version == 6 else address)


def by_phone(request: HttpRequest) -> str:
    """The number typed, whatever its spelling; each organisation counts its own, whatever host and port are typed."""
    try:
        organisation = request.visit.organisation.id  # type: ignore[attr-defined]  # Set by the Threshold.
        return f"{organisation} {parse_phone(request.POST.get('phone', ''))}"
    except Refused:
        return ""
