"""The loop anyone would write first: one query a person, Jinja2, EmailMessage, one kept connection, the same words.

No key, no look again, no frozen copy, no note of what was sent: only the mail. The words and the look are those of our
own templates, as far as a loop without keys can have them: three answers a row that lead to the action's page.
"""

import datetime as dt
import json
import smtplib
import sqlite3
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

_QUERY = """
SELECT a.ref, a.titles, a.due_on, a.state, CASE
    WHEN a.due_on < :today THEN 'overdue' WHEN a.due_on <= :soon THEN 'due'
    WHEN a.state = 'assigned' THEN 'waiting' ELSE 'changed' END AS section
FROM action a JOIN holding h ON h.post_id = a.owner_post_id
WHERE h.person_id = :person AND h.until_on IS NULL AND (a.due_on <= :soon OR a.state = 'assigned' OR EXISTS (
    SELECT 1 FROM progress_update u WHERE u.action_id = a.id AND u.at >= :since))
ORDER BY a.due_on, a.id
"""


_WORDS = {
    "en": {
        "week": "This week", "overdue": "Overdue", "due": "Due within 7 days", "waiting": "Waiting for you",
        "changed": "Changed this week", "deadline": "Deadline", "days": "%d days", "late": "%d days overdue",
        "assigned": "Assigned", "in_progress": "In progress", "on_track": "On track", "blocked": "Blocked, I need help",
        "done": "Done", "foot": "Tatbiq: from recommendation to reality", "page": "Your page",
        "stop": "Change the day or stop this weekly mail",
    },
    "fr": {
        "week": "Cette semaine", "overdue": "En retard", "due": "Échéance dans les 7 jours", "waiting": "En attente",
        "changed": "Changements de la semaine", "deadline": "Échéance", "days": "%d jours",
        "late": "%d jours de retard", "assigned": "Confiée", "in_progress": "En cours", "on_track": "En bonne voie",
        "done": "Terminé",
        "blocked": "Bloqué, j'ai besoin d'aide", "foot": "Tatbiq : de la recommandation à la réalité",
        "page": "Votre page", "stop": "Changer le jour ou arrêter ce courriel hebdomadaire",
    },
    "ar": {
        "week": "هذا الأسبوع", "overdue": "متأخرة", "due": "أجلها خلال 7 أيام", "waiting": "في انتظارك",
        "changed": "مستجدات الأسبوع", "deadline": "الأجل", "days": "%d يوما", "late": "تأخر بـ %d يوما",
        "assigned": "مسندة", "in_progress": "قيد الإنجاز", "on_track": "تسير كما ينبغي", "done": "أُنجز",
        "blocked": "متعثر، أحتاج إلى مساعدة", "foot": "تطبيق: من التوصية إلى الواقع", "page": "صفحتك",
        "stop": "تغيير اليوم أو إيقاف هذه الرسالة الأسبوعية",
    },
}  # fmt: skip
_MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]


def rate(path: Path, relay: str, today: dt.date, count: int) -> float:
    host, port = relay.removeprefix("smtp://").split(":")
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    templates.filters["date"] = lambda day: f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    templates.globals.update(words=_WORDS, base="http://127.0.0.1:8000", key="k" * 43)
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
            message = EmailMessage()
            message["From"], message["To"] = "suivi@example.ma", person["email"]
            message["Subject"] = subject
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
    for name in ("overdue", "due", "waiting", "changed"):
        yield name, [row | {"due": dt.date.fromisoformat(row["due_on"])} for row in rows if row["section"] == name]
