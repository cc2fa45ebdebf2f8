"""`python -m tests.walk_files`: the files that a newcomer opens to follow three walks from the door to the result."""

import sys

from tests.walk_files.counted import count

_SAID = {
    "note": "A note, from the link in a mail to the public story",
    "reminder": "A reminder, from what is due to the relay",
    "report": "A report, from the pasted text to a public recommendation",
}


def main(*, is_brief: bool) -> None:
    entered = count()
    floor = entered.pop("floor")
    print(f"The floor, which every page and every form cross: {len(floor)} files")
    if not is_brief:
        print(*(f"      {file}" for file in floor), sep="\n")
    for name, files in entered.items():
        own = [file for file in files if file not in floor]
        print(f"\n{_SAID[name]}: {len(own)} files of its own, {len(files) - len(own)} of the floor")
        if not is_brief:
            print(*(f"  {number:>2}  {file}" for number, file in enumerate(own, 1)), sep="\n")


if __name__ == "__main__":
    main(is_brief="--brief" in sys.argv[1:])
