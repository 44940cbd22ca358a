import socket
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from entremise.messaging.adapters.base import Attachment, ChannelDown, Undeliverable
from entremise.messaging.adapters.smtp import Smtp
from tests.messaging.letters import REFERENCE, outgoing

ODILE = "odile.marsan@exemple.test"


class Mailbox:
    """A real server on loopback: refuses `nobody`, has no room for `full`, rejects what says `rejeter`."""

    def __init__(self):
        self.received = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # aiosmtpd's name.
        if address.startswith("nobody@"):
            return "550 5.1.1 No such user"
        if address.startswith("full@"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd's name.
        if b"rejeter" in envelope.content:
            return "554 5.7.1 Rejected"
        self.received.append((envelope, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@pytest.fixture
def mailbox():
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port, enable_SMTPUTF8=False)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def smtp(mailbox):
    return Smtp("127.0.0.1", mailbox.port, "bonjour@pas-de-porte.test", "Le Pas de Porte", encryption="", timeout=5)


def test_a_letter_arrives_as_plain_text_with_its_accents(mailbox, smtp):
    receipt = smtp.send(outgoing(ODILE, "Bonjour Solène,\nà mardi 9 h – 3 €.", subject="Votre demande"))
    assert receipt.answer == "accepted"
    envelope, mail = mailbox.received[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bonjour@pas-de-porte.test", [ODILE])
    assert mail["From"] == "Le Pas de Porte <bonjour@pas-de-porte.test>"
    assert (mail["Subject"], mail.get_content_type()) == ("Votre demande", "text/plain")
    assert mail.get_content().splitlines() == ["Bonjour Solène,", "à mardi 9 h – 3 €."]


def test_a_repeat_is_recognisable_by_its_message_id_and_date(mailbox, smtp):
    smtp.send(outgoing(ODILE))
    smtp.send(outgoing(ODILE))
    first, second = (mail for _, mail in mailbox.received)
    assert first["Message-ID"] == second["Message-ID"] == f"<{REFERENCE}@pas-de-porte.test>"
    assert first["Date"] == second["Date"] == "Tue, 24 Nov 2026 10:11:12 +0000"


def test_holiday_responders_are_told_to_stay_silent(mailbox, smtp):
    smtp.send(outgoing(ODILE))
    assert mailbox.received[0][1]["Auto-Submitted"] == "auto-generated"


def test_documents_arrive_byte_for_byte(mailbox, smtp):
    content = b"%PDF-1.7\r\n" + bytes(range(256)) * 40
    smtp.send(outgoing(ODILE, attachments=(Attachment("Paie octobre – Solène.pdf", "application/pdf", content),)))
    (file,) = mailbox.received[0][1].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("Paie octobre – Solène.pdf", "application/pdf")
    assert file.get_content() == content


def test_answers_go_where_the_organisation_reads_them(mailbox, smtp):
    replace(smtp, reply_to="accueil@pas-de-porte.test").send(outgoing(ODILE))
    assert mailbox.received[0][1]["Reply-To"] == "accueil@pas-de-porte.test"


def test_a_line_break_in_the_subject_starts_no_header(mailbox, smtp):
    smtp.send(outgoing(ODILE, subject="Votre demande\r\nBcc: autre@exemple.test"))
    assert mailbox.received[0][1]["Subject"] == "Votre demande Bcc: autre@exemple.test"
    assert mailbox.received[0][0].rcpt_tos == [ODILE]


@pytest.mark.parametrize(
    ("to", "body"),
    [("nobody@exemple.test", "Bonjour"), (ODILE, "rejeter"), ("pas une adresse", "Bonjour"),
     ("a@exemple.test\r\nBcc: b@exemple.test", "Bonjour"), ("", "Bonjour"),
     ("zoé@exemple.test", "Bonjour")],
    ids=["unknown", "rejected", "not an address", "header", "empty", "beyond the server"],
)  # fmt: skip
def test_what_will_never_arrive_is_undeliverable(mailbox, smtp, to, body):
    with pytest.raises(Undeliverable):
        smtp.send(outgoing(to, body))
    assert mailbox.received == []


def test_a_full_mailbox_is_tried_again(smtp):
    with pytest.raises(ChannelDown, match="452"):
        smtp.send(outgoing("full@exemple.test"))


def test_a_server_that_is_down_is_tried_again(mailbox, smtp):
    with pytest.raises(ChannelDown):
        replace(smtp, port=1).send(outgoing(ODILE))


def test_a_server_without_encryption_is_not_spoken_to_in_clear(mailbox, smtp):
    with pytest.raises(ChannelDown):
        replace(smtp, encryption="starttls").send(outgoing(ODILE))
    assert mailbox.received == []


def test_a_server_that_knows_no_passwords_is_tried_again(mailbox, smtp):
    with pytest.raises(ChannelDown):
        replace(smtp, username="bonjour", password="secret").send(outgoing(ODILE))


@pytest.mark.parametrize(
    ("url", "host", "port", "encryption"),
    [
        ("smtp://localhost", "localhost", 25, ""),
        ("smtp://mail.exemple.test", "mail.exemple.test", 587, "starttls"),
        ("smtps://bonjour:p%40sse@mail.exemple.test", "mail.exemple.test", 465, "tls"),
        ("smtp://mail.exemple.test:2525", "mail.exemple.test", 2525, "starttls"),
    ],
)
def test_a_server_is_configured_by_its_address(url, host, port, encryption):
    smtp = Smtp.from_url(url, sender="bonjour@pas-de-porte.test")
    assert (smtp.host, smtp.port, smtp.encryption) == (host, port, encryption)


def test_a_password_is_decoded_and_never_shown():
    smtp = Smtp.from_url("smtps://bonjour:p%40sse@mail.exemple.test", sender="bonjour@pas-de-porte.test")
    assert (smtp.username, smtp.password) == ("bonjour", "p@sse")
    assert "p@sse" not in repr(smtp)


def test_another_kind_of_address_is_a_mistake_in_the_configuration():
    with pytest.raises(ValueError, match="smtp://"):
        Smtp.from_url("mail.exemple.test:25", sender="bonjour@pas-de-porte.test")
