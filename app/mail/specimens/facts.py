"""Example facts for letters: a reader, actions, posts, words; titles as long and as mixed as real ones."""

import datetime as dt

from app.domain import ladder
from app.domain.ladder import Audience
from app.domain.workflow import BlockReason, State
from app.mail.letters import Answers, Item, Reader

TODAY = dt.date(2026, 11, 23)
BASE = "https://suivi.example"
TITLES = {
    "ar": ("إحداث شباك لمواكبة المقاولات في الحصول على شهادات المطابقة", "دليل الشهادات CE وHACCP المطلوبة في 12 سوقا"),
    "fr": (
        "Ouvrir un guichet d'accompagnement des entreprises vers la certification",
        "Guide des certificats à l'export",
    ),
    "en": ("Open a help desk that takes firms through certification", "Guide to export certificates"),
}
NOTES = {
    "ar": "ننتظر تأشير المراقب المالي على الصفقة رقم 12/2026.\nالمراسلة المرجعية: 2026-11-02.",
    "fr": "Nous attendons le visa du contrôleur sur le marché n° 12/2026.\nLettre du 2 novembre.",
    "en": "We wait for the financial controller's visa on contract 12/2026.\nLetter of 2 November.",
}
POSTS = {
    "ar": ("المكلف بالتتبع", "المركز الجهوي للاستثمار فاس مكناس"),
    "fr": ("Chargé du suivi", "Centre régional d'investissement Fès-Meknès"),
    "en": ("Follow-up officer", "Regional investment centre, Fès-Meknès"),
}


def reader(lang: str) -> Reader:
    return Reader(
        address="karim@cri.example", lang=lang, name="كريم" if lang == "ar" else "Karim",
        post=" · ".join(POSTS[lang]), home=f"{BASE}/{lang}/workspace/", settings=f"{BASE}/{lang}/workspace/me",
    )  # fmt: skip


def item(lang: str, number: int = 2, days: int = 7, **changes: object) -> Item:
    link = f"{BASE}/{lang}/u/{'k' * 43}"
    plain: dict[str, object] = {
        "title": TITLES[lang][number % 2], "ref": f"FM-2024-03.{number}",
        "page": f"{BASE}/{lang}/workspace/actions/FM-2024-03.{number}", "due_on": TODAY + dt.timedelta(days),
        "answers": Answers(on_track=f"{link}?s=on_track", blocked=f"{link}?s=blocked", done=f"{link}?s=done"),
    }  # fmt: skip
    return Item(**{**plain, **changes})  # type: ignore[arg-type]


def whole(lang: str) -> Item:
    post, organisation = POSTS[lang]
    return item(lang, programme="2025", recommendation=TITLES[lang][1], organisation=organisation, post=post)


def several(lang: str) -> tuple[Item, ...]:
    return (
        item(lang, 1, -12, copies=(Audience.MANAGER,)),
        item(lang, 2, 0, state=State.BLOCKED, block_reason=BlockReason.BUDGET, unblocker=POSTS[lang][1]),
        item(lang, 3, 1),
        item(lang, 4, 40, state=State.ASSIGNED, waiting_days=7),
    )


def announced() -> tuple[ladder.Step, ...]:
    subject = ladder.Subject(State.ASSIGNED, assigned_on=TODAY, due_on=TODAY + dt.timedelta(120))
    return tuple(ladder.announce(subject, frozenset()))
