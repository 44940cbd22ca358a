import codecs
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from entremise.messaging.adapters.base import ChannelDown, Undeliverable
from entremise.messaging.adapters.gammu import Gammu
from tests.messaging.letters import REFERENCE, outgoing

KARIM = "+33639980012"
NADEGE = "+33639980013"
OUT_NAME = f"OUTC20261124_101112_00_{KARIM}_{REFERENCE.hex}.txt"
LATER = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def gammu(tmp_path):
    gammu = Gammu(tmp_path, ZoneInfo("Europe/Paris"))
    gammu.prepare()
    return gammu


@pytest.fixture
def receive(tmp_path):
    def receive(name, text, *, tail=b"", touched=LATER - timedelta(minutes=1)):
        content = text if isinstance(text, bytes) else codecs.BOM_UTF16_BE + text.encode("utf-16-be") + tail
        path = tmp_path / "inbox" / name
        path.write_bytes(content)
        os.utime(path, (touched.timestamp(),) * 2)

    return receive


def texts(gammu):
    return [(message.sender, message.text) for message in gammu.read_inbox(before=LATER)]


def test_a_text_is_written_under_a_name_that_gammu_reads_in_utf_16(gammu, tmp_path):
    gammu.send(outgoing(KARIM, "Haie demain à 9h, 3€. OUI 318 ?"))
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == [OUT_NAME]
    content = (tmp_path / "outbox" / OUT_NAME).read_bytes()
    assert content == codecs.BOM_UTF16_BE + "Haie demain à 9h, 3€. OUI 318 ?".encode("utf-16-be")


def test_the_name_fits_the_hundred_bytes_that_gammu_keeps_for_it(gammu, tmp_path):
    gammu.send(outgoing("+123456789012345"))
    assert len(next((tmp_path / "outbox").iterdir()).name) < 100


def test_a_repeat_takes_the_place_of_the_first(gammu, tmp_path):
    for _ in range(2):
        gammu.send(outgoing(KARIM))
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_a_repeat_of_a_text_that_has_left_sends_nothing(gammu, tmp_path):
    (tmp_path / "sent" / OUT_NAME).touch()
    assert gammu.send(outgoing(KARIM)).answer == "sent"
    assert list((tmp_path / "outbox").iterdir()) == []


def test_what_the_modem_gave_up_is_listed_until_sent_again(gammu, tmp_path):
    (tmp_path / "error" / OUT_NAME).touch()
    (tmp_path / "error" / "OUT_by_hand.txt").touch()
    assert list(gammu.failed()) == [UUID(REFERENCE.hex)]
    gammu.send(outgoing(KARIM))
    assert list(gammu.failed()) == []


@pytest.mark.parametrize("to", ["", "Karim", "06 39 98 00 12", "../../etc", "+33639980012_"])
def test_what_is_not_a_number_is_undeliverable(gammu, to):
    with pytest.raises(Undeliverable):
        gammu.send(outgoing(to))


def test_a_spool_that_is_not_there_is_tried_again(tmp_path):
    gammu = Gammu(tmp_path / "unplugged", ZoneInfo("Europe/Paris"))
    with pytest.raises(ChannelDown):
        gammu.send(outgoing(KARIM))
    with pytest.raises(ChannelDown):
        list(gammu.read_inbox(before=LATER))


def test_a_message_is_read_with_its_sender_and_the_local_time_in_its_name(gammu, receive):
    receive(f"IN20261201_101112_00_{KARIM}_00.txt", "Oui 318 à 9h")
    (message,) = gammu.read_inbox(before=LATER)
    assert (message.sender, message.text) == (KARIM, "Oui 318 à 9h")
    assert message.received_at == datetime(2026, 12, 1, 9, 11, 12, tzinfo=UTC)


def test_memory_written_behind_an_accented_text_is_not_part_of_it(gammu, receive):
    receive(f"IN20261201_101112_00_{KARIM}_00.txt", "é" * 5, tail=b"\0\0" + "old".encode("utf-16-be") + b"\0")
    assert texts(gammu) == [(KARIM, "ééééé")]


def test_the_standard_format_is_read_too(gammu, receive):
    receive(f"IN20261201_101112_00_{KARIM}_00.txt", "Oui 318 à 9h".encode())
    assert texts(gammu) == [(KARIM, "Oui 318 à 9h")]


def test_parts_are_joined_though_each_bears_its_own_second(gammu, receive):
    receive(f"IN20261201_101501_00_{KARIM}_00.txt", "Oui je ")
    receive(f"IN20261201_101500_00_{KARIM}_01.txt", "peux ")
    receive(f"IN20261201_101502_00_{KARIM}_02.txt", "318")
    assert texts(gammu) == [(KARIM, "Oui je peux 318")]


