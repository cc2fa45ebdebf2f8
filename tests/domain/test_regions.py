"""The twelve regions."""

from app.domain import references, regions
from app.domain.texts import LANGS


def test_there_are_twelve_regions_each_named_in_three_languages() -> None:
    assert len(regions.REGIONS) == len(set(regions.CODES)) == 12
    for region in regions.REGIONS:
        assert set(region.names) == set(LANGS)
        assert all(region.names.values())


def test_every_code_can_begin_a_reference() -> None:
    assert [references.check_prefix(code) for code in regions.CODES] == list(regions.CODES)


def test_an_unknown_code_is_nowhere() -> None:
    fez = regions.find("FM")
    assert fez is not None
    assert fez.names["fr"] == "Fès-Meknès"
    assert regions.find("fm") is None
