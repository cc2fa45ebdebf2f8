"""The whole way as its users walk it: a report becomes owned, dated, reminded, public actions."""

import datetime as dt
import re
from email.message import EmailMessage

import holidays
import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.mail import SmtpServer
from tests.fixtures.servers import LiveServer, StartServer

REPORT = """لقاء جهوي بفاس حول الصناعات التصديرية

احتضنت مدينة فاس في 28 نونبر 2024 لقاء جهويا خصص لوضعية الصادرات الصناعية بجهة فاس - مكناس، بدعوة من كتابة الدولة \
المكلفة بالتجارة الخارجية وبحضور الوالي ومجلس الجهة وغرفة التجارة. وبلغت صادرات الجهة 2,6 مليار درهم، أغلبها من \
الصناعة التقليدية.

وأوصى المشاركون بتسريع نمو صادرات الجهة، وبالترويج للمنتجات الوطنية في الأسواق الخارجية، وبمراجعة القواعد المنظمة \
للتصدير بما يسهل عمل المقاولات. كما دعوا إلى تقوية الدبلوماسية التجارية، وإلى تحديد الأسواق الواعدة ودراسة حاجياتها، \
وإلى مواكبة المقاولات للحصول على شهادات المطابقة التي تطلبها تلك الأسواق.

وعبر الحاضرون عن ارتياحهم لأجواء اللقاء.
"""
TITLE = "إعداد دليل شهادات المطابقة"
TITLES = {"ar": TITLE, "fr": "Préparer le guide des certificats", "en": "Prepare the guide to certificates"}
KARIM, AMINA = "karim@demo.invalid", "amina@demo.invalid"


@pytest.fixture
def service(start_server: StartServer, smtp_server: SmtpServer) -> LiveServer:
    return start_server(demo="1", smtp_url=smtp_server.url)


def test_a_report_becomes_an_owned_dated_reminded_public_action(
    service: LiveServer, smtp_server: SmtpServer, browser: Browser
) -> None:
    desk = browser.new_context(base_url=service.url, locale="ar").new_page()
    sign_in_by_mail(desk, service, smtp_server)
    meeting = new_meeting(desk)
    refs = review(desk, meeting)
    due_on = a_quiet_day(six_weeks_ahead())
    action = plan_and_assign(desk, refs[-1], due_on)
    publish(desk, meeting)

    mail = the_mail_about(action, service, smtp_server, tick=office_hours(tomorrow()))
    assert is_arabic(mail)
    phone = browser.new_context(base_url=service.url, viewport={"width": 360, "height": 740}).new_page()
    say_on_track(phone, link_in(mail))
    for lang, word in (("ar", "يسير وفق الأجل"), ("fr", "Signalée en bonne voie"), ("en", "Reported on track")):
        assert_the_story_tells(phone, lang, refs[-1], word)

    morning = office_hours(due_on - dt.timedelta(days=7))
    reminders, _ = apart(new_mails_to((KARIM,), service, smtp_server, morning))
    assert [action in text_of(mail) for mail in reminders] == [True]
    assert new_mails_to((KARIM,), service, smtp_server, morning) == []
    monday = office_hours(next_monday(morning.date()))
    _, digests = apart(new_mails_to((KARIM, AMINA), service, smtp_server, monday))
    assert sorted(str(mail["To"].addresses[0].addr_spec) for mail in digests) == [AMINA, KARIM]
    assert new_mails_to((KARIM, AMINA), service, smtp_server, monday) == []


def sign_in_by_mail(page: Page, service: LiveServer, smtp: SmtpServer) -> None:
    page.goto("/ar/sign-in")
    page.fill("input[name=email]", AMINA)
    page.locator("form:has(input[name=email]) button").click()
    service.tatbiq("tick")  # sign-in mails leave at any hour
    link = re.search(r"/ar/sign-in/link/\S+", text_of(mails_to(AMINA, smtp)[-1]))
    assert link
    page.goto(link.group())
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/workspace/**")


def new_meeting(page: Page) -> str:
    """The address of the new meeting's page."""
    page.goto("/ar/workspace/meetings/new")
    page.fill("input[name='titles.ar']", "لقاء فاس حول الصناعات التصديرية")
    page.fill("input[name='titles.fr']", "Rencontre de Fès sur les industries exportatrices")
    page.fill("input[name=held_on]", "2026-11-02")
    page.select_option("select[name=region]", "FM")
    page.locator("form:has(input[name=held_on]) button[type=submit]").click()
    page.wait_for_url("**/report?said=next_report")
    return page.url.partition("/report")[0]


