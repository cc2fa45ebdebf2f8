"""Measures in the form that Prometheus reads; what they measure is said where they are taken."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

Samples = Sequence[tuple[tuple[str, ...], float]]
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metric(NamedTuple):
    """`samples`: the values of the labels, and the number; a counter's name ends in _total."""

    name: str
    told: str
    samples: Samples
    labels: tuple[str, ...] = ()
    is_counter: bool = False


class Durations(NamedTuple):
    """A histogram: (upper bound in seconds, how many in all below it), how many seconds together."""

    name: str
    told: str
    buckets: Sequence[tuple[str, float]]
    seconds: float
    labels: tuple[tuple[str, str], ...] = ()


def one(name: str, told: str, number: float) -> Metric:
    return Metric(name, told, [((), number)])


def exposed(measures: Iterable[Metric | Durations]) -> bytes:
    """The text of all of them and of the process's own."""
    client = import_module("prometheus_client")
    registry = client.CollectorRegistry()
    registry.register(_Taken([_family(measure) for measure in measures]))
    client.ProcessCollector(registry=registry)
    text: bytes = client.generate_latest(registry)
    return text


class _Taken:
    def __init__(self, families: list[Any]) -> None:
        self._families = families

    def collect(self) -> list[Any]:
        return self._families


def _family(measure: Metric | Durations) -> Any:
    core = import_module("prometheus_client.core")
    if isinstance(measure, Durations):
        made = core.HistogramMetricFamily(measure.name, measure.told, labels=[name for name, _ in measure.labels])
        made.add_metric(
            [value for _, value in measure.labels], buckets=list(measure.buckets), sum_value=measure.seconds
        )
        return made
    kind = core.CounterMetricFamily if measure.is_counter else core.GaugeMetricFamily
    family = kind(
        measure.name.removesuffix("_total") if measure.is_counter else measure.name, measure.told, labels=measure.labels
    )
    for values, number in measure.samples:
        family.add_metric(list(values), number)
    return family
