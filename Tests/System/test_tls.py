"""TLS from two settings: everything over it works, nothing over plain HTTP does, and a wrong file is named before anything starts."""
import re
import socket
import ssl
import subprocess
import time

import pytest
import requests

from console_client import PASSWORD, Reader
from harness import NotReady, basic, new_id

requests.packages.urllib3.disable_warnings()


def make_pair(folder, name, *more):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", *more], check=True, capture_output=True)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    make_pair(folder, "own")
    make_pair(folder, "other")
    (folder / "empty.pem").write_bytes(b"")
    (folder / "noise.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n")
    subprocess.run(["openssl", "pkey", "-in", folder / "own.key", "-aes256", "-passout", "pass:tea", "-out", folder / "locked.key"], check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(make_martlet, files):
    server = make_martlet(args=["--tls-certificate", str(files / "own.pem"), "--tls-key", str(files / "own.key")]).start()
    server.http.verify = str(files / "own.pem")
    return server


def test_tracking_and_reading_over_tls(secure):
    """A call, a batch and a read, with the certificate checked; the tool on the socket needs no TLS."""
    assert secure.url.startswith("https://")
    user = new_id("tls")
    secure.track(userId=user)
    secure.send([{"type": "identify", "userId": user, "traits": {"name": "Ada"}}])
    assert secure.profile(userId=user)["traits"] == {"name": "Ada"}
    assert secure.cli("source", "list").returncode == 0
    settings = secure.http.get(f"{secure.url}/v1/projects/{secure.write_key}/settings").json()
    assert settings["integrations"]["Segment.io"]["protocol"] == "https"


def test_a_client_that_does_not_know_the_certificate_refuses_it(secure):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(secure.url + "/health", timeout=5)


def test_old_tls_is_refused(secure):
    """TLS 1.0 and 1.1 are deprecated (RFC 8996)."""
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        with socket.create_connection(("127.0.0.1", secure.port), timeout=5) as plain, pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(plain)
    secure.track(userId="ada")


def test_fault_82_sign_in_over_tls(secure, files):
    """The cookie is `__Host-`, Secure, HttpOnly and strict; every page of the console sends HSTS; any name works."""
    reader = Reader(secure, Host="cdp.wren.example")
    reader.http.verify = False
    token = reader.link().rsplit("/", 1)[1]
    answer = reader.post("/set-password", csrf=None, token=token, password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 303, answer.text[:300]
    answer = reader.sign_in()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-martlet=") and all(f"; {word}" in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/")) and "Domain" not in cookie
    for path in ("/sign-in", "/w/main", "/w/main/nowhere"):
        page = reader.get(path, headers={"Cookie": cookie.split(";")[0]}, follow=False)
        assert re.match(r"max-age=\d{8}", page.headers["Strict-Transport-Security"]), path
    assert reader.get("/w/main", headers={"Cookie": cookie.split(";")[0]}, follow=False).status_code == 200


@pytest.mark.parametrize("request_", [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"POST /v1/track HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", b"\r\n", b"GET"])
def test_plain_http_is_told_to_come_back_with_tls(secure, request_):
    """Politely: 400 with a remedy, and the connection ends; nothing of the request is read."""
    answer = secure.raw(request_, timeout=5)
    assert answer.startswith(b"HTTP/1.1 400") and b"request.needs-tls" in answer and b"https://" in answer, answer[:200]
    secure.track(userId="ada")


def test_noise_and_silence_on_the_tls_port_hold_nothing_up(secure):
    """A handshake that is none ends the connection; one that never comes is cut; others are served meanwhile."""
    assert b"HTTP/1.1 200" not in secure.raw(b"\x16\x03\x01\x00\x05hello", timeout=5)
    silent = [socket.create_connection(("127.0.0.1", secure.port), timeout=5) for _ in range(50)]
    started = time.monotonic()
    secure.track(userId="ada")
    assert time.monotonic() - started < 2
    for connection in silent:
        connection.close()


@pytest.mark.parametrize("certificate, key, setting, words", [
    ("own.pem", None, "tls-key", "Give both"), (None, "own.key", "tls-certificate", "Give both"), ("absent.pem", "own.key", "`tls-certificate`", "not there"),
    ("own.pem", "absent.key", "`tls-key`", "not there"), ("empty.pem", "own.key", "`tls-certificate`", "certificate"), ("noise.pem", "own.key", "`tls-certificate`", "PEM"),
    ("own.key", "own.key", "`tls-certificate`", "certificate"), ("own.pem", "own.pem", "`tls-key`", "PEM"), ("own.pem", "locked.key", "`tls-key`", "passphrase"),
    ("own.pem", "other.key", "`tls-key`", "does not belong"), (".", "own.key", "`tls-certificate`", "certificate")])
def test_a_wrong_file_is_named_with_the_remedy(make_martlet, files, certificate, key, setting, words):
    """It does not start, says which setting and what to do, and leaves no folder behind."""
    args = (["--tls-certificate", str(files / certificate)] if certificate else []) + (["--tls-key", str(files / key)] if key else [])
    server = make_martlet(args=args)
    with pytest.raises(NotReady):
        server.start(timeout=20)
    said = server.errors()
    assert server.process.returncode == 1 and setting in said and words in said, said
    assert "PRIVATE KEY" not in said and not server.data.exists()
