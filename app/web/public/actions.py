"""An action: who owes what by when, first and present deadline, and what was said of it."""

import datetime as dt

from fastapi import Request
from starlette.responses import Response

from app import routes
from app.deps import Lang, Reading
from app.domain import places, references
from app.domain.sentences import findings, next_steps, standing
from app.queries.followup import support_rows
from app.queries.mailing import word_candidates
from app.queries.public import story, story_context, story_entries
from app.queries.scope import cursors
from app.web import charts, support_sentences
from app.web.cacheable import READ, moved, public_page
from app.web.page import local_today

router = routes.router()
_HALF_A_YEAR = dt.timedelta(weeks=27)


@router.api_route("/{lang}/actions/{ref}", methods=READ)
def action(request: Request, lang: Lang, ref: str, session: Reading, before: str = "") -> Response:
    if (known := references.canonical(ref)) != ref:
        return moved(request, f"/{lang}/actions/{known}")
    item, today = story.action(session, known), local_today()
    acts = story_entries.newest(session, action_id=item.row.id, before=cursors.moment(before))
    heard = story_entries.words_heard(session, item.row.id, today - _HALF_A_YEAR)
    situation = story.situation_of(item.row, item.verified_at)
    around, word = story_context.of_action(session, item.row.id), word_candidates.of_action(session, item.row.id)
    supports = support_rows.of(session, [item.row.id])[item.row.id]
    return public_page(
        request,
        "public/action.html",
        lang,
        [places.of("recommendation", item.row.recommendation_id)],
        item=item,
        lead=[*standing.of_action(situation, today), *(word.silence(today) if word else [])],
        supports=supports,
        parts_say=support_sentences.of(item.row, supports, today),
        strip=charts.of_deadlines([item.row], today),
        silence=charts.of_silence(item.row, heard, today),
        silence_says=findings.silence(situation.last_word_on, situation.assigned_on, today),
        entries=story_entries.folded(story_entries.page(acts), {item.row.ref: item.row.due_on}),
        earlier=story_entries.earlier(acts),
        is_newest=not before,
        evidence=around.evidence,
        served=around.served,
        coming=next_steps.of_actions([situation], today),
    )
