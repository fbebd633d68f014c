"""Slips at the command line: a taken port, a wrong folder, nothing running; each is said in words, with a status, and changes nothing."""
import os
import socket
import subprocess
import time

import pytest

from harness import BINARY, NotReady, wait_until


def test_a_taken_port_is_said_before_anything_is_opened(make_martlet):
    """The port of another program: status 1, the setting and the remedy, no folder made, and no line that only a programmer reads."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        server = make_martlet(args=["--port", str(other.getsockname()[1])])
        started = time.monotonic()
        with pytest.raises(NotReady):
            server.start()
        assert server.process.returncode == 1 and time.monotonic() - started < 5
        said = server.errors()
        assert "taken" in said and "--port" in said and len(said.strip().splitlines()) == 2, said
        assert not server.data.exists()


def test_an_address_of_another_machine_is_said(make_martlet):
    for host in ("192.0.2.1", "no.such.host.invalid"):
        server = make_martlet(args=["--host", host])
        with pytest.raises(NotReady):
            server.start()
        assert server.process.returncode == 1 and "`host`" in server.errors() and host in server.errors(), server.errors()


def test_a_port_is_free_again_after_a_crash(make_martlet):
    """Connections of the one that was killed linger; the next takes the same port all the same."""
    server = make_martlet().start()
    server.track()
    port = server.port
    line = socket.create_connection(("127.0.0.1", port))
    server.kill9()
    server.start("--port", str(port))
    assert server.port == port
    line.close()


@pytest.mark.parametrize("command", [["source", "list"], ["token", "list"], ["sign-in"], ["health"], ["doctor"], ["backup", "copy"], ["privacy", "erase", "--user-id", "ada"], ["source", "rotate", "src_1"]])
def test_a_folder_that_is_not_there_is_a_slip(make_martlet, command):
    """A mistyped --data makes no folder, and no empty backup."""
    server = make_martlet()
    done = server.cli(*command, check=False)
    assert done.returncode == 1 and "no data folder" in done.stderr and "--data" in done.stderr
    assert not server.data.exists() and not (server.home / "copy").exists()


def test_the_first_command_may_make_the_folder(make_martlet):
    server = make_martlet()
    source = server.cli("source", "create", "Till", "--json")
    server.cli("token", "create", "first", "--scopes", "all")
    server.start()
    assert server.post("/v1/track", {"userId": "ada", "event": "Tea Steeped"}, source["writeKey"]).status_code == 200


def test_health_is_of_a_running_server(make_martlet):
    """Well: 0. Not running: 1, in words, whatever the folder holds."""
    server = make_martlet().start()
    done = server.cli("health")
    assert done.stdout == "status: ok\n"
    assert server.cli("health", "--json") == {"status": "ok", "reasons": []}
    server.kill9()
    done = server.cli("health", check=False)
    assert done.returncode == 1 and "No Martlet runs" in done.stderr and "martlet serve" in done.stderr


def test_an_empty_list_says_what_comes_first(martlet):
    done = martlet.cli("source", "list")
    assert done.stdout == "" and "martlet source create" in done.stderr
    assert martlet.cli("source", "list", "--json") == {"sources": []}


@pytest.mark.parametrize("text", ["host = 127.0.0.1\nport = 0\n", "host = 127.0.0.1\r\n# a word\r\nport = 0 # any\r\n", "\ufeffhost=127.0.0.1\nport=0"])
def test_settings_of_a_file_are_read_as_any_editor_writes_them(make_martlet, tmp_path, text):
    path = tmp_path / "martlet.conf"
    path.write_text(text, newline="")
    server = make_martlet(args=["--config", str(path)]).start()
    assert server.health()["status"] == "ok"


@pytest.mark.parametrize("text, words", [("host = 127.0.0.1\r\nprot = 0\r\n", "line 2"), ("host = 127.0.0.1\n\nport\n", "Line 3 of"), ("demo = perhaps\n", "`demo`"),
    ("port = 0\nhost = 127.0.0.1\nport = 1\n", "line 3) stands in line 1 already")])
def test_a_wrong_setting_of_a_file_is_said_with_its_line(make_martlet, tmp_path, text, words):
    path = tmp_path / "martlet.conf"
    path.write_text(text, newline="")
    server = make_martlet(args=["--config", str(path)])
    with pytest.raises(NotReady):
        server.start()
    assert server.process.returncode == 1 and words in server.errors() and str(path) in server.errors(), server.errors()


@pytest.mark.parametrize("args, env, words", [
    ([], {"MARTLET_TLS_CERTIFCATE": "/tea.pem"}, ["`MARTLET_TLS_CERTIFCATE`", "Did you mean `MARTLET_TLS_CERTIFICATE`"]), (["--port", "-1"], {}, ["`port` (--port)", "0 to 65535"]),
    (["--mail-catcher", "-1"], {}, ["`mail-catcher` (--mail-catcher)", "0 to 65535"]), ([], {"MARTLET_PORT": "tcp://10.0.0.1:80"}, ["`port` (MARTLET_PORT)"])])
def test_a_wrong_setting_names_itself_and_the_remedy(make_martlet, args, env, words):
    server = make_martlet()
    done = server.cli("serve", *args, check=False, env=env, timeout=20)
    assert done.returncode == 1 and all(word in done.stderr for word in words), done.stderr
    assert not server.data.exists()


def test_what_kubernetes_says_of_a_service_of_our_name_is_no_setting(make_martlet):
    server = make_martlet(env={"MARTLET_SERVICE_HOST": "10.0.0.1", "MARTLET_SERVICE_PORT_HTTP": "80", "MARTLET_PORT_8080_TCP_ADDR": "10.0.0.1", "MARTLET_DEMO": "no", "MARTLET_TOKEN": "for scripts"}).start()
    assert server.health()["status"] == "ok"
    wait_until(lambda: "MARTLET_TOKEN" in server.errors(), 2, what="a word about a variable that has no effect")
    assert "MARTLET_SERVICE" not in server.errors() and "MARTLET_PORT" not in server.errors() and "for scripts" not in server.errors(), server.errors()


def test_a_file_in_place_of_the_data_folder_is_named(make_martlet):
    server = make_martlet()
    server.data.write_text("tea")
    done = server.cli("serve", "--port", "0", check=False, timeout=20)
    assert done.returncode == 1 and f"{server.data} is a file" in done.stderr and "--data" in done.stderr, done.stderr
    assert server.data.read_text() == "tea"


def test_what_cannot_be_printed_fails(martlet):
    """A full disk behind standard output: the command says so, and a token that nobody saw does not stay."""
    with open("/dev/full", "w") as full:
        for args in (["token", "create", "lost", "--scopes", "all"], ["source", "create", "Till"], ["source", "list"], ["source", "list", "--json"]):
            done = subprocess.run([str(BINARY), *args, "--data", str(martlet.data)], stdout=full, stderr=subprocess.PIPE, text=True, env=martlet.environment(), timeout=60)
            assert done.returncode == 1 and "No space left" in done.stderr, (args, done.stderr)
    assert [t for t in martlet.cli("token", "list", "--json")["tokens"] if t["name"] == "lost"] == []


def test_a_folder_of_another_user_is_said_to_be_one(make_martlet, tmp_path_factory):
    if os.getuid() != 0:
        pytest.skip("only root can be another user")
    server = make_martlet().start()
    server.create_source("Till")
    for folder in [server.home, *server.home.parents]:
        if folder != folder.parent and not os.stat(folder).st_mode & 0o001:
            os.chmod(folder, os.stat(folder).st_mode | 0o001)
    for args in (["source", "list"], ["source", "create", "x"], ["health"]):
        done = subprocess.run([str(BINARY), *args, "--data", str(server.data)], capture_output=True, text=True, env=server.environment(), cwd="/", timeout=60, user=65534, group=65534, extra_groups=[])
        assert done.returncode == 1 and "may not be read by this user" in done.stderr and "no data folder" not in done.stderr, (args, done.stderr)


def test_a_link_begins_with_the_address_that_was_told(make_martlet):
    server = make_martlet().start()
    for address in ("https://cdp.example", "https://cdp.example/", "http://127.0.0.1:81//"):
        assert server.cli("sign-in", "--address", address).stdout.startswith(address.rstrip("/") + "/sign-in/")
    for address in ("banana", "", "https://", "https:///x"):
        told = server.cli("sign-in", "--address", address, check=False)
        assert told.returncode != 0 and "--address" in told.stderr
