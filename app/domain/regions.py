"""The twelve regions of Morocco (decree 2.15.40 of 2015): code and names, as data."""

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.texts import Titles


class Region(NamedTuple):
    code: str
    names: Titles


REGIONS: tuple[Region, ...] = (
    Region(
        "TTA",
        {"ar": "طنجة - تطوان - الحسيمة", "fr": "Tanger-Tétouan-Al Hoceïma", "en": "Tangier-Tetouan-Al Hoceima"},
    ),
    Region("OR", {"ar": "الشرق", "fr": "L’Oriental", "en": "Oriental"}),
    Region("FM", {"ar": "فاس - مكناس", "fr": "Fès-Meknès", "en": "Fez-Meknes"}),
    Region("RSK", {"ar": "الرباط - سلا - القنيطرة", "fr": "Rabat-Salé-Kénitra", "en": "Rabat-Sale-Kenitra"}),
    Region("BMK", {"ar": "بني ملال - خنيفرة", "fr": "Béni Mellal-Khénifra", "en": "Beni Mellal-Khenifra"}),
    Region("CS", {"ar": "الدار البيضاء - سطات", "fr": "Casablanca-Settat", "en": "Casablanca-Settat"}),
    Region("MS", {"ar": "مراكش - آسفي", "fr": "Marrakech-Safi", "en": "Marrakesh-Safi"}),
    Region("DT", {"ar": "درعة - تافيلالت", "fr": "Drâa-Tafilalet", "en": "Draa-Tafilalet"}),
    Region("SM", {"ar": "سوس - ماسة", "fr": "Souss-Massa", "en": "Souss-Massa"}),
    Region("GON", {"ar": "كلميم - واد نون", "fr": "Guelmim-Oued Noun", "en": "Guelmim-Oued Noun"}),
    Region(
        "LSH",
        {"ar": "العيون - الساقية الحمراء", "fr": "Laâyoune-Sakia El Hamra", "en": "Laayoune-Sakia El Hamra"},
    ),
    Region("DOE", {"ar": "الداخلة - وادي الذهب", "fr": "Dakhla-Oued Ed-Dahab", "en": "Dakhla-Oued Ed-Dahab"}),
)
CODES: tuple[str, ...] = tuple(region.code for region in REGIONS)
_BY_CODE = {region.code: region for region in REGIONS}
STEP = 100  # numbers of one programme's regions


def find(code: str) -> Region | None:
    """The region of a code, or None."""
    return _BY_CODE.get(code)


def number(programme_id: int, code: str) -> int:
    """Of a programme's meetings in one region, for counts that are kept of them."""
    return programme_id * STEP + CODES.index(code)


def numbers(programme_ids: Iterable[int], code: str = "") -> list[int]:
    """Of one region of these programmes, or of all twelve."""
    return [number(one, known) for one in programme_ids for known in CODES if code in ("", known)]
