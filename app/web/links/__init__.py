"""Pages whose key is in the path: no session, no script, nothing kept."""

from app.routes import joined
from app.web.links import calendar, milestone, off, question, receipts, reply, update, voice

router = joined(
    update.router,
    milestone.router,
    receipts.router,
    question.router,
    reply.router,
    voice.router,
    off.router,
    calendar.router,
)
