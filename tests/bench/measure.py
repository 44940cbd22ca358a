import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def line(measure: str, ours: float, limit: float, unit: str) -> None:
    """One measure with the limit of the same run. ratio: ours over limit for rates, limit over ours for times."""
    better = ours / limit if unit.endswith("/s") else limit / ours
    said = {"measure": measure, "engine": connection.vendor, "ours": round(ours, 3), "limit": round(limit, 3)}
    sys.stdout.write(json.dumps({**said, "unit": unit, "ratio": round(better, 2)}) + "\n")
    sys.stdout.flush()


def rate(clients: int, seconds: float, once: Callable[[int, int], None]) -> float:
    """Calls a second of `once(client, number)` from so many threads, each with a connection of its own."""
    gate = threading.Barrier(clients + 1)

    def work(client: int) -> int:
        try:
            connection.ensure_connection()
        except Exception:
            gate.abort()  # The others would wait for this one for ever.
            raise
        gate.wait()
        end, done = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            once(client, done)
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(clients) as pool:
        futures = [pool.submit(work, client) for client in range(clients)]
        gate.wait()
        started = time.perf_counter()
        total = sum(future.result() for future in futures)
    return total / (time.perf_counter() - started)


def seconds_of(action: Callable[[], object], times: int = 5) -> float:
    """The best of so many runs: noise only ever adds."""
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - started)
    return best
