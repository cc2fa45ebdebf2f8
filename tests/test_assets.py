"""Static files by content."""

import re
from base64 import b64encode
from hashlib import sha256

from app import assets


def test_an_address_leads_back_to_its_file_and_no_other_hash_does() -> None:
    address = assets.url("app.css")
    assert re.fullmatch(r"/static/app\.[0-9a-f]{12}\.css", address)
    found = assets.find(address.rpartition("/")[2])
    assert found is not None
    assert found.name == "app.css"
    assert assets.find("app.000000000000.css") is None


def test_no_name_leads_out_of_the_folder() -> None:
    for name in ("app.css", "../config.py", "..", "", ".css", "a.b.c/../../x.py", "config.123456789012.py"):
        assert assets.find(name) is None


def test_the_style_inside_a_page_matches_the_expression_of_its_policy() -> None:
    css, allowed = assets.inline_css("update.css")
    assert allowed == f"'sha256-{b64encode(sha256(css.encode()).digest()).decode()}'"
    assert "</" not in css
