"""A report taken in as a secretariat would: read by the rules, reviewed row by row, accepted or dropped."""

from typing import Any

from sqlmodel import Session

from app.intake.sentences import snap_to_words
from app.models.intake import Proposal, ProposalState
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, TranslationFlag
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.intake import excerpts, reports, reviews
from app.services.kernel.audit import Actor
from app.services.meetings import recommendation_themes, recommendations

LANG = "ar"


def review(
    session: Session, actor: Actor, meeting: Meeting, story: dict[str, Any], themes: dict[str, int]
) -> dict[str, Recommendation]:
    """The recommendations of a meeting by their keys; a row that no line of the story decides stays to be reviewed."""
    text = story["meeting"]["report"]
    report = reports.add(session, actor, meeting, text=text, lang=LANG)
    desk = Review(meeting, report)
    if story["meeting"]["report_public"]:
        reports.open_text(session, actor, desk, is_public=True)
    made = {}
    for item in sorted(story["recommendation"], key=lambda item: report.text.index(item["source"])):
        made[item["key"]] = _accept(session, actor, desk, item)
        _dress(session, actor, made[item["key"]], item, themes)
    for item in story.get("dropped", ()):
        reviews.drop(session, actor, desk, _row(session, actor, desk, item["source"]).id, reason=item["reason"])
    return made


def _accept(session: Session, actor: Actor, desk: Review, item: dict[str, Any]) -> Recommendation:
    row = _row(session, actor, desk, item["source"])
    done_when = item.get("done_when", "")
    return reviews.accept(session, actor, desk, row.id, titles=item["titles"], done_when=done_when)


def _row(session: Session, actor: Actor, desk: Review, words: str) -> Proposal:
    """What the rules found at these words, else the words marked by hand."""
    start = desk.report.text.index(words)
    whole = snap_to_words(desk.report.text, start, start + len(words))
    rows = intake.proposals(session, desk.report)
    found = (
        row for row in rows if row.state is ProposalState.PROPOSED and intake.places(row) == ((whole.start, whole.end),)
    )
    return next(found, None) or excerpts.add(session, actor, desk, words=words)


def _dress(session: Session, actor: Actor, made: Recommendation, item: dict[str, Any], themes: dict[str, int]) -> None:
    """Themes and priority, and which translations are the administration's own."""
    recommendation_themes.set_themes(session, actor, made, [themes[key] for key in item["themes"]])
    changes: dict[str, Any] = {}
    if item.get("priority"):
        changes["is_priority"] = True
    if official := item.get("official"):
        changes["titles"] = made.titles
        changes["title_flags"] = dict.fromkeys(official, TranslationFlag.OFFICIAL)
    if changes:
        recommendations.edit(session, actor, made, **changes)
