"""What is said of translations: to the public, whose original has changed since; to whoever brings them up to date."""

from app.domain.messages import N_, Counted, Message

_CHANGED = {
    "ar": N_("The original in Arabic has changed since this was translated:"),
    "fr": N_("The original in French has changed since this was translated:"),
    "en": N_("The original in English has changed since this was translated:"),
}
_ORIGINAL = {
    "ar": N_("The original, in Arabic"),
    "fr": N_("The original, in French"),
    "en": N_("The original, in English"),
}
_INTO = {
    "ar": N_("Into Arabic"),
    "fr": N_("Into French"),
    "en": N_("Into English"),
}
_SAID = {
    "ar": N_("What changed in the Arabic since this was written:"),
    "fr": N_("What changed in the French since this was written:"),
    "en": N_("What changed in the English since this was written:"),
}


def changed_since(original: str) -> Message:
    """Above or beside words that are outdated; the original itself comes after it."""
    return Message(_CHANGED[original])


def original_in(lang: str) -> Message:
    return Message(_ORIGINAL[lang])


def into(lang: str) -> Message:
    return Message(_INTO[lang])


def moved_since(original: str, *, is_known: bool) -> Message:
    """Before the words that went and came; what was flagged before anybody kept them has none."""
    if is_known:
        return Message(_SAID[original])
    return Message(N_("The original has changed since this was written. What it said then was not kept."))


def state(*, is_outdated: bool, missing: int) -> Message:
    """Of all that one thing says in one language."""
    if is_outdated:
        return Message(N_("To be brought up to date"))
    if missing:
        return Counted("%(num)s text to translate", "%(num)s texts to translate", missing)
    return Message(N_("Up to date"))
