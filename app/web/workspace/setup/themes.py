"""Themes in the set-up: list, new, rename, merge."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field, StringConstraints
from starlette.responses import RedirectResponse, Response

from app import routes, signed_in
from app.domain import shared
from app.models.recommendations import Theme
from app.queries.setup import ownership, rooms
from app.queries.setup import themes as theme_queries
from app.services.setup import themes
from app.web.forms import Fields, Form, is_looking, numbers
from app.web.page import led_to
from app.web.workspace.frame import Asked, PageRequest, Press, frame
from app.web.workspace.setup import pages

router = routes.router("/{lang}/workspace/setup")
Own = Annotated[Theme, signed_in.item(theme_queries.changeable, "slug")]


class ThemeFields(Fields):
    titles: dict[str, str] = Field(default_factory=dict)


class EditedTheme(ThemeFields):
    version: int | None = None


class ThemeMerger(Fields):
    into: int | None = None
    theme_words: Annotated[str, StringConstraints(max_length=200)] = ""
    is_meant: bool = False


@router.get("/themes")
def listed(asked: Asked, after: Annotated[str, Query()] = "") -> Response:
    rows, more = pages.cut(theme_queries.listed(asked.session, asked.viewer, pages.after(after)), "slug")
    return frame(asked, "workspace/setup/themes.html", rows=rows, more=more, is_start=not after)


@router.get("/new-theme")
def new(asked: Asked) -> Response:
    rooms.require(asked.viewer)
    return _page(asked, None, Form())


@router.post("/themes")
def create(press: Press, _may: pages.SettingUp) -> Response:
    def verb(sent: ThemeFields) -> str:
        made = themes.create(*press.by, titles=sent.titles)
        return led_to(f"/{press.lang}/workspace/setup/themes/{made.slug}", said="added")

    return press.attempt(ThemeFields, verb, lambda form: _page(press, None, form))


@router.get("/themes/{slug}")
def show(asked: Asked, slug: str) -> Response:
    theme = theme_queries.get(asked.session, asked.viewer, slug)
    if theme.slug != slug:
        return RedirectResponse(f"/{asked.lang}/workspace/setup/themes/{theme.slug}", 308)
    return _page(asked, theme, Form())


@router.post("/themes/{slug}")
def edit(press: Press, theme: Own) -> Response:
    def verb(sent: EditedTheme) -> str:
        themes.edit(*press.by, theme, titles=sent.titles, version=sent.version)
        return led_to(f"/{press.lang}/workspace/setup/themes/{theme.slug}", said="saved")

    return press.attempt(EditedTheme, verb, lambda form: _page(press, theme, form))


@router.post("/themes/{slug}/merger")
def merge(press: Press, theme: Own) -> Response:
    def verb(sent: ThemeMerger) -> str:
        kept = press.session.get(Theme, sent.into) if sent.into else None
        themes.merge(*press.by, theme, kept, is_meant=sent.is_meant)
        return led_to(f"/{press.lang}/workspace/setup/themes/{kept.slug if kept else ''}", said="merged")

    form = Form.read(ThemeMerger, press.typed, at="merge-")
    if is_looking(press.typed):
        form.unread()
    return form.carry_out(press.session, verb, lambda form: _page(press, theme, Form(), form))


def _page(asked: PageRequest, theme: Theme | None, form: Form[Any], merger: Form[Any] | None = None) -> Response:
    merger = merger or Form(at="merge-")
    chosen = numbers(merger.values.get("into", ""))
    others = theme_queries.offered(asked.session, merger.values.get("theme_words", ""), chosen)
    may_change = not theme or shared.may_change(asked.viewer, ownership.on_theme(asked.session, theme))
    return frame(
        asked,
        "workspace/setup/theme.html",
        status=max(form.status, merger.status),
        theme=theme,
        form=form,
        merger=merger,
        others=others,
        carried=theme_queries.carried(asked.session, theme.id) if theme else (0, False),
        may_change=may_change,  # who may not does not learn how many carry it: they may be another programme's
    )
