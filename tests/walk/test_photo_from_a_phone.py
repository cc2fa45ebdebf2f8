"""A photo from a phone behind the mail's link: sent with "done", a link for the verifier, saved without its place."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.db import Database
from app.domain.workflow import State
from tests import scenes
from tests.files import samples
from tests.fixtures.browsers import CheckAccess
from tests.fixtures.servers import StartServer

PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("lang", ["ar"])
def test_a_photo_from_a_phone_reaches_the_verifier(
    start_server: StartServer, browser: Browser, axe: CheckAccess, tmp_path: Path, lang: str
) -> None:
    server = start_server()
    with Database(f"sqlite:///{server.data_dir / 'tatbiq.db'}").write() as session:
        made = scenes.scene(session, published=True)
        action = scenes.action(made, State.IN_PROGRESS, is_priority=True)
        scenes.publish(made, action)
        token, ref, cookies = scenes.link(made, action), action.ref, scenes.signed_in(made, "youssef")
    photo = tmp_path / "IMG_0417.jpg"
    photo.write_bytes(samples.photo())

    phone = browser.new_context(base_url=server.url, viewport=PHONE, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    phone.goto(f"/{lang}/u/{token}?s=done")
    phone.set_input_files("input[name=evidence_file]", photo)
    phone.fill("textarea[name=note]", "تم طبع الدليل.")
    phone.locator("form:has(input[name=evidence_file]) button[type=submit]").click()
    phone.wait_for_url("**/receipts/**")

    desk = browser.new_context(base_url=server.url)
    desk.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    page = desk.new_page()
    page.goto(f"/{lang}/workspace/actions/{ref}")
    axe(page)
    with page.expect_download() as saving:
        page.locator("a[href$='/file']").first.click()
    saved = Path(saving.value.path()).read_bytes()
    assert saving.value.suggested_filename == photo.name
    assert saved.startswith(b"\xff\xd8\xff")
    assert samples.PLACE not in saved
