"""The themes of a recommendation, the main one first."""

from sqlmodel import Session, col, select

from app.domain import permissions
from app.domain.errors import NotFound, Refused
from app.domain.messages import N_
from app.models.recommendations import Recommendation, RecommendationTheme
from app.services.kernel import audit, searches
from app.services.kernel.audit import Actor
from app.services.setup import themes

MOST = 8


def set_themes(session: Session, actor: Actor, recommendation: Recommendation, theme_ids: list[int]) -> None:
    """In this order, instead of those that it had."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    wanted = list(dict.fromkeys(theme_ids))
    if len(wanted) > MOST:
        raise Refused(N_("Choose at most %(most)s themes"), "others", most=MOST)
    try:
        themes.hold(session, wanted)
    except NotFound:
        raise Refused(N_("Choose a theme of the list"), "main") from None
    mine = select(RecommendationTheme).where(col(RecommendationTheme.recommendation_id) == recommendation.id)
    former = {row.theme_id: row for row in session.exec(mine)}
    for theme_id in former.keys() - set(wanted):
        session.delete(former[theme_id])
    for position, theme_id in enumerate(wanted):
        row = former.get(theme_id) or RecommendationTheme(recommendation_id=recommendation.id, theme_id=theme_id)
        row.position = position
        session.add(row)
    session.flush()
    searches.note_recommendations(session, [recommendation.id])
    programme_id = recommendation.programme_id
    audit.record(session, actor, "themes", "recommendation", recommendation.id, programme_id, theme_ids=wanted)
