"""Ask for a page again and again, from so many connections kept open: `python -m tests.bench.load URL … -c 8 -s 3`.

A process of its own, so that its work is not the server's. Prints one JSON line: answers a second and the times in ms.
"""

import argparse
import http.client
import json
import sys
import threading
import time
from itertools import count, cycle
from urllib.parse import urlsplit

NUMBERS = count()  # Asked for with a number of its own, an address is one that was never asked for before.


def ask(addresses: list[str], fresh: bool, until: float, times: list[float], wrong: list[str]) -> None:
    split = urlsplit(addresses[0])
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=30)
    paths = cycle([address.partition(f"//{split.netloc}")[2] for address in addresses])
    while time.perf_counter() < until:
        started = time.perf_counter()
        path = next(paths)
        if fresh:
            path += f"{'&' if '?' in path else '?'}n={next(NUMBERS)}"
        connection.request("GET", path, headers={"Accept-Language": "fr"})
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - started)
        if answer.status != 200:
            wrong.append(f"{answer.status} {path}")
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("-c", "--clients", type=int, default=8)
    parser.add_argument("-s", "--seconds", type=float, default=3.0)
    parser.add_argument("-f", "--fresh", action="store_true", help="every address is asked for once")
    options = parser.parse_args()
    times: list[float] = []
    wrong: list[str] = []
    started = time.perf_counter()
    args = (options.addresses, options.fresh, started + options.seconds, times, wrong)
    threads = [threading.Thread(target=ask, args=args) for _ in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong or not times:
        sys.exit(f"not answered: {wrong[:3]}")
    took, ordered = time.perf_counter() - started, sorted(times)
    p50, p95 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
    json.dump({"rate": len(times) / took, "p50": p50, "p95": p95}, sys.stdout)


if __name__ == "__main__":
    main()
