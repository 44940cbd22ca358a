"""A server as it runs in production, on loopback; what it needs and how fast it answers."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Answers:
    """rate: answers a second. p50, p95: milliseconds."""

    rate: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Server:
    """first: seconds from the start of the process to its first answer."""

    address: str
    pid: int
    first: float

    def load(self, paths: Sequence[str], *, clients: int = 8, seconds: float = 3.0, fresh: bool = False) -> Answers:
        """fresh: every address is asked for once, so that no page is given that was made before."""
        asked = [f"{self.address}{path}" for path in paths]
        command = [
            sys.executable,
            "-m",
            "tests.bench.load",
            *asked,
            "-c",
            str(clients),
            "-s",
            str(seconds),
            *["-f"] * fresh,
        ]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return Answers(**json.loads(done.stdout))

    def megabytes(self) -> float:
        """What the processes take together; memory that they share is counted once."""
        return sum(_pss(pid) for pid in _family(self.pid)) / 1024


@contextmanager
def serving(application: str, environment: Mapping[str, str], *, path: str = "/") -> Iterator[Server]:
    """granian with two workers, as `docs/running.md` starts it. path: what it is first asked for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = shutil.which("granian", path=os.path.dirname(sys.executable)) or "granian"
    command = [program, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
    command += ["--workers-kill-timeout", "3", "--no-ws", "--log-level", "warning", application]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://localhost:{port}"
        _wait(f"{address}{path}", process)
        yield Server(address, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(3000):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                answer.read()
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            if process.poll() is not None:
                raise
            time.sleep(0.01)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _pss(pid: int) -> int:
    found = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    return int(found[1]) if found else 0
