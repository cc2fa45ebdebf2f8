"""The demonstration with its mails, loaded once; what a test does to it is undone."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from app import clock, db, demo
from app.config import settings
from tests.demo.reading import TODAY, at_noon
from tests.fixtures.databases import Sqlite
from tests.fixtures.settings import Configure


@pytest.fixture(scope="session")
def loaded(sqlite_backend: Sqlite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration with its mails, loaded once."""
    folder = tmp_path_factory.mktemp("demo")
    url = sqlite_backend.make(migrated=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TATBIQ_DATA_DIR", str(folder))
        patch.setenv("TATBIQ_DEMO", "1")
        patch.setenv("TATBIQ_DATABASE_URL", url)
        settings.cache_clear()
        database = db.init(url)
        with clock.at(at_noon(TODAY)):
            demo.load(database, TODAY)
        database.dispose()
    settings.cache_clear()
    yield url
    sqlite_backend.drop(url)


@pytest.fixture
def record(loaded: str, configure: Configure) -> Iterator[Session]:
    """What was loaded, at noon of that day; nothing a test does to it stays."""
    configure(demo="1", database_url=loaded)
    database = db.init(loaded)
    with clock.at(at_noon(TODAY)), Session(database.writer) as session:
        yield session
    database.dispose()
