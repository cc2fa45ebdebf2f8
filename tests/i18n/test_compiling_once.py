"""A template is compiled once, however many threads are the first to ask for it."""

import threading
import time

import pytest
from jinja2 import DictLoader

from app.i18n.spoken import SpokenEnvironment


def test_threads_that_ask_first_at_once_wait_for_one_compilation(monkeypatch: pytest.MonkeyPatch) -> None:
    made = SpokenEnvironment(loader=DictLoader({"page": "{{ word }}"}), extensions=["jinja2.ext.i18n"])
    compiled: list[str | None] = []
    usual = SpokenEnvironment._generate

    def slow(self: SpokenEnvironment, source: object, name: str | None, *args: object, **options: object) -> str:
        compiled.append(name)
        time.sleep(0.05)
        return usual(self, source, name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(SpokenEnvironment, "_generate", slow)
    ready, said = threading.Barrier(20, timeout=10), list[str]()

    def ask() -> None:
        ready.wait()
        said.append(made.get_template("page").render(word="نعم"))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert (said, compiled) == (["نعم"] * 20, ["page"])
