"""What was measured, as lines that a terminal of 100 columns shows."""

from benchmarks.mails import Rates
from benchmarks.rounds import Pair, Side

_HEAD = "CPU ms a request          ours    bare   ratio    aim   requests/s (2 at once)  p50 and p95 ms       kB"
_LINE = "{:<20} {:>9.2f} {:>7.2f} {:>7.2f} {:>6} {:>11.0f} {:>11.0f} {:>9.2f} {:>6.2f} {:>6.1f} {:>5.1f}"


def lines(pairs: list[Pair]) -> list[str]:
    """One line a case; where there are two figures, the bare side's is the second."""
    return [_HEAD, *(_line(pair) for pair in pairs)]


def _line(pair: Pair) -> str:
    ours, bare = pair.ours, pair.bare
    return _LINE.format(
        pair.case.name, ours.milliseconds, bare.milliseconds, pair.ratio, _aim(pair), ours.rate, bare.rate,
        ours.percentile(0.5), ours.percentile(0.95), _kilobytes(ours), _kilobytes(bare),
    )  # fmt: skip


def _aim(pair: Pair) -> str:
    return f"≤ {pair.case.aim:g}" if pair.case.aim else "–"


def _kilobytes(side: Side) -> float:
    return side.bytes / 1000


def mails(rates: Rates) -> list[str]:
    """Mails a second, beside the plain loop that writes the same digests in the same run."""
    ratio = rates.digests / rates.plain
    return [
        f"{'digests':<20} {rates.digests:>9.0f} a second   aim ≥ 300",
        f"{'the plain loop':<20} {rates.plain:>9.0f} a second: {ratio:.2f} ×   aim ≥ 2 ×",
        f"{'reminders':<20} {rates.reminders:>9.0f} a second   aim ≥ 300",
    ]


def figure(name: str, value: float, unit: str, aim: float | None = None) -> str:
    """One figure, beside what it should be."""
    line = f"{name:<20} {value:>9.2f} {unit}"
    return f"{line:<45} aim ≤ {aim:g}{'' if value <= aim else '   missed'}" if aim else line
