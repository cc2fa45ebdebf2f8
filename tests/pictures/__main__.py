"""`python -m tests.pictures [NAME…]`: the pictures of the guide, taken from the pages of the demonstration."""

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page

from app.config import STATIC
from app.i18n.locales import LANGS
from tests.fixtures.browsers import launched
from tests.fixtures.servers import LiveServer, serving
from tests.pictures.scenes import PICTURES, PictureTaken, window

# Chromium itself makes the small file: a page without a server, a canvas, the screenshot drawn on it.
_SMALL = """async (address) => {
    const drawn = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = new OffscreenCanvas(drawn.width, drawn.height);
    canvas.getContext("2d").drawImage(drawn, 0, 0);
    const small = new Uint8Array(await (await canvas.convertToBlob({type: "image/webp", quality: 0.6})).arrayBuffer());
    return btoa(Array.from(small, byte => String.fromCharCode(byte)).join(""));
}"""


def main(wanted: list[str]) -> None:
    with (
        tempfile.TemporaryDirectory() as data_dir,
        launched() as browser,
        serving(Path(data_dir), {"demo": "1"}) as server,
    ):
        for name, picture in PICTURES.items():
            if not wanted or name in wanted:
                for lang in LANGS:
                    _take(browser, server, picture, lang, STATIC / "guide" / f"{name}-{lang}.webp")


def _take(browser: Browser, server: LiveServer, picture: PictureTaken, lang: str, file: Path) -> None:
    with window(browser, server, picture, lang) as page:
        picture.opens(page, lang)
        shot = page.screenshot(clip=_seen(page, picture))
    blank = browser.new_page()
    drawn = blank.evaluate(_SMALL, "data:image/png;base64," + base64.b64encode(shot).decode())
    blank.close()
    file.write_bytes(base64.b64decode(drawn))
    print(f"{file.name}  {file.stat().st_size // 1024} kB")


def _seen(page: Page, picture: PictureTaken) -> FloatRect:
    """From where the page's own part begins: its head and menu are the same everywhere."""
    top = page.locator("main").bounding_box()
    assert top is not None
    return {"x": 0, "y": top["y"], "width": picture.size["width"], "height": picture.size["height"] - top["y"]}


if __name__ == "__main__":
    main(sys.argv[1:])
