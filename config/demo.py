"""Where the example lives: a database, a key and a spool of its own under var/, never an operator's."""

import secrets
from argparse import ArgumentParser
from collections.abc import MutableMapping, Sequence
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
FOLDER = BASE / "var" / "demo"
DATABASE = FOLDER / "entremise.sqlite3"
MAKING = FOLDER / "making.sqlite3"  # Renamed once it is whole: an interrupted start leaves no half example.


def prepare(environment: MutableMapping[str, str], command: str, arguments: Sequence[str]) -> None:
    """Point the settings at the example. What an operator set for a real installation is not touched, nor used.

    command, arguments: as typed; only later are they all read, but the settings must know port and database now.
    """
    asked = ArgumentParser(add_help=False)
    asked.add_argument("--port", default="8000")
    options, _ = asked.parse_known_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    key = FOLDER / "key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
    environment.update(
        ENTREMISE_DATABASE_URL=f"sqlite:///{MAKING if command == 'make-demo' else DATABASE}",
        ENTREMISE_SECRET_KEY=key.read_text(),
        ENTREMISE_VAR=str(FOLDER),
        ENTREMISE_HTTPS="0",
        ENTREMISE_BASE_DOMAIN="localhost",
        ENTREMISE_PUBLIC_PORT=options.port,
        ENTREMISE_DEFAULT_ORGANISATION="pas-de-porte",
        ENTREMISE_ALLOWED_HOSTS="*",
        ENTREMISE_TEXT_SPOOL=str(FOLDER / "sms"),
        ENTREMISE_SMTP_URL="",
        ENTREMISE_LOG_LEVEL="WARNING",
        ENTREMISE_ADDRESS_SERVICE_URL="",
        ENTREMISE_WEB_ROLE="",
    )
