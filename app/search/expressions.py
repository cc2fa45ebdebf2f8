"""What is asked of the index as a tree of tokens, written in the words of either database."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Token:
    text: str


@dataclass(frozen=True)
class AllOf:
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class AnyOf:
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Without:
    """What the first finds and the second does not."""

    kept: "Expression"
    left_out: "Expression"


Expression = Token | AllOf | AnyOf | Without


def any_of(tokens: Iterable[str]) -> Expression:
    return AnyOf(tuple(Token(text) for text in sorted(set(tokens))))


def written(asked: Expression, *, for_sqlite: bool) -> str:
    """Tokens are letters, digits and `_` of our own analyser: within quotes they mean nothing else."""
    both, either, but, quote = (" AND ", " OR ", " NOT ", '"') if for_sqlite else (" & ", " | ", " & !", "'")
    match asked:
        case Token(text):
            return f"{quote}{text}{quote}"
        case AllOf(parts):
            return f"({both.join(written(part, for_sqlite=for_sqlite) for part in parts)})"
        case AnyOf(parts):
            return f"({either.join(written(part, for_sqlite=for_sqlite) for part in parts)})"
        case Without(kept, left_out):
            sides = (written(part, for_sqlite=for_sqlite) for part in (kept, left_out))
            return f"({but.join(sides)})"
