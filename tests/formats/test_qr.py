"""The codes of printed pages."""

import xml.etree.ElementTree as ET

from app.formats import qr

ADDRESS = "https://tatbiq.example.ma/ar/recommendations/FM-2024-03"


def test_a_code_is_square_has_its_quiet_border_and_differs_with_the_address() -> None:
    drawn = qr.svg(ADDRESS)
    box = ET.fromstring(drawn).attrib["viewBox"].split()
    side = int(box[2]) - 2 * 4

    assert box == ["0", "0", str(side + 8), str(side + 8)]
    assert (side - 17) % 4 == 0
    assert drawn != qr.svg(ADDRESS + ".1")
    assert b"script" not in drawn
    assert len(drawn) < 8_000
