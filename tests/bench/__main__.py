import argparse
import os
import tempfile
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures with their limits, one JSON line each")
    parser.add_argument("--full", action="store_true", help="a million entries instead of fifty thousand")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each rate is measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="entremise-bench-") as folder:
        url = os.environ.get("ENTREMISE_BENCH_DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        os.environ.update(
            ENTREMISE_DATABASE_URL=url, ENTREMISE_SECRET_KEY="bench", ENTREMISE_HTTPS="0", ENTREMISE_VAR=folder
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        run(full=options.full, seconds=options.seconds)


def run(*, full: bool, seconds: float) -> None:
    django.setup()
    # Models can only be imported once the settings have read what `main` put into the environment.
    ledger, settlement, matching = (
        import_module(f"tests.bench.{name}") for name in ("ledger", "settlement", "matching")
    )

    call_command("migrate", verbosity=0)
    matching.run(workers=5_000)
    ledger.run(entries=1_000_000 if full else 50_000, seconds=seconds)
    settlement.run(clients=60 if full else 20)


if __name__ == "__main__":
    main()
