import pytest
from django.test import Client

from entremise.doors.frame.typography import french


@pytest.mark.parametrize(
    ("written", "set_"),
    [
        ("<p>Qui appelle ?</p>", "<p>Qui appelle\u00a0?</p>"),
        ("<p>Exemple : « haie »</p>", "<p>Exemple\u00a0: «\u00a0haie\u00a0»</p>"),
        ("<p>De 8 h 30 à 17 h 30, 12 %</p>", "<p>De 8\u00a0h\u00a030 à 17\u00a0h\u00a030, 12\u00a0%</p>"),
        ("<p>8 h 30 – 17 h</p>", "<p>8\u00a0h\u00a030\u00a0–\u00a017\u00a0h</p>"),
        ("<p>Le 2 déc., le 1er mai, 2 maisons</p>", "<p>Le 2\u00a0déc., le 1er\u00a0mai, 2 maisons</p>"),
    ],
)
def test_a_line_never_breaks_before_a_mark_nor_inside_an_hour_or_a_day(written: str, set_: str) -> None:
    assert french(written) == set_


def test_what_somebody_typed_comes_back_as_it_was_typed() -> None:
    page = '<input value="code : 12"><textarea name="note">code : 12 ?</textarea>'
    assert french(page) == page


def test_every_french_page_is_set_so(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    assert "Vous cherchez du travail\u00a0?" in page
    assert " ?" not in page
