"""What a search is about: kinds of things, their places in the order of time, and the tokens beside the words."""

import datetime as dt
from enum import StrEnum

from app.domain.references import Reference


class SearchKind(StrEnum):
    MEETING = "meeting"
    RECOMMENDATION = "recommendation"
    ACTION = "action"
    SAID = "said"  # the words of an update for the public, released or not yet
    NOTE = "note"  # the internal note of an act
    BRIEF = "brief"  # the internal description of an action
    ORGANISATION = "organisation"
    POST = "post"
    QUESTION = "question"  # or an answer to one; internal
    INDICATOR = "indicator"


# Those with a title: the others are words alone.
TITLED = frozenset(
    {
        SearchKind.MEETING,
        SearchKind.RECOMMENDATION,
        SearchKind.ACTION,
        SearchKind.ORGANISATION,
        SearchKind.POST,
        SearchKind.INDICATOR,
    }
)
_PLACES = tuple(SearchKind)
_SUBJECTS = 31  # bits of an id, the highest of which is free: no table has a thousand million rows
_OTHER_KINDS = 1 << _SUBJECTS - 1  # set for those kinds that came after the first eight
SHARED = "x"  # may be found by whoever sets up


def place(kind: SearchKind, at: dt.datetime, subject_id: int) -> int:
    """The id of a document: by the minute, then the kind, then what it is; below 2**63 for some centuries."""
    minutes = int(at.timestamp()) // 60
    later, number = divmod(_PLACES.index(kind), 8)
    return (minutes << 3 | number) << _SUBJECTS | later * _OTHER_KINDS | subject_id


def of_title(stem: str) -> str:
    return f"t_{stem}"


def of_reference(reference: Reference) -> str:
    return f"r_{_joined(reference)}"


def under(recommendation: Reference) -> str:
    """For its actions."""
    return f"u_{_joined(recommendation)}"


def _joined(reference: Reference) -> str:
    return str(reference).lower().replace("-", "_").replace(".", "_")


def of_kind(kind: SearchKind) -> str:
    return f"k_{kind}"


def of_year(year: int) -> str:
    return f"y_{year}"


def of_state(state: str) -> str:
    return f"s_{state}"


def led_by(organisation_id: int) -> str:
    return f"l_{organisation_id}"


def of_theme(theme_id: int) -> str:
    return f"h_{theme_id}"


def in_programme(programme_id: int) -> str:
    """Whose programme it is, for narrowing; it gives nobody a right."""
    return f"g_{programme_id}"


def readers(programme_id: int) -> str:
    """For all who read the programme; 0: every programme."""
    return f"p_{programme_id}"


def note_readers(programme_id: int) -> str:
    """For those of them who read internal notes."""
    return f"n_{programme_id}"


def holders(post_id: int) -> str:
    return f"o_{post_id}"


def managers(organisation_id: int) -> str:
    return f"b_{organisation_id}"


def observers(region: str) -> str:
    """For those who observe one region."""
    return f"a_{region.lower().replace('-', '_')}"


def everybody(programme_id: int) -> str:
    """Public as soon as the programme is."""
    return f"q_{programme_id}"
