"""The loop anyone would write first: one query a person, Jinja2, EmailMessage, one kept connection, the same words.

No key, no look again, no frozen copy, no note of what was sent: only the mail. It tells the same facts in the same
sections as ours does, and looks alike, as far as a loop without keys can: three answers a row that lead to the action's
page, and a way to stop it. Its mails are about as long as ours.
"""

import datetime as dt
import json
import smtplib
import sqlite3
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

_QUERY = """
SELECT a.ref, a.titles, a.due_on, a.state, coalesce(a.last_word_at, a.assigned_at) AS heard_at, (
    SELECT u.verb FROM progress_update u WHERE u.action_id = a.id AND u.at >= :since ORDER BY u.at DESC LIMIT 1
) AS news, CASE
    WHEN a.due_on < :today THEN 'overdue' WHEN a.due_on <= :soon THEN 'due'
    WHEN a.state = 'assigned' THEN 'waiting' ELSE 'changed' END AS section
FROM action a JOIN holding h ON h.post_id = a.owner_post_id
WHERE h.person_id = :person AND h.until_on IS NULL AND (a.due_on <= :soon OR a.state = 'assigned' OR EXISTS (
    SELECT 1 FROM progress_update u WHERE u.action_id = a.id AND u.at >= :since))
ORDER BY a.due_on, a.id
"""
_POSTS = """
SELECT p.titles AS post, o.titles AS organisation
FROM holding h JOIN post p ON p.id = h.post_id JOIN organisation o ON o.id = p.organisation_id
WHERE h.person_id = ? AND h.until_on IS NULL
"""
_SILENT = 30  # days

_WORDS = {
    "en": {
        "week": "This week", "overdue": "Overdue", "due": "Due within 7 days", "waiting": "Waiting for you",
        "changed": "Changed this week", "deadline": "Deadline", "days": "%d days", "late": "%d days overdue",
        "assigned": "Assigned", "in_progress": "In progress", "on_track": "On track", "blocked": "Blocked, I need help",
        "done": "Done", "silent": "No update for %d days", "unheard": "Receipt not confirmed for %d days",
        "return": "Returned", "why": "You receive this mail because you hold this post: %s.",
        "open": "Open your page", "print": "Your week as a page, to print", "off": "Stop this weekly mail at once",
        "foot": "Tatbiq: from recommendation to reality", "page": "Your page",
        "stop": "Change the day or stop this weekly mail",
    },
    "fr": {
        "week": "Cette semaine", "overdue": "En retard", "due": "Échéance dans les 7 jours", "waiting": "En attente",
        "changed": "Changements de la semaine", "deadline": "Échéance", "days": "%d jours",
        "late": "%d jours de retard", "assigned": "Confiée", "in_progress": "En cours", "on_track": "En bonne voie",
        "done": "Terminé", "silent": "Sans mise à jour depuis %d jours", "return": "Renvoyée",
        "unheard": "Sans accusé de réception depuis %d jours", "open": "Ouvrir votre page",
        "why": "Vous recevez ce courriel en tant que titulaire de ce poste : %s.",
        "print": "Votre semaine en une page, à imprimer", "off": "Arrêter tout de suite ce courriel hebdomadaire",
        "blocked": "Bloqué, j'ai besoin d'aide", "foot": "Tatbiq : de la recommandation à la réalité",
        "page": "Votre page", "stop": "Changer le jour ou arrêter ce courriel hebdomadaire",
    },
    "ar": {
        "week": "هذا الأسبوع", "overdue": "متأخرة", "due": "أجلها خلال 7 أيام", "waiting": "في انتظارك",
        "changed": "مستجدات الأسبوع", "deadline": "الأجل", "days": "%d يوما", "late": "تأخر بـ %d يوما",
        "assigned": "مسندة", "in_progress": "قيد الإنجاز", "on_track": "تسير كما ينبغي", "done": "أُنجز",
        "silent": "بدون تحيين منذ %d يوما", "unheard": "لم يُؤكد التوصل به منذ %d يوما", "return": "أُعيدت",
        "why": "تتوصلون بهذه الرسالة بصفتكم شاغل المنصب التالي: %s.", "open": "افتحوا صفحتكم",
        "print": "أسبوعكم في صفحة قابلة للطباعة", "off": "إيقاف هذه الرسالة الأسبوعية فورا",
        "blocked": "متعثر، أحتاج إلى مساعدة", "foot": "تطبيق: من التوصية إلى الواقع", "page": "صفحتك",
        "stop": "تغيير اليوم أو إيقاف هذه الرسالة الأسبوعية",
    },
}  # fmt: skip
_BASE, _KEY = "http://127.0.0.1:8000", "k" * 43
_MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]


def rate(path: Path, relay: str, today: dt.date, count: int) -> float:
    host, port = relay.removeprefix("smtp://").split(":")
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    templates.filters["date"] = lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    templates.globals.update(words=_WORDS, base=_BASE, key=_KEY)
    text, html = templates.get_template("plain_digest.txt"), templates.get_template("plain_digest.html")
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    started = time.perf_counter()
    with smtplib.SMTP(host, int(port)) as smtp:
        for person in connection.execute("SELECT id, email, name, locale FROM person LIMIT ?", [count]).fetchall():
            sections, words = dict(_sections(connection, person, today)), _WORDS[person["locale"]]
            counts = ", ".join(f"{len(rows)} {words[name].lower()}" for name, rows in sections.items() if rows)
            subject = f"{words['week']}: {counts}"
            told = {"today": today, "person": person, "sections": sections, "counts": counts, "subject": subject}
            told["posts"] = _posts(connection, person)
            message = EmailMessage()
            message["From"], message["To"] = "suivi@example.ma", person["email"]
            message["Subject"] = subject
            message["Date"], message["Message-ID"] = (
                format_datetime(dt.datetime.now(dt.UTC)),
                make_msgid(domain="example.ma"),
            )
            message["List-Unsubscribe"] = f"<{_BASE}/{person['locale']}/off/{_KEY}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            message.set_content(text.render(told))
            message.add_alternative(html.render(told), subtype="html")
            smtp.send_message(message)
    spent = time.perf_counter() - started
    connection.close()
    return count / spent


def _sections(connection: sqlite3.Connection, person: sqlite3.Row, today: dt.date) -> Iterator[tuple[str, list[Any]]]:
    soon, since = today + dt.timedelta(7), today - dt.timedelta(7)
    given = {"person": person["id"], "today": str(today), "soon": str(soon), "since": str(since)}
    rows = [
        {**row, "title": json.loads(row["titles"])[person["locale"]]}
        for row in map(dict, connection.execute(_QUERY, given))
    ]
    for row in rows:
        row["due"] = dt.date.fromisoformat(row["due_on"])
        row["quiet"] = (today - dt.date.fromisoformat(row["heard_at"][:10])).days
        row["silence"] = "unheard" if row["state"] == "assigned" else "silent" if row["quiet"] >= _SILENT else ""
    for name in ("overdue", "due", "waiting", "changed"):
        yield name, [row for row in rows if row["section"] == name]


def _posts(connection: sqlite3.Connection, person: sqlite3.Row) -> str:
    found = connection.execute(_POSTS, [person["id"]]).fetchall()
    return " / ".join(" · ".join(json.loads(titles)[person["locale"]] for titles in row) for row in found)
