"""`python -m app.i18n`: compile every catalogue beside its source. Nothing is extracted or changed here."""

from app.i18n.catalogues import LOCALE, TRANSLATED, compiled

if __name__ == "__main__":
    for lang in TRANSLATED:
        target = LOCALE / lang / "LC_MESSAGES" / "messages.mo"
        unfinished = target.with_suffix(".mo.part")
        unfinished.write_bytes(compiled(lang))
        unfinished.replace(target)