def review(page: Page, meeting: str) -> list[str]:
    """Paste the report and accept what is proposed, row after row; the references that were given."""
    page.goto(f"{meeting}/report")
    page.fill("textarea[name=report]", REPORT)
    page.locator("form:has(textarea[name=report]) button[type=submit]").click()
    page.wait_for_url("**/review**")
    assert page.locator("li.proposal").count() == 6
    page.reload()  # nothing is lost
    for left in range(6, 0, -1):
        if not page.locator("button[name=go]").count():
            page.locator("li.proposal:not(.is-accepted) h3 a").first.click()
        page.locator("button[name=go]").click()
        page.locator("li.is-accepted").nth(6 - left).wait_for()  # no script of ours: the page's policy refuses it
    refs = page.locator("li.proposal a.ref").all_inner_texts()
    assert len(set(refs)) == 6
    return refs


def plan_and_assign(page: Page, ref: str, due_on: dt.date) -> str:
    """Plan an action under the recommendation and give it to Karim's post; its reference."""
    page.goto(f"/ar/workspace/recommendations/{ref}")
    for lang, title in TITLES.items():
        page.fill(f"#plan input[name='titles.{lang}']", title)
    option = page.locator("#plan select[name=owner_post_id] option", has_text="مسؤولية مواكبة المقاولات المصدرة").first
    post = option.get_attribute("value")
    assert post
    page.select_option("#plan select[name=owner_post_id]", post)
    page.fill("#plan input[name=due_on]", due_on.isoformat())
    page.locator("#plan button[name=assign]").click()
    page.wait_for_url("**said=assigned**")
    return f"{ref}.1"


def publish(page: Page, meeting: str) -> None:
    page.goto(meeting)
    page.locator("form[action$='/publication'] button").first.click()
    page.wait_for_url("**said=published**")


def say_on_track(page: Page, link: str) -> None:
    """A link only pre-selects; the person presses, on one phone screen."""
    page.goto(link)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("input[name=s][value=on_track]").is_checked()
    button = page.locator("form:has(input[name=s]) button[type=submit]").first
    box = button.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 740
    button.click()
    page.wait_for_selector("[role=status]")


def assert_the_story_tells(page: Page, lang: str, ref: str, word: str) -> None:
    page.goto(f"/{lang}/recommendations/{ref}")
    story = page.locator("main").inner_text()
    assert TITLES[lang] in story
    assert word in story
    assert page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")


def the_mail_about(action: str, service: LiveServer, smtp: SmtpServer, tick: dt.datetime) -> EmailMessage:
    found = [mail for mail in new_mails_to((KARIM,), service, smtp, tick) if str(mail["Subject"]).endswith(action)]
    assert len(found) == 1
    return found[0]


def new_mails_to(
    addresses: tuple[str, ...], service: LiveServer, smtp: SmtpServer, at: dt.datetime
) -> list[EmailMessage]:
    """What a pass at that instant sends to them."""
    known = len(smtp.received)
    service.tatbiq("tick", "--at", at.isoformat())
    return [one.message for one in smtp.received[known:] if one.recipients[0] in addresses]


def apart(mails: list[EmailMessage]) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The mails about actions, and the weekly digests."""
    digests = [mail for mail in mails if str(mail["Subject"]).startswith("أسبوع")]
    return [mail for mail in mails if mail not in digests], digests


def mails_to(address: str, smtp: SmtpServer) -> list[EmailMessage]:
    return [one.message for one in smtp.received if one.recipients == [address]]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\u2068", "").replace("\u2069", "")


def is_arabic(mail: EmailMessage) -> bool:
    part = mail.get_body(("html",))
    assert part
    html = str(part.get_content())
    return '<html lang="ar" dir="rtl"' in html and TITLE in html and "؀" <= str(mail["Subject"])[0] <= "ۿ"


def link_in(mail: EmailMessage) -> str:
    link = re.search(r"/ar/u/[\w-]+\?s=on_track", text_of(mail))
    assert link
    return link.group()


def tomorrow() -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)


def office_hours(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


def next_monday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=7 - day.weekday())


def six_weeks_ahead() -> dt.date:
    return next_monday(tomorrow()) + dt.timedelta(days=44)


def a_quiet_day(day: dt.date) -> dt.date:
    """A day whose morning a week before is worked: reminders keep off holidays."""
    off = holidays.country_holidays("MA")
    while (day - dt.timedelta(days=7)) in off or day.weekday() > 4 or next_monday(day - dt.timedelta(days=7)) in off:
        day += dt.timedelta(days=1)
    return day
