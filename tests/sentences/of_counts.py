"""Headlines, what stands beside them, bars, organisations."""

from app.domain.messages import Message
from app.domain.sentences import progress
from tests.sentences.table import COUNTS, Rows, situations


def _headline(done: int, total: int, overdue: int = 0, *, is_planned: bool = True) -> Message:
    return progress.headline(implemented=done, denominator=total, overdue=overdue, is_planned=is_planned)


@situations("The headline of some recommendations")
def headlines() -> Rows:
    yield (
        "day one: nothing published counts",
        _headline(0, 0, is_planned=False),
        ("Nothing is there to implement yet; no action is planned yet."),
    )
    yield (
        "one recommendation, nothing planned",
        _headline(0, 1, is_planned=False),
        ("The only recommendation is not implemented yet; no action is planned yet."),
    )
    yield (
        "none of several, nothing late",
        _headline(0, 27),
        ("None of 27 recommendations is implemented yet; no action is overdue."),
    )
    yield "none of two", _headline(0, 2, 1), "Neither recommendation is implemented yet; 1 action is overdue."
    yield "one of two", _headline(1, 2, 2), "1 of 2 recommendations is implemented; 2 actions are overdue."
    yield "one of many", _headline(1, 27, 1), "1 of 27 recommendations is implemented; 1 action is overdue."
    yield "two of nine", _headline(2, 9, 3), "2 of 9 recommendations are implemented; 3 actions are overdue."
    yield "four of many", _headline(4, 27, 6), "4 of 27 recommendations are implemented; 6 actions are overdue."
    yield (
        "many of very many",
        _headline(11, 100, 11),
        "11 of 100 recommendations are implemented; 11 actions are overdue.",
    )
    yield (
        "thousands",
        _headline(1200, 10_000, 100),
        ("1,200 of 10,000 recommendations are implemented; 100 actions are overdue."),
    )
    yield "the only one", _headline(1, 1), "The only recommendation is implemented; no action is overdue."
    yield "all of two", _headline(2, 2), "Both recommendations are implemented; no action is overdue."
    yield "all of several", _headline(5, 5), "All 5 recommendations are implemented; no action is overdue."


@situations("What stands beside the headline")
def beside() -> Rows:
    yield "nothing to implement", progress.beside(share=None, partial=0, disputed=0, outside=0), ""
    yield (
        "nothing but the rate",
        progress.beside(share=0.0, partial=0, disputed=0, outside=0),
        "Implementation rate: 0%.",
    )
    for count in COUNTS[1:]:
        noun, be, was = ("recommendation", "is", "was") if count == 1 else ("recommendations", "are", "were")
        yield (
            f"{count} of each",
            progress.beside(share=0.148, partial=count, disputed=count, outside=count),
            (
                f"Implementation rate: 15%. {count} more {noun} {be} partially implemented. {count} more {noun} {was} "
                f"verified, but {be} disputed and not counted. {count} {noun} {be} not counted: not accepted, "
                "referred, merged or no longer applicable."
            ),
        )


@situations("How many actions of a recommendation are verified")
def verified() -> Rows:
    yield "no action", progress.verified_of(0, 0), "No action yet"
    yield "one, not verified", progress.verified_of(0, 1), "Its only action is not verified yet"
    yield "one, verified", progress.verified_of(1, 1), "Its only action is verified"
    yield "none of two", progress.verified_of(0, 2), "Neither of its actions is verified yet"
    yield "one of two", progress.verified_of(1, 2), "1 of its 2 actions is verified"
    yield "both", progress.verified_of(2, 2), "Both its actions are verified"
    yield "two of three", progress.verified_of(2, 3), "2 of its 3 actions are verified"
    yield "none of several", progress.verified_of(0, 4), "None of its 4 actions is verified yet"
    yield "three of eleven", progress.verified_of(3, 11), "3 of its 11 actions are verified"
    yield "all of eleven", progress.verified_of(11, 11), "All its 11 actions are verified"
    yield "a hundred", progress.verified_of(11, 100), "11 of its 100 actions are verified"


@situations("What a bar shows")
def bars() -> Rows:
    plain = {"verified": 0, "under_way": 0, "not_begun": 1, "set_aside": 0, "late": 0}
    yield (
        "one recommendation that waits",
        progress.bar(progress.recommendations(1), **plain),
        ("1 recommendation: verified 0, under way 0, not begun 1."),
    )
    yield "everything at once", progress.bar(
        progress.recommendations(31),
        verified=5, under_way=14, not_begun=7, set_aside=2, late=6, disputed=1, outside=3,
    ), (
        "31 recommendations: verified 5, under way 14, not begun 7. Overdue, of those under way: 6. Disputed, of those "
        "verified: 1. Set aside: 2. Not drawn, because referred, merged or no longer applicable: 3."
    )  # fmt: skip
    for count in COUNTS[1:]:
        actions = progress.actions(count)
        yield (
            f"actions: {count}, all late",
            progress.bar(actions, verified=0, under_way=count, not_begun=0, set_aside=0, late=count),
            (
                f"{count} {'action' if count == 1 else 'actions'}: verified 0, under way {count}, not begun 0. "
                f"Overdue, of those under way: {count}."
            ),
        )


@situations("What an organisation leads and supports")
def organisations() -> Rows:
    def said(leads: int, verified: int = 0, overdue: int = 0, supports: int = 0) -> list[Message]:
        return progress.organisation(leads=leads, verified=verified, overdue=overdue, supports=supports)

    yield "only ever answered", said(0), "It leads and supports no public action."
    yield "leads one", said(1), "Leads 1 action, 0 verified; no action is overdue."
    yield "leads two", said(2, 1, 1), "Leads 2 actions, 1 verified; 1 action is overdue."
    yield "leads few, late", said(3, 2, 1), "Leads 3 actions, 2 verified; 1 action is overdue."
    yield (
        "leads many",
        said(11, 3, 2, 1),
        ("Leads 11 actions, 3 verified; 2 actions are overdue. Supports 1 action that others lead."),
    )
    for count in COUNTS[2:]:
        yield f"supports {count}", said(0, supports=count), f"Supports {count} actions that others lead."
