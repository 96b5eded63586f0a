"""A web server on loopback whose answers a test writes."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Said:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0
    """Seconds between its bytes."""


@dataclass
class WebServer:
    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def web_server(answer: Callable[[Asked], Said], tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            asked = Asked(self.command, self.path, body, dict(self.headers.items()))
            server.asked.append(asked)
            said = answer(asked)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self._send(said)

        do_GET = do_POST = handle_any  # noqa: N815 - the library's names

        def _send(self, said: Said) -> None:
            try:
                if not said.drip:
                    self.wfile.write(said.body)
                    return
                for byte in said.body:
                    if stop.wait(said.drip):
                        return
                    self.wfile.write(bytes([byte]))
            except OSError:
                pass  # the client has gone

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_client: None  # a client that breaks off is what some tests are about
    if tls:
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
    server = WebServer(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        httpd.shutdown()
        thread.join()
        httpd.server_close()
