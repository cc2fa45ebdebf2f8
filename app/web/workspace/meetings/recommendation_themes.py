"""The themes of one recommendation, chosen from a list."""

from typing import Annotated, Any

from pydantic import StringConstraints
from starlette.responses import Response

from app import routes, signed_in
from app.models.recommendations import Recommendation
from app.queries.meetings import recommendations as recommendation_queries
from app.queries.setup import themes
from app.services.meetings import recommendation_themes
from app.web.forms import Fields, Form, is_looking, numbers
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame

router = routes.router("/{lang}/workspace/recommendations/{ref}/themes")
Own = Annotated[Recommendation, signed_in.item(recommendation_queries.own, "ref")]


class ThemesFields(Fields):
    main: int | None = None
    others: tuple[int, ...] = ()
    theme_words: Annotated[str, StringConstraints(max_length=200)] = ""


@router.get("")
def themes_page(asked: Asked, ref: str) -> Response:
    return _page(asked, recommendation_queries.own(asked.session, asked.viewer, ref), Form())


@router.post("")
def choose(press: Press, item: Own) -> Response:
    def verb(sent: ThemesFields) -> str:
        wanted = [*([sent.main] if sent.main else []), *sent.others]
        recommendation_themes.set_themes(*press.by, item, wanted)
        return led_to(f"/{press.lang}/workspace/recommendations/{item.ref}", said="saved")

    form = Form.read(ThemesFields, press.typed)
    if is_looking(press.typed):
        form.unread()
    return form.carry_out(press.session, verb, lambda form: _page(press, item, form))


def _page(asked: PageRequest, item: Recommendation, form: Form[Any]) -> Response:
    own = themes.of_recommendation(asked.session, item.id)
    typed = numbers(form.values.get("main", ""), *form.lists.get("others", ()))
    chosen = typed if form.values else [row.id for row in own]
    return frame(
        asked,
        "workspace/meetings/recommendation/themes.html",
        status=form.status,
        item=item,
        form=form,
        own=own,
        chosen=chosen,
        offered=themes.offered(asked.session, form.values.get("theme_words", ""), chosen),
    )
