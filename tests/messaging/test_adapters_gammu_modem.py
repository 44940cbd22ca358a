"""The spool against the real gammu-smsd, which drives its dummy phone: a folder that plays the modem."""

import os
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from entremise.messaging.adapters.gammu import Gammu
from tests.messaging.letters import outgoing

DAEMON = shutil.which("gammu-smsd")
pytestmark = pytest.mark.skipif(not DAEMON and not os.environ.get("CI"), reason="gammu-smsd is not installed")

KARIM = "+33639980012"
SETTINGS = """
[gammu]
model = dummy
connection = none
device = {root}/phone
[smsd]
service = files
logfile = {root}/log
debuglevel = 1
inboxpath = {root}/inbox/
outboxpath = {root}/outbox/
sentsmspath = {root}/sent/
errorsmspath = {root}/error/
inboxformat = unicode
transmitformat = auto
deliveryreport = log
loopsleep = 1
receivefrequency = 1
checksecurity = 0
"""


class Modem:
    def __init__(self, root: Path):
        self.root = root
        self.spool = Gammu(root, ZoneInfo("Europe/Paris"))
        self.spool.prepare()
        (root / "phone" / "sms" / "1").mkdir(parents=True)
        (root / "rc").write_text(SETTINGS.format(root=root))

    def holds(self, *parts, sender=KARIM):
        """Lay one message, in as many parts as given, into the phone's memory."""
        for index, text in enumerate(parts):
            hexed = text.encode("utf-16-be").hex()
            lines = [
                "[SMSBackup000]", "PDU = Deliver", f"DateTime = 20261201T10150{index}", "State = UnRead",
                f'Number = "{sender}"', f"NumberUnicode = {sender.encode('utf-16-be').hex()}",
                "Coding = Default_No_Compression", "Folder = 1", f"Length = {len(text)}", "Class = -1",
                *(f"Text{start // 200:02d} = {hexed[start : start + 200]}" for start in range(0, len(hexed), 200)),
            ]  # fmt: skip
            if len(parts) > 1:
                lines.append(f"UDH = 050003A7{len(parts):02X}{index + 1:02X}")
            (self.root / "phone" / "sms" / "1" / str(index + 1)).write_text("\n".join(lines) + "\n")

    def run(self, until, locale="C.UTF-8"):
        """Let the daemon work until `until()` holds; it ends by itself after a minute, which fails the test."""
        command = [DAEMON, "-c", str(self.root / "rc"), "-X", "60"]
        environment = {**os.environ, "LC_ALL": locale}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as daemon:
            try:
                while not until():
                    with suppress(subprocess.TimeoutExpired):
                        daemon.wait(0.05)
                    assert daemon.returncode is None, (self.root / "log").read_text()
            finally:
                daemon.terminate()

    def received(self):
        return list(self.spool.read_inbox(before=datetime.now(UTC) + timedelta(hours=1)))


@pytest.fixture
def modem(tmp_path):
    return Modem(tmp_path)


def test_the_modem_sends_what_the_spool_holds_to_the_number_in_its_name(modem):
    modem.spool.send(outgoing(KARIM, "Le Pas de Porte: haie demain à 9h, 3€. OUI 318 ?"))
    modem.run(until=lambda: any((modem.root / "sent").iterdir()))
    log = (modem.root / "log").read_text()
    assert f'Found 1 sms to "{KARIM}" with text "Le Pas de Porte: haie demain à 9h, 3€. OUI 318 ?" cod 3' in log
    assert not list((modem.root / "outbox").iterdir())
    assert modem.spool.send(outgoing(KARIM)).answer == "sent"


def test_the_modem_cuts_a_text_as_our_count_says(modem):
    modem.spool.send(outgoing(KARIM, "a" * 152 + "€" * 77))
    modem.run(until=lambda: any((modem.root / "sent").iterdir()))
    assert 'Found 3 sms to "+33639980012"' in (modem.root / "log").read_text()


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_an_answer_with_accents_arrives_whole_whatever_the_locale(modem, locale):
    modem.holds("Oui je peux 318 à 9h, répété é é é €")
    modem.run(until=lambda: modem.received(), locale=locale)
    (message,) = modem.received()
    assert (message.sender, message.text) == (KARIM, "Oui je peux 318 à 9h, répété é é é €")
    assert message.received_at == datetime(2026, 12, 1, 9, 15, tzinfo=UTC)


def test_a_long_answer_arrives_as_one_message(modem):
    modem.holds("é" * 153, "fin")
    modem.run(until=lambda: len(list((modem.root / "inbox").iterdir())) == 2)
    (message,) = modem.received()
    assert message.text == "é" * 153 + "fin"
