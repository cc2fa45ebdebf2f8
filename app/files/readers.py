"""The heavy libraries, loaded by name when first used so that a start does not pay for them."""

import importlib
from types import ModuleType

_MODULES = {"charsets": "charset_normalizer"}


def reader(name: str) -> ModuleType:
    """The library behind a name of the table; a name outside it is a mistake of ours and fails as KeyError."""
    return importlib.import_module(_MODULES[name])