def test_parts_of_two_messages_go_to_the_nearer_beginning(gammu, receive):
    receive(f"IN20261201_101500_00_{KARIM}_00.txt", "A1 ")
    receive(f"IN20261201_101501_00_{KARIM}_01.txt", "A2")
    receive(f"IN20261201_101800_00_{KARIM}_00.txt", "B1 ")
    receive(f"IN20261201_101801_00_{KARIM}_01.txt", "B2")
    receive(f"IN20261201_101501_00_{NADEGE}_00.txt", "C")
    assert texts(gammu) == [(KARIM, "A1 A2"), (NADEGE, "C"), (KARIM, "B1 B2")]


def test_a_part_without_beginning_is_shown_as_it_is(gammu, receive):
    receive(f"IN20261201_101500_00_{KARIM}_01.txt", "fin")
    assert texts(gammu) == [(KARIM, "fin")]


def test_a_sender_may_be_a_name_with_spaces_and_underscores(gammu, receive):
    receive("IN20261201_101500_00_Info_Conso 3_00.txt", "promo")
    assert texts(gammu) == [("Info_Conso 3", "promo")]


def test_a_sender_whose_files_are_fresh_waits_and_the_others_do_not(gammu, receive):
    receive(f"IN20261201_101500_00_{KARIM}_00.txt", "Oui je ")
    receive(f"IN20261201_101501_00_{KARIM}_01.txt", "peux", touched=LATER)
    receive(f"IN20261201_101500_00_{NADEGE}_00.txt", "NON 318")
    assert texts(gammu) == [(NADEGE, "NON 318")]


def test_other_files_are_left_alone(gammu, receive):
    receive("IN20261201_101500_00_12345_00.bin", "8 bits")
    receive("README", "")
    assert texts(gammu) == []


def test_an_acknowledged_message_is_kept_apart_and_not_read_again(gammu, receive, tmp_path):
    receive(f"IN20261201_101500_00_{KARIM}_00.txt", "Oui je ")
    receive(f"IN20261201_101501_00_{KARIM}_01.txt", "peux 318")
    (message,) = gammu.read_inbox(before=LATER)
    gammu.acknowledge(message)
    assert texts(gammu) == []
    assert sorted(path.name for path in (tmp_path / "read").iterdir()) == [path.name for path in message.files]


def test_a_reading_cut_short_gives_the_same_key_again(gammu, receive):
    receive(f"IN20261201_101500_00_{KARIM}_00.txt", "Oui je ")
    receive(f"IN20261201_101501_00_{KARIM}_01.txt", "peux 318")
    (first,) = gammu.read_inbox(before=LATER)
    first.files[1].unlink()  # Killed between the two moves: the last part goes first.
    (again,) = gammu.read_inbox(before=LATER)
    assert again.key == first.key
    gammu.acknowledge(first)
    assert texts(gammu) == []


def test_two_messages_of_one_second_under_one_name_are_two_and_both_are_kept(gammu, receive, tmp_path):
    keys = []
    for text in ("OUI 318", "H 317 3h"):
        receive(f"IN20261201_101500_00_{KARIM}_00.txt", text)
        (message,) = gammu.read_inbox(before=LATER)
        keys.append(message.key)
        gammu.acknowledge(message)
    assert len(set(keys)) == 2
    assert len(list((tmp_path / "read").iterdir())) == 2


def test_a_name_that_no_modem_gives_holds_nobody_up(gammu, receive, tmp_path):
    receive("IN20269999_101112_00_+33639980012_00.txt", "poison")
    (tmp_path / "inbox" / f"IN20261124_101112_00_{KARIM}_01.txt").mkdir()
    receive(f"IN20261124_101112_00_{NADEGE}_00.txt", "OUI 318")
    assert texts(gammu) == [(NADEGE, "OUI 318")]


def test_a_sender_of_odd_bytes_can_be_stored_and_taken_away(gammu, receive, tmp_path):
    receive(os.fsdecode(b"IN20261124_101112_00_Caf\xe9" + b"x" * 150 + b"_00.txt"), "promo")
    (message,) = gammu.read_inbox(before=LATER)
    assert message.sender.encode()
    assert len(message.key) <= 120
    gammu.acknowledge(message)
    assert not list((tmp_path / "inbox").iterdir())


def test_what_a_log_calls_a_text_is_neither_its_sender_nor_its_words(gammu, receive):
    receive(f"IN20261124_101112_00_{KARIM}_00.txt", "OUI 318")
    receive(f"IN20261124_101112_00_{NADEGE}_00.txt", "OUI 318")
    ids = {message.id for message in gammu.read_inbox(before=LATER)}
    assert len(ids) == 2
    assert not any(KARIM[-6:] in one or NADEGE[-6:] in one for one in ids)
