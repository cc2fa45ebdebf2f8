import datetime as dt
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from app.config import TEMPLATES
from app.domain.ladder import Audience
from app.domain.permissions import Role
from app.domain.workflow import BlockReason, State
from app.mail import letters, messages
from app.mail.acting_letters import ActingHandover, Handover
from app.mail.policy import Mail
from app.mail.specimens.facts import BASE, NOTES, POSTS, TODAY, announced, item, reader, several, whole
from app.mail.specimens.letters import about, acting
from app.mail.specimens.weeks import digest_owner
from tests.mail.every import LETTERS

LANGS = ("ar", "fr", "en")
every = pytest.mark.parametrize("lang", LANGS)
letter = pytest.mark.parametrize("name", sorted(LETTERS))
VOID = {"meta", "br", "img", "hr", "link", "input"}


class Page(HTMLParser):
    """Elements in order, and whether every one was closed in turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words += data


def strong(text: str) -> str:
    """The first character that decides a direction."""
    return next(c for c in text if unicodedata.bidirectional(c) in {"L", "R", "AL"})


def test_every_folder_of_templates_has_its_letter() -> None:
    folders = {name.partition("_")[0] if name.startswith("digest") else name for name in LETTERS}
    assert {path.name for path in (TEMPLATES / "mail").iterdir() if path.is_dir()} == folders


@every
@letter
def test_it_says_its_language_and_direction_on_html_table_and_cell(name: str, lang: str) -> None:
    page = Page(LETTERS[name](lang).html)
    assert page.open == []
    way = "rtl" if lang == "ar" else "ltr"
    for tag, attrs in page.tags:
        if tag in {"html", "table", "td"} and attrs.get("class") != "gap":
            assert (attrs.get("lang"), attrs.get("dir")) == (lang, way), (tag, attrs)
        if tag == "table":
            assert attrs["role"] == "presentation"
        if tag in {"td", "table"}:
            assert f"direction:{way}" in (attrs["style"] or "")
        assert tag not in {"img", "script", "link", "iframe"}


@every
@letter
def test_both_parts_are_whole(name: str, lang: str) -> None:
    mail = LETTERS[name](lang)
    links = set(re.findall(r'href="([^"]+)"', mail.html))
    assert links
    for link in links:
        assert link.startswith(f"{BASE}/{lang}/")
        address = link.partition("?")[0] if name.startswith(("digest", "handover", "changed")) else link
        assert re.search(rf"^{re.escape(address)}$", mail.text, re.MULTILINE), f"{link} is missing in the text part"
    for part in (mail.subject, mail.text, Page(mail.html).words):
        assert not re.search(r"%\(|\{\{|\{%|\bNone\b|&amp;|&lt;|&#", part)
    assert len(mail.text.split()) > 10


@pytest.mark.parametrize("lang", ["ar", "fr"])
@letter
def test_no_english_sentence_is_left(name: str, lang: str) -> None:
    mail = LETTERS[name](lang)
    ours = re.sub(r"https?://\S+|\S+@\S+|550 .*", "", mail.text)
    assert not re.findall(r"\b(?:the|this|you|your|and|day|action has|waits)\b", ours)
    if lang == "ar":
        assert not re.search(r"\b[a-z]{4,}\b", ours)


@every
@letter
def test_the_subject_is_short_begins_in_its_own_script_and_ends_with_the_reference(name: str, lang: str) -> None:
    mail = LETTERS[name](lang)
    words, dot, ref = mail.subject.partition(" · FM-")
    assert len(words) <= 45, words
    assert not re.search("[\u2066-\u2069\u200e\u200f]", mail.subject)
    assert (unicodedata.bidirectional(strong(mail.subject)) == "AL") == (lang == "ar")
    assert bool(dot) == (len(mail.threads) == 1 and name not in {"no_holder"}) or ref


@every
def test_whoever_acts_reads_until_when_and_who_acts_no_more_that_it_is_off(lang: str) -> None:
    of_post: dict[str, Any] = {"to": reader(lang), "today": TODAY, "open": letters.LetterSection(items=several(lang))}
    begun = messages.handover(ActingHandover(**of_post, acting_until=TODAY))
    own = messages.handover(Handover(**of_post))
    off, named = messages.acting(acting(lang, is_off=True)), messages.acting(acting(lang))

    assert begun.subject != own.subject
    assert begun.text.splitlines()[0] != own.text.splitlines()[0]
    assert off.subject != named.subject
    assert off.text.splitlines()[0] != named.text.splitlines()[0]


def test_a_section_says_how_many_more_there_are() -> None:
    assert "and 4 more" in digest_owner("en", rows=3).text
    whole = digest_owner("en", rows=40).text
    shown = whole.partition("40 ACTIONS DUE")[0].count("Answer:")
    assert 2 < shown <= 10
    assert f"and {44 - shown} more" in whole


WHEN = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def one(lang: str, days: int, **changes: object) -> Mail:
    return messages.reminder(letters.Several(to=reader(lang), today=TODAY, items=(item(lang, 1, days, **changes),)))


@pytest.mark.parametrize(
    ("lang", "days", "begins"),
    [
        ("en", 7, "Due in 7 days: "), ("en", 1, "Due tomorrow: "), ("en", 0, "Due today: "),
        ("en", -12, "12 days overdue: "), ("fr", 7, "Échéance dans 7 jours\u202f: "), ("ar", 7, "الأجل بعد 7 أيام: "),
        ("ar", 1, "الأجل غدا: "), ("ar", -12, "تأخر بـ 12 يوما: "), ("ar", -2, "تأخر بيومين: "),
    ],
)  # fmt: skip
def test_a_reminder_of_one_action_says_what_and_when(lang: str, days: int, begins: str) -> None:
    subject = one(lang, days).subject
    assert subject.startswith(begins)
    assert subject.endswith(" · FM-2024-03.1")


def test_a_reminder_of_several_counts_them() -> None:
    mail = LETTERS["reminder"]("en")
    assert mail.subject == "Your morning: 1 action overdue, 1 due, …"
    assert "This morning: 1 action overdue, 1 due, 1 to confirm, 1 blocked." in mail.text
    assert mail.threads == tuple(f"FM-2024-03.{n}" for n in (1, 2, 3, 4))


def test_a_milestone_is_never_counted_as_an_action() -> None:
    late = item("fr", days=-2, milestone_of="Guide des certificats")

    assert "1 action en retard, 1 jalon en retard." in morning("fr", item("fr", days=-3), late).text


def test_an_arabic_subject_counts_with_the_noun_and_its_dual() -> None:
    late, due = [item("ar", n, -n) for n in (1, 2)], [item("ar", n, n) for n in (3, 4, 5)]
    assert morning("ar", *late, *due).subject == "صباحكم: إجراءان متأخران، 3 قريبة الأجل"
    assert morning("ar", late[0], due[0]).subject == "صباحكم: إجراء واحد متأخر، واحد قريب الأجل"


@every
@letter
def test_the_next_thing_to_do_is_a_button_whose_address_the_text_part_has_too(name: str, lang: str) -> None:
    mail = LETTERS[name](lang)
    pressed = re.findall(r'class="(?:button|answer)"[^>]*>\s*<a [^>]*href="([^"]+)"', mail.html)
    # Four actions of a morning are answered by links; above them stands the page that has them all.
    assert pressed
    assert all(re.search(rf"^{re.escape(address)}$", mail.text, re.MULTILINE) for address in pressed)


def test_a_mail_about_one_programme_bears_its_name_and_one_about_two_does_not() -> None:
    assert LETTERS["action_assigned"]("en").sender_name == "2025"
    assert LETTERS["sign_in"]("en").sender_name == ""
    rows = [item("en", n, -n, programme=f"202{n}") for n in (5, 6)]
    assert morning("en", *rows).sender_name == ""
    assert morning("en", rows[0], replace(rows[1], programme="2025")).sender_name == "2025"


@every
def test_a_programme_that_several_actions_share_is_said_once_and_others_beside_each(lang: str) -> None:
    rows = [item(lang, n, -n, programme="Oriental") for n in (1, 2, 3)]
    other = replace(rows[0], programme="Souss")
    assert [part.count("Oriental") for part in parts(morning(lang, *rows))] == [1, 1]
    assert [part.count("Oriental") for part in parts(morning(lang, *rows, other))] == [3, 3]
    assert [part.count("Oriental") for part in parts(morning(lang, rows[0]))] == [1, 1]


def parts(mail: Mail) -> tuple[str, str]:
    return mail.text, mail.html


@every
def test_the_foot_names_the_role_that_brings_the_mail(lang: str) -> None:
    to = replace(reader(lang), role=Role.MANAGER, of=(POSTS[lang][1],))
    letter = letters.Blocked(to=to, today=TODAY, item=several(lang)[1])
    foot = messages.action_blocked(letter).text.partition("\n--\n")[2]
    assert f"\u2068{POSTS[lang][1]}\u2069" in foot
    assert POSTS[lang][0] not in foot


def test_a_title_is_shortened_at_a_word() -> None:
    assert one("en", 7).subject.startswith("Due in 7 days: Guide to export certificates ·")
    long = one("en", 7, title="Guide to export certificates, by market and product").subject
    assert long == "Due in 7 days: Guide to export certificates… · FM-2024-03.1"


def test_each_action_of_a_reminder_has_its_three_answers() -> None:
    mail = LETTERS["reminder"]("fr")
    for state in ("on_track", "blocked", "done"):
        assert mail.html.count(f"?s={state}") == mail.text.count(f"?s={state}") == 4


def test_up_to_three_actions_of_a_morning_have_buttons() -> None:
    for count, buttons in ((1, 3), (3, 9), (4, 0)):
        html = morning("en", *(item("en", n) for n in range(count))).html
        assert html.count('class="answer"') == buttons
        assert ("Where does it stand?" in html, "Under each action choose" in html) == (count <= 3, count > 3)


def test_a_blocked_action_names_who_can_unblock_it_and_an_overdue_one_who_gets_a_copy() -> None:
    text = LETTERS["reminder"]("en").text
    assert "Who can unblock it: \u2068Regional investment centre, Fès-Meknès\u2069" in text
    assert "■ Blocked: Budget" in text
    assert "▲ 12 days overdue" in text
    assert "Copy to: your manager" in text


def test_two_marks_of_an_action_may_stand_on_two_lines() -> None:
    late = item("fr", 1, -56, state=State.BLOCKED, block_reason=BlockReason.PROCUREMENT)
    assert "<b>▲ En retard de 56 jours</b> · <b>■ Bloquée\u202f: Marché public</b>" in morning("fr", late).html


def test_the_assignment_announces_the_ladder() -> None:
    text = LETTERS["action_assigned"]("en").text
    assert "- \u206830 November 2026\u2069: you, your manager (if receipt is not confirmed)" in text
    assert "- \u206823 March 2027\u2069: you" in text
    assert re.search(r"- \u2068\d+ March 2027\u2069: you, your manager \(then every week\)", text)
    assert "the secretariat" in text


def test_who_hears_twice_on_one_day_is_named_once() -> None:
    step = announced()[0]
    letter = letters.Assigned(**about("en"), acknowledge=BASE, decline=BASE, ladder=(step, replace(step, key="again")))  # type: ignore[arg-type]

    assert "you, you" not in messages.action_assigned(letter).text


def test_what_somebody_typed_is_never_markup() -> None:
    evil = '<script>alert("x")</script><a href="https://evil.example">'
    values = {**about("en"), "item": item("en", title=evil, note=evil), "reason": evil}
    mail = messages.action_returned(letters.Returned(**values))  # type: ignore[arg-type]
    tags = Page(mail.html).tags
    assert "script" not in {tag for tag, _ in tags}
    assert all((attrs["href"] or "").startswith(BASE) for tag, attrs in tags if tag == "a")


def test_the_manager_and_the_secretariat_are_addressed_apart() -> None:
    def text(audience: Audience) -> str:
        return messages.escalation(
            letters.Escalation(to=reader("en"), today=TODAY, items=several("en"), audience=audience)
        ).text

    assert "4 actions of your organisation need you." in text(Audience.MANAGER)
    assert "4 actions need the secretariat." in text(Audience.SECRETARIAT)


def test_only_a_digest_can_be_unsubscribed_from_and_it_makes_no_thread() -> None:
    digest = digest_owner("fr")
    assert digest.unsubscribe.startswith(f"{BASE}/fr/off/")
    assert digest.threads == ()
    assert all(not LETTERS[name]("fr").unsubscribe for name in LETTERS if not name.startswith("digest_owner"))


def test_a_submitted_action_is_not_overdue() -> None:
    late = item("en", 1, -3, state=State.SUBMITTED)
    assert late.days_late(TODAY) == 0
    assert item("en", 1, -3).days_late(TODAY) == 3
    assert "▲" not in LETTERS["verification_waiting"]("en").text


def test_a_note_keeps_its_lines_in_both_parts() -> None:
    mail = LETTERS["action_returned"]("ar")
    assert NOTES["ar"] in mail.text
    assert NOTES["ar"] in mail.html
    assert whole("ar").title in mail.text


def test_what_somebody_typed_stands_alone_on_its_line_and_gives_it_its_direction() -> None:
    text = LETTERS["action_returned"]("ar").text
    assert f"\n{whole('ar').title}\n" in text
    assert f"\n{NOTES['ar']}\n" in text


def test_french_keeps_its_narrow_space_before_the_colon_of_the_announced_mornings() -> None:
    mail = LETTERS["action_assigned"]("fr")
    assert re.search("- \u206823 mars 2027\u2069\u202f: vous\n", mail.text)
    assert "23 mars 2027</time>\u202f: vous</p>" in mail.html


def morning(lang: str, *rows: letters.Item) -> Mail:
    return messages.reminder(letters.Several(to=reader(lang), today=TODAY, items=rows))


@every
@pytest.mark.parametrize("title", ["{0} {title} {{ref}} %(who)s", "\ue000\ue001 \\1", '<b>Ports & "quays"</b>'])
def test_what_somebody_typed_stands_in_a_row_as_it_was_typed(lang: str, title: str) -> None:
    mail = morning(lang, item(lang, title=title), item(lang, 1))
    assert title in mail.text
    assert title in Page(mail.html).words


@every
def test_rows_that_have_different_things_to_say_say_them(lang: str) -> None:
    """What was said of one action is kept with gaps in it: the next one fills them all, and has others."""
    rows = [item(lang, 1, note="n1"), item(lang, 2), item(lang, 3, unblocker="u3"), item(lang, 4, note="n4")]
    mail = morning(lang, *rows)
    for part in (mail.text, Page(mail.html).words):
        found = [part.index(row.ref) for row in rows]
        assert found == sorted(found)
        said = [part[start:end] for start, end in zip(found, [*found[1:], None], strict=True)]
        assert [re.findall("n1|u3|n4", one) for one in said] == [["n1"], [], ["u3"], ["n4"]]
