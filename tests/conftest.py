"""Which tests run on what, and what they may ask for: each fixture stands in its file of fixtures/."""

import pytest

pytest_plugins = [
    "tests.fixtures.settings",
    "tests.fixtures.databases",
    "tests.fixtures.pages",
    "tests.fixtures.mail",
    "tests.fixtures.servers",
    "tests.fixtures.browsers",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses a database runs on both, unless it is marked `sqlite_only`."""
    if "backend" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("sqlite_only")
        metafunc.parametrize("backend", ["sqlite"] if alone else ["sqlite", "postgresql"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With two workers each takes a file at a time."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        fixtures = getattr(item, "fixturenames", ())
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if "start_server" in fixtures or "live_server" in fixtures:
            item.add_marker(pytest.mark.slow)
