"""The sheets: contrasts that people can read, and none of what breaks Arabic or right-to-left."""

import re

import pytest

from app.config import STATIC, TEMPLATES

SHEETS = ("app.css", "update.css", "workspace.css")
INKS = (
    "c-ink", "c-ink-2", "c-ink-3", "c-link", "c-accent", "c-danger", "s-verified", "s-progress", "s-notstarted",
    "s-overdue", "s-blocked", "s-disputed", "s-awaiting",
)  # fmt: skip
GROUNDS = ("c-page", "c-card", "c-sunk")
STATUSES = ("verified", "progress", "notstarted", "overdue", "blocked", "disputed", "awaiting")


def _sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)


def _palette(name: str, scheme: str) -> dict[str, str]:
    """The custom properties of a scheme: those of the dark one override the light."""
    light, _, dark = _sheet(name).partition("@media (prefers-color-scheme:dark)")
    found = dict(re.findall(r"--([cs]-[\w-]+):(#[0-9A-Fa-f]{6})", light.partition("@media")[0]))
    if scheme == "dark":
        found |= dict(re.findall(r"--([cs]-[\w-]+):(#[0-9A-Fa-f]{6})", dark.partition("}}")[0]))
    return found


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert _contrast("#116943", "#FFFFFF") == pytest.approx(6.72, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_can_be_read_on_every_ground(scheme: str) -> None:
    palette = _palette("app.css", scheme)
    weak = [(ink, ground) for ink in INKS for ground in GROUNDS if _contrast(palette[ink], palette[ground]) < 4.5]
    weak += [(s, "tint") for s in STATUSES if _contrast(palette[f"s-{s}"], palette[f"s-{s}-t"]) < 4.5]
    weak += [("c-ink", "c-mark")] if _contrast(palette["c-ink"], palette["c-mark"]) < 4.5 else []
    weak += [("c-on-accent", "c-accent")] if _contrast(palette["c-on-accent"], palette["c-accent"]) < 4.5 else []
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edge", ["c-focus", "c-line-strong"])
def test_edges_and_focus_can_be_seen(edge: str, scheme: str) -> None:
    palette = _palette("app.css", scheme)
    assert min(_contrast(palette[edge], palette[ground]) for ground in GROUNDS) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_mail_s_link_has_the_same_colours(scheme: str) -> None:
    whole, small = _palette("app.css", scheme), _palette("update.css", scheme)
    assert {name: whole[name] for name in small} == small


@pytest.mark.parametrize("name", SHEETS)
def test_no_property_knows_left_from_right(name: str) -> None:
    physical = (
        r"[;{]\s*((margin|padding|border)-(left|right)|left|right|float|width|height)\s*:|text-align:\s*(left|right)"
    )
    assert re.findall(physical, _sheet(name)) == []


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_breaks_the_joins_of_arabic(name: str) -> None:
    sheet = _sheet(name)
    assert not re.search(
        r"letter-spacing:\s*[^0;}]|text-align:\s*justify|italic|small-caps|text-transform|::first-letter", sheet
    )
    weights = set(re.findall(r"font-weight:\s*([^;}]+)", sheet))
    assert weights <= {"400", "700"}


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_loads_nothing(name: str) -> None:
    assert not re.search(r"@import|@font-face|url\((?!#)", _sheet(name))


def test_the_sheets_keep_their_weight() -> None:
    assert len((STATIC / "app.css").read_bytes()) <= 22_000
    assert len((STATIC / "update.css").read_bytes()) <= 6_000
    assert len((STATIC / "app.js").read_bytes()) <= 6_000
    assert len((STATIC / "app.js").read_text(encoding="utf-8").splitlines()) < 100


# A mail has no policy and needs its styles inside.
PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if "mail" not in path.parts)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_a_style_or_a_handler_that_its_policy_forbids(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son(click|submit|change|input|load)=|javascript:", text)


@pytest.mark.parametrize("name", ["base.html", "macros/charts.html"])
def test_letters_in_a_drawing_say_their_own_direction(name: str) -> None:
    for tag in re.findall(r"<text\b[^>]*text-anchor=[^>]*>", (TEMPLATES / name).read_text(encoding="utf-8")):
        assert "direction=" in tag or 'text-anchor="middle"' in tag
