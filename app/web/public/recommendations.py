"""A recommendation: its story, from the sentence of the report to what comes next."""

import datetime as dt

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import places, references
from app.domain.progress import Status
from app.domain.sentences import links
from app.domain.sentences import standing as sentences
from app.queries.followup import indicators, support_rows
from app.queries.followup.actions import ActionRow
from app.queries.meetings import recommendations
from app.queries.public import story, story_context, story_entries, taken_back
from app.queries.public.story import RecommendationHead
from app.queries.public.story_context import Beside
from app.queries.scope import cursors
from app.web import charts, support_sentences, trends
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()
_PLANNABLE = (Status.AWAITING_RESPONSE, Status.ACCEPTED_NO_ACTION)


@router.api_route("/{lang}/recommendations/{ref}", methods=READ)
def recommendation(request: Request, lang: Lang, ref: str, session: Reading, before: str = "") -> Response:
    if (known := references.canonical(ref)) != ref:
        return moved(request, f"/{lang}/recommendations/{known}")
    head, today = story.recommendation(session, known), local_today()
    owned = story.actions_of(session, head.id)
    rows = [item.row for item in owned]
    found = [story.situation_of(item.row, item.verified_at) for item in owned]
    acts = story_entries.newest(session, recommendation_id=head.id, before=cursors.moment(before))
    around = story_context.of_recommendation(session, head.id)
    return public_page(
        request,
        "public/recommendation.html",
        lang,
        [places.of("recommendation", head.id)],
        item=head,
        lead=sentences.of_recommendation(found, today, may_be_planned=head.status in _PLANNABLE),
        standing=recommendations.standing(head.status, head.since, rows, today),
        actions=owned,
        **_supported(session, rows, today),
        strip=charts.of_deadlines(rows, today),
        entries=story_entries.folded(story_entries.page(acts), {row.ref: row.due_on for row in rows}),
        earlier=story_entries.earlier(acts),
        is_newest=not before,
        evidence=around.evidence,
        themes=around.themes,
        taken_back=[] if before else taken_back.of(session, head.id),
        indicators=trends.of(indicators.public_of_recommendation(session, head.id), today),
        **_tied(head, around),
        coming=story.next_of_recommendation(head.status, head.since, found, today),
    )


def _tied(head: RecommendationHead, around: Beside) -> dict[str, object]:
    """What ties it to others: actions of theirs that serve it, too, and the same recommendation of other meetings."""
    linked = [(links.at_other_meeting(head.held_on, other.held_on), other) for other in around.linked]
    return {"served": around.served, "linked": linked}


def _supported(session: Session, rows: list[ActionRow], today: dt.date) -> dict[str, object]:
    """Who supports its actions, and what has to be said of the parts beside each."""
    supports = support_rows.of(session, [row.id for row in rows])
    says = {row.id: support_sentences.of(row, supports[row.id], today) for row in rows}
    return {"supports": supports, "parts_say": says}
