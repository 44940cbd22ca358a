import argparse
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

PARTS = ("matching", "importing", "banking", "ledger", "settlement", "buying", "pages")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures with their limits, one JSON line each")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}: all of them, unless named")
    parser.add_argument("--full", action="store_true", help="a million entries and a million jobs")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each rate is measured")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"not measured here: {', '.join(sorted(unknown))}")
    if len(options.parts) != 1:
        # Each in a database of its own: an example organisation is founded in most.
        for part in options.parts or PARTS:
            given = [part, "--seconds", str(options.seconds), *["--full"] * options.full]
            subprocess.run([sys.executable, "-m", "tests.bench", *given], check=True)
        return
    with tempfile.TemporaryDirectory(prefix="entremise-bench-") as folder:
        url = os.environ.get("ENTREMISE_BENCH_DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ.update(
            ENTREMISE_DATABASE_URL=url, ENTREMISE_SECRET_KEY="bench", ENTREMISE_HTTPS="0", ENTREMISE_VAR=folder
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        run(options.parts[0], full=options.full, seconds=options.seconds)


def run(part: str, *, full: bool, seconds: float) -> None:
    # A web process has few threads and shares few connections; here each of many clients has its own.
    settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
    django.setup()
    call_command("migrate", verbosity=0)
    sizes = {
        "matching": {"workers": 5_000},
        "importing": {"lines": 10_000},
        "banking": {"lines": 100_000, "invoices": 20_000},
        "ledger": {"entries": 1_000_000 if full else 50_000, "seconds": seconds},
        "settlement": {"clients": 60 if full else 20},
        "buying": {"households": 10_000, "seconds": seconds},
        "pages": {"jobs": 1_000_000 if full else 100_000, "seconds": seconds},
    }
    # Models can only be imported once the settings have read what `main` put into the environment.
    import_module(f"tests.bench.{part}").run(**sizes[part])


if __name__ == "__main__":
    main()
