import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from echodepth.healthcheck import main
from tests.support.postgres import free_port


@pytest.fixture
def server(monkeypatch):
    """Answers with what `answers` says, and keeps what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked = (self.path, self.headers["Host"])
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *_args):
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    made.status, made.asked = 200, None
    monkeypatch.setenv("ECHODEPTH_BIND", f"0.0.0.0:{made.server_port}")
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_an_answer_of_the_portal_is_healthy(server, monkeypatch):
    monkeypatch.setenv("ECHODEPTH_BASE_URL", "https://portal.example:8443")

    assert main() == 0
    assert server.asked == ("/healthz", "portal.example:8443")


@pytest.mark.parametrize("status", [301, 404, 503])
def test_any_other_answer_is_not(server, status, capsys):
    server.status = status

    assert main() == 1
    assert str(status) in capsys.readouterr().err


def test_no_answer_is_not_healthy_either(monkeypatch, capsys):
    monkeypatch.setenv("ECHODEPTH_BIND", f"127.0.0.1:{free_port()}")

    assert main() == 1
    assert "no answer" in capsys.readouterr().err
