"""Fixtures of the system tests. MARTLET_BIN names the binary (default: the release build), MARTLET_SOAK=1 asks for the long forms."""
import pytest

from console_client import Reader
from harness import BINARY, Martlet


def pytest_configure(config):
    config.addinivalue_line("markers", "soak: takes minutes; runs under MARTLET_SOAK=1 only")


def pytest_sessionstart(session):
    if not BINARY.exists():
        pytest.exit(f"There is no binary at {BINARY}: build one with `swift build -c release`, or name one in MARTLET_BIN.", 2)


def pytest_collection_modifyitems(items):
    from harness import SOAK

    for item in items:
        if item.get_closest_marker("soak") and not SOAK:
            item.add_marker(pytest.mark.skip(reason="takes minutes: set MARTLET_SOAK=1"))


@pytest.fixture
def make_martlet():
    """Makes servers, not yet started, that are killed and removed at the end of the test."""
    made = []

    def make(*args, **options):
        server = Martlet(*args, **options)
        made.append(server)
        return server

    yield make
    for server in made:
        server.close()


@pytest.fixture
def martlet(make_martlet):
    """A running server with an empty folder."""
    return make_martlet().start()


@pytest.fixture(scope="module")
def shared():
    """A running server for all tests of a file that leave it as they found it; each test uses names of its own."""
    server = Martlet().start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def shop():
    """A server with a password and someone signed in; tests use names of their own."""
    server = Martlet().start()
    server.reader = Reader(server).set_password()
    yield server
    server.close()


@pytest.fixture
def ada(shop):
    """Who is signed in at the console."""
    return shop.reader
