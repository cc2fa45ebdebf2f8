"""`python -m tests.sentences`: every computed sentence in every situation, in three languages one under another."""

import sys

from app.i18n.locales import LANGS
from tests.sentences import table


def main(wanted: str) -> None:
    subject = ""
    for situation in table.every():
        if wanted.casefold() not in situation.subject.casefold():
            continue
        if situation.subject != subject:
            subject = situation.subject
            print(f"\n== {subject}")
        print(f"\n-- {situation.name}")
        for lang in LANGS:
            print(f"   {lang}  {situation.says(lang) or '(nothing)'}")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
