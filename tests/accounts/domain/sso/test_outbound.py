"""Against real servers on loopback, which stand for what a tenant's admin must not reach."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from accounts.domain.sso import outbound
from accounts.domain.sso.outbound import check_address, fetch, is_inside
from echodepth.errors import UserError
from tests.support.oidc import private_key
from tests.support.web_server import Said, web_server


@pytest.fixture
def allowed(settings):
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["127.0.0.1"]


def refused(url, **given):
    with pytest.raises(UserError) as caught:
        fetch(url, **given)
    return caught.value.code


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.org/",
        "ftp://login.example.org/",
        "file:///etc/passwd",
        "https:///path",
        "//login.example.org",
        "login.example.org",
        "https://user@login.example.org/",
        "https://login.example.org:0/",
        "https://login.example.org:99999/",
        "https://login.example.org/\r\nHost: inside",
        "https://löss.example/",
        "https://[::1/",
        "",
    ],
)
def test_an_address_that_is_none_of_https_is_refused(url):
    with pytest.raises(UserError) as caught:
        check_address(url)
    assert caught.value.code == "sso_address_refused"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a01:203",
    ],
)
def test_what_is_no_address_of_the_public_internet_is_inside(address):
    assert is_inside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_not_inside(address):
    assert not is_inside(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f.1"])
def test_a_server_of_the_inside_is_never_asked(settings, host):
    settings.SSO_PLAIN_HTTP = True
    with web_server(lambda _asked: Said(b'{"secret": "inside"}')) as server:
        port = server.url.rpartition(":")[2]

        assert refused(f"http://{host}:{port}/") == "sso_address_private"

    assert server.asked == []


def test_a_name_with_one_address_of_the_inside_is_refused(settings, monkeypatch):
    told = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: told)
    monkeypatch.setattr(socket, "create_connection", lambda *_args: pytest.fail("it was connected to"))

    assert refused("https://login.example.org/") == "sso_address_private"


def test_what_was_looked_at_is_what_is_connected_to(settings, monkeypatch):
    """The name is resolved once: a second answer of its DNS could be another one."""
    resolved, connected = [], []

    def resolve(host, *_args, **_named):
        resolved.append(host)
        return [(2, 1, 6, "", ("8.8.8.8" if len(resolved) == 1 else "127.0.0.1", 443))]

    def connect(address, _seconds):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)

    assert refused("https://login.example.org/") == "sso_unreachable"
    assert (resolved, connected) == (["login.example.org"], [("8.8.8.8", 443)])


def test_a_host_that_is_allowed_by_name_is_asked(allowed):
    with web_server(lambda _asked: Said(b'{"answer": 42}')) as server:
        assert fetch(f"{server.url}/a?b=c").json() == {"answer": 42}
        fetch(f"{server.url}/form", form={"code": "ä&="}, headers={"Authorization": "Basic x"})

    first, second = server.asked
    assert (first.method, first.path, first.headers["Host"]) == ("GET", "/a?b=c", server.url[7:])
    assert (second.method, second.body) == ("POST", b"code=%C3%A4%26%3D")
    assert second.headers["Authorization"] == "Basic x"


def test_redirects_are_not_followed(allowed):
    def answer(asked):
        return Said(b"{}", 302, {"Location": "/inside"}) if asked.path == "/" else Said(b'{"secret": 1}')

    with web_server(answer) as server:
        assert fetch(f"{server.url}/").status == 302

    assert [asked.path for asked in server.asked] == ["/"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"text"'])
def test_what_is_no_json_object_is_unreadable(allowed, body):
    with web_server(lambda _asked: Said(body)) as server, pytest.raises(UserError) as caught:
        fetch(server.url).json()
    assert caught.value.code == "sso_answer_unreadable"


def test_a_large_answer_is_not_read_to_its_end(allowed):
    with web_server(lambda _asked: Said(b" " * (outbound.MOST_BYTES + 1))) as server:
        assert refused(server.url) == "sso_answer_unreadable"


def test_a_slow_answer_is_cut_off(allowed, monkeypatch):
    """Each byte comes in time; all of them would take half an hour."""
    monkeypatch.setattr(outbound, "DEADLINE_SECONDS", 0.4)
    with web_server(lambda _asked: Said(b" " * 9000, drip=0.2)) as server:
        assert refused(server.url) in {"sso_unreachable", "sso_answer_unreadable"}


def test_nobody_there(allowed):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert refused(f"http://127.0.0.1:{port}/") == "sso_unreachable"


def certificate(folder, name):
    """A self-signed certificate and its key, as the files that a TLS server loads."""
    key, now = private_key("tls"), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    built = x509.CertificateBuilder(
        who, who, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    signed = built.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = folder / "server.pem"
    pem.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem


@pytest.mark.parametrize(
    ("name", "trusted", "reached"),
    [("localhost", True, True), ("localhost", False, False), ("other.example", True, False)],
)
def test_tls_is_checked_by_name(settings, monkeypatch, tmp_path, name, trusted, reached):
    """Although it is connected to by address."""
    settings.SSO_PRIVATE_HOSTS = ["localhost"]
    pem = certificate(tmp_path, name)
    if trusted:
        monkeypatch.setattr(outbound.certifi, "where", lambda: str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with web_server(lambda _asked: Said(b'{"answer": 42}'), context) as server:
        url = server.url.replace("http://127.0.0.1", "https://localhost")
        if reached:
            assert fetch(url).json() == {"answer": 42}
        else:
            assert refused(url) == "sso_unreachable"
