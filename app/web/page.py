"""From a handler's facts to an answer: the context that every page shares, and the redirect after a POST."""

import datetime as dt
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import clock
from app.config import settings
from app.domain.messages import N_, Message
from app.rendering import render

FLASHES = {
    "saved": N_("Saved."),
    "published": N_("Published: the public pages show it now."),
    "withdrawn": N_("Withdrawn: it is on no public page any more."),
    "assigned": N_("Assigned: the holder of the post gets a mail."),
    "recorded": N_("Recorded."),
    "changed_together": N_("Changed: each has its own entry, and whoever is concerned gets one mail."),
    "added": N_("Added."),
    "next_organisation": N_("Added. Next: a body that will lead actions, with its first post."),
    "next_post": N_("Added. Next: a post, since actions belong to posts."),
    "next_holder": N_("Added. Next: who holds the post and gets its mails."),
    "next_meeting": N_("Added. Next: the first meeting."),
    "next_report": N_("Added. Next: its report, which the recommendations are taken from."),
    "accepted": N_("Accepted: it has its permanent reference."),
    "dropped": N_("Dropped: it can be restored."),
    "restored": N_("Restored."),
    "split": N_("Split."),
    "merged": N_("Merged."),
    "undone_edit": N_("The correction is undone."),
    "undone_drop": N_("The dropping is undone: the proposal is to be decided again."),
    "undone_restore": N_("The restoring is undone: the proposal is dropped again."),
    "undone_add": N_("The adding is undone: the proposal is gone."),
    "undone_merge": N_("The merging is undone: each proposal stands for itself again."),
    "undone_split": N_("The splitting is undone: it is one proposal again."),
    "sent": N_("Sent."),
    "queued": N_("In the queue: it leaves within a minute."),
    "seen": N_("Noted: it alarms nobody any more, and stays in the list until it is closed."),
    "mail_closed": N_("Closed: it is not sent any more."),
    "signed_out": N_("You are signed out."),
    "handed_over": N_("Handed over: the new holder gets what is open, the former one's links are dead."),
    "change_planned": N_("Planned: nothing moves before that day, and it can be taken back until then."),
    "acting_named": N_("Named: whoever acts gets a mail."),
    "invited": N_("The invitation goes out by mail. It stands here until it is accepted or withdrawn."),
    "taken_in": N_("All of it is entered."),
    "taken_back": N_("Taken back."),
    "undone": N_("Undone: it is as if you had not answered."),
    "corrected": N_("Corrected: the earlier words are in the record alone."),
    "granted": N_("The role is given."),
    "revoked": N_("The role is taken back."),
    "disabled": N_("Access is disabled: open sessions and mailed links ended at once."),
    "calendar_made": N_("Your calendar has an address. It is shown below, this once: copy it now."),
    "calendar_revoked": N_("The address of your calendar opens nothing any more."),
    "reworded": N_("Saved: the next mail that is written says it so."),
    "enabled": N_("Access is enabled again."),
    "discarded": N_("Thrown away. Nothing was recorded."),
    "address_cleared": N_("What came back from this address is forgotten."),
}


def page(request: Request, template: str, lang: str, *, status: int = 200, **context: object) -> Response:
    """The template with what every page needs: address, language switch, today, what was just said."""
    html = render(
        template,
        lang,
        path=_path(request, lang),
        base_url=settings().base,
        publisher=settings().publisher,
        contact=settings().contact,
        now=clock.now(),
        today=local_today(),
        is_demo=settings().demo,
        flash=_flash(request),
        **context,
    )
    return HTMLResponse(html, status)


def _path(request: Request, lang: str) -> str:
    """What follows the language in the address, query included: the same page in another language."""
    query = {key: value for key, value in request.query_params.multi_items() if key != "said"}
    path: str = request.scope["path"]  # the whole address would be put together and taken apart again for it
    return quote(path.removeprefix(f"/{lang}").lstrip("/")) + (f"?{urlencode(query)}" if query else "")


def local_today() -> dt.date:
    return clock.today(settings().zone)


def led_to(location: str, said: str = "", **query: str) -> str:
    """An address of our own with the word of what was just done."""
    pairs = query | ({"said": said} if said else {})
    path, _, fragment = location.partition("#")
    return path + (f"?{urlencode(pairs)}" if pairs else "") + (f"#{fragment}" if fragment else "")


def see_other(location: str) -> RedirectResponse:
    return RedirectResponse(location, status_code=303)


def _flash(request: Request) -> Message | None:
    text = FLASHES.get(request.query_params.get("said", ""))
    return Message(text) if text else None
