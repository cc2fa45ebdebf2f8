"""Public pages: nobody is signed in here, and every answer may be kept by caches. One line per noun."""

from app.routes import joined
from app.web.public import (
    about,
    actions,
    calendars,
    evidence_files,
    meetings,
    organisations,
    overview,
    programmes,
    qr,
    recommendations,
    record,
    themes,
)

router = joined(
    overview.router,
    programmes.router,
    meetings.router,
    recommendations.router,
    actions.router,
    evidence_files.router,
    organisations.router,
    themes.router,
    about.router,
    record.router,
    qr.router,
    calendars.router,
)
