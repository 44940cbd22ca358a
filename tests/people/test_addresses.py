import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from entremise.kernel.place import Point
from entremise.people.adapters.addresses import NationalAddressService, ServiceAway


class Double(HTTPServer):
    """An address service of our own on the loopback: answers what the test wants, keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.body = 200, b"{}"
        self.asked: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/search/"

    def says(self, score: float, *coordinates: object) -> None:
        feature = {"geometry": {"type": "Point", "coordinates": coordinates}, "properties": {"score": score}}
        self.body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


class Answering(BaseHTTPRequestHandler):
    server: Double

    def do_GET(self) -> None:
        self.server.asked.append(parse_qs(urlsplit(self.path).query))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def double() -> Iterator[Double]:
    with Double() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_street_is_where_the_service_says(double: Double) -> None:
    double.says(0.92, 5.21, 46.19)
    found = NationalAddressService(double.url).resolve("3 rue du Four", "01990")
    assert found == Point(46.19, 5.21)
    assert double.asked == [{"q": ["3 rue du Four"], "limit": ["1"], "autocomplete": ["0"], "postcode": ["01990"]}]


def test_an_answer_the_service_doubts_is_not_taken(double: Double) -> None:
    double.says(0.3, 5.21, 46.19)
    assert NationalAddressService(double.url).resolve("3 rue du Four", "01990") is None


@pytest.mark.parametrize("coordinates", [(5.21,), ("5", "46"), (5.21, 95.0), (None, None), (float("nan"), 46.0)])
def test_a_point_that_is_none_is_not_taken(double: Double, coordinates: tuple[object, ...]) -> None:
    double.says(0.92, *coordinates)
    assert NationalAddressService(double.url).resolve("3 rue du Four", "") is None


@pytest.mark.parametrize("body", [b"[]", b'{"features": []}', b'{"features": {}}'])
def test_an_address_that_nobody_knows_has_no_point(double: Double, body: bytes) -> None:
    double.body = body
    assert NationalAddressService(double.url).resolve("3 rue du Four", "01990") is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff"])
def test_a_service_that_talks_nonsense_is_away(double: Double, body: bytes) -> None:
    double.body = body
    with pytest.raises(ServiceAway):
        NationalAddressService(double.url).resolve("3 rue du Four", "01990")


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_service_that_refuses_is_away(double: Double, status: int) -> None:
    double.status = status
    with pytest.raises(ServiceAway):
        NationalAddressService(double.url).resolve("3 rue du Four", "01990")


def test_a_silent_service_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(ServiceAway):
            NationalAddressService(url, timeout=0.05).resolve("3 rue du Four", "01990")


def test_an_absent_service_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    with pytest.raises(ServiceAway):
        NationalAddressService(url).resolve("3 rue du Four", "01990")


@pytest.mark.parametrize("text", ["", "  ", "3", "-- --"])
def test_what_is_no_address_is_not_asked(double: Double, text: str) -> None:
    assert NationalAddressService(double.url).resolve(text, "01990") is None
    assert double.asked == []


def test_a_file_is_no_service() -> None:
    with pytest.raises(ValueError, match="not a web address"):
        NationalAddressService("file:///etc/passwd")
