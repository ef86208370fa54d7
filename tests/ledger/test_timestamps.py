"""Time-stamps by a real authority of our own making, and every way not to get one."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from defensible.ledger import storage, timestamps
from defensible.ledger.canonical import sha256
from tests.ledger.authority import OPENSSL, Authority

LINE = b'{"form":"defensible/ledger/1"}'
DIGEST = sha256(LINE)

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def serve():
    """A server on this machine that answers as it is told; its address."""
    servers = []

    def start(answer):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                status, data = answer(query)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_time_stamp_of_a_line_is_kept_and_holds_under_its_authority(
    tmp_path, tmp_path_factory, authority, serve
):
    url = serve(lambda query: (200, authority.answer(query)))

    assert timestamps.stamp(tmp_path, LINE, DIGEST, url) is None

    data = (tmp_path / storage.timestamp(DIGEST)).read_bytes()
    checked = timestamps.read(data, DIGEST, authority.certificate)
    assert checked.by == "CN=A root of a test"
    assert timestamps.read(data, DIGEST, None).by is None
    assert timestamps.read(data, sha256(b"x"), None) == "it is a time-stamp of something else"
    other = Authority(tmp_path_factory.mktemp("other")).certificate
    assert timestamps.read(data, DIGEST, other) == (
        "the authority's signature does not hold under the certificate that was given"
    )


def test_an_answer_to_another_question_is_not_kept(tmp_path, authority, serve):
    other = authority.response(b"something else")
    url = serve(lambda _: (200, other))

    why = timestamps.stamp(tmp_path, LINE, DIGEST, url)

    assert why == "the answer is a time-stamp of something else"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "data", "why"),
    [
        (503, b"", "the server answered with status 503"),
        (200, b"<html>", "there was no answer that can be read (ValueError)"),
    ],
)
def test_a_server_that_fails_costs_nothing_but_the_time_stamp(tmp_path, serve, status, data, why):
    url = serve(lambda _: (status, data))

    assert timestamps.stamp(tmp_path, LINE, DIGEST, url) == why
    assert list(tmp_path.iterdir()) == []


def test_no_server_at_all_is_said_in_words(tmp_path):
    why = timestamps.stamp(tmp_path, LINE, DIGEST, "http://127.0.0.1:9/")

    assert why == "there was no answer that can be read (URLError)"
    assert timestamps.stamp(tmp_path, LINE, DIGEST, "file:///etc/passwd") == (
        "its address begins with neither https:// nor http://"
    )


def test_what_is_no_time_stamp_is_said_in_words():
    assert timestamps.read(b"nothing", DIGEST, None) == "it is no time-stamp that can be read"
