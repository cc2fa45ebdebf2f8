"""What an indicator says: its last value against its target."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.messages import Message

AWAITED = Message("This indicator waits for its value.")


@dataclass(frozen=True, slots=True)
class Gauge:
    """The figures of an indicator that its sentence is made of."""

    target: Decimal
    target_on: date
    baseline: Decimal | None = None
    last: Decimal | None = None
    last_on: date | None = None

    @property
    def is_reached(self) -> bool:
        """Upwards, unless it began above its target."""
        if self.last is None:
            return False
        is_down = self.baseline is not None and self.baseline > self.target
        return self.last <= self.target if is_down else self.last >= self.target


def says(gauge: Gauge, today: date) -> Message:
    target = {"target": gauge.target, "until": gauge.target_on}
    if gauge.last is None:
        return Message("No value yet; the target is %(target)s by %(until)s.", **target)
    value = {"value": gauge.last, "day": gauge.last_on}
    if gauge.is_reached:
        return Message("%(value)s on %(day)s: the target of %(target)s is reached.", **value, target=gauge.target)
    if gauge.target_on < today:
        return Message("%(value)s on %(day)s; the target was %(target)s by %(until)s.", **value, **target)
    return Message("%(value)s on %(day)s; the target is %(target)s by %(until)s.", **value, **target)
