"""What was measured, as lines that a terminal of 100 columns shows."""

from benchmarks import memory
from benchmarks.growth import STEP, WHOLE, Growth
from benchmarks.mails import Rates
from benchmarks.planning import IDLE_AIM, MONDAY_AIM, Planning
from benchmarks.rounds import Pair, Side
from benchmarks.writers import AIM, Waiting

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
    """Mails a second, beside two loops with the same digests in the same run; processor for each."""
    of_plain, of_pushed = rates.digests / rates.plain, rates.digests / rates.pushed
    return [
        f"{'digests':<20} {rates.digests:>9.0f} a second, {rates.ours_ms:.2f} ms of CPU a mail, planned apart",
        f"{'(b) a plain loop':<20} {rates.plain:>9.0f} a second, {rates.plain_ms:.2f} ms: {of_plain:.2f} ×   aim ≥ 2 ×",
        f"{'(a) bytes pushed':<20} {rates.pushed:>9.0f} a second: {of_pushed:.2f} ×   aim ≥ 0.4 ×",
        f"{'reminders':<20} {rates.reminders:>9.0f} a second   aim ≥ 300",
        f"{'the relay':<20} {rates.sink_ms:>9.2f} ms of CPU a digest, on the same cores",
        f"{'more memory':<20} {rates.megabytes:>9.1f} MB in the process that dispatches",
    ]


def planning(found: list[Planning]) -> list[str]:
    """A pass over a hundred thousand open actions of three thousand people, beside closed ones."""
    return [line for one in found for line in _planned(one)]


def _planned(one: Planning) -> list[str]:
    beside = [f"beside {one.closed} closed actions:"] if one.closed else []
    return [
        *beside,
        figure("a Monday planned", one.monday, "s of CPU", MONDAY_AIM),
        figure("nothing due", one.idle, "s of CPU", IDLE_AIM),
        figure("... nor remembered", one.forgotten, "s of CPU"),
    ]


def mixes(found: list[memory.Row]) -> list[str]:
    """What a read costs while something is written each second, beside the same with nothing written."""
    return [_mixed(row) for row in found]


def _mixed(row: memory.Row) -> str:
    missed = "" if row.ratio <= memory.AIM else "   missed"
    at_rest = f"at rest {row.quiet:.3f}: {row.ratio:.2f} ×"
    return f"{row.name:<42}{row.written:>8.3f} ms a read, {at_rest}   aim ≤ {memory.AIM:g}{missed}"


def figure(name: str, value: float, unit: str, aim: float | None = None) -> str:
    """One figure, beside what it should be."""
    line = f"{name:<20} {value:>9.2f} {unit}"
    return f"{line:<45} aim ≤ {aim:g}{'' if value <= aim else '   missed'}" if aim else line


def waiting(found: Waiting) -> str:
    """The 95th of a hundred writers."""
    aim = f"   aim ≤ {AIM:g}{'' if found.ours <= AIM else '   missed'}" if found.writers > 1 else ""
    return f"p95, {found.writers} writing       {found.ours:>9.1f} ms, bare {found.bare:.1f}{aim}"


def growth(found: list[Growth], sizes: list[int]) -> list[str]:
    """Every page: milliseconds of CPU at each size, and how much the last is of the first."""
    head = f"{'CPU ms a page':<24}" + "".join(f"{size:>10}" for size in sizes) + "    growth    aim    kB from    to"
    return [head, *(_grown(page, sizes) for page in found)]


def _grown(page: Growth, sizes: list[int]) -> str:
    spent = [page.spent[size] for size in sizes]
    ratio, aim = spent[-1] / spent[0], STEP if sizes[-1] <= 10 * sizes[0] else WHOLE
    missed = "   missed" if len(sizes) > 1 and ratio > aim else ""
    values = "".join(f"{value:>10.2f}" for value in spent)
    heavy = f"{page.kilobytes[sizes[0]]:>9.1f}{page.kilobytes[sizes[-1]]:>8.1f}"
    return f"{page.name:<24}{values}{ratio:>9.2f}  ≤ {aim:g}{heavy}{missed}"
