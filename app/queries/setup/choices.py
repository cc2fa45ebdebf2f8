"""What forms of the secretariat offer to choose from: posts of organisations, and which of them some words may mean."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.texts import Titles
from app.intake.page import fold
from app.models.people import Organisation, Post
from app.queries.scope import name_search

MAX_MEANT = 3
FEW = 30  # in a list to choose from; words find the others
_ENOUGH = 0.6  # of the words of a name
# Arabic writes "and", "by", "to" and the article onto the word itself.
_GLUED = re.compile(r"^(?:[وبلف])?(?:ال|لل)?(?=[ء-ي]{3})")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SMALL = frozenset({"de", "du", "des", "la", "le", "les", "et", "au", "aux", "pour"}) | frozenset(
    {"of", "the", "for", "and", "in", "في", "من", "على", "الي"}
)


@dataclass(frozen=True, slots=True)
class PostChoice:
    id: int
    titles: Titles
    organisation_id: int
    organisation: Titles


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    id: int
    titles: Titles


_POSTS: Any = (
    sa.select(col(Post.id), col(Post.titles), col(Organisation.id), col(Organisation.titles))
    .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
    .order_by(col(Organisation.slug), col(Post.slug))
)
_BODIES: Any = sa.select(col(Organisation.id), col(Organisation.titles)).order_by(col(Organisation.slug))


def posts(session: Session) -> list[PostChoice]:
    """Every post, those of one organisation together."""
    return [PostChoice(*row) for row in session.execute(_POSTS).all()]


def found(session: Session, words: str = "", chosen: Collection[int] = ()) -> list[PostChoice]:
    """A few posts, by words of their own or their body's name, and the chosen ones; one more than FEW: others."""
    named = name_search.conditions(words, col(Post.titles), col(Organisation.titles), col(Organisation.slug))
    rows = [PostChoice(*row) for row in session.execute(_POSTS.where(*named).limit(FEW + 1)).all()]
    missing = set(chosen) - {post.id for post in rows[:FEW]}
    kept = session.execute(_POSTS.where(col(Post.id).in_(missing))) if missing else ()
    return [*(PostChoice(*row) for row in kept), *rows]


def bodies(session: Session, words: str = "", chosen: Collection[int] = ()) -> list[OrganisationChoice]:
    """A few organisations, by words of their name, and the chosen ones; one more than FEW tells of others."""
    named = name_search.conditions(words, col(Organisation.titles), col(Organisation.slug))
    rows = [OrganisationChoice(*row) for row in session.execute(_BODIES.where(*named).limit(FEW + 1)).all()]
    missing = set(chosen) - {body.id for body in rows[:FEW]}
    kept = session.execute(_BODIES.where(col(Organisation.id).in_(missing))) if missing else ()
    return [*(OrganisationChoice(*row) for row in kept), *rows]


def organisations(session: Session) -> list[OrganisationChoice]:
    return [OrganisationChoice(*row) for row in session.execute(_BODIES).all()]


def meant(choices: Sequence[PostChoice], words: str) -> list[PostChoice]:
    """The posts whose organisation or title the words of a report name, the closest first."""
    said = _words(words)
    if not said:
        return []
    scored = [(_closeness(choice, said), -index, choice) for index, choice in enumerate(choices)]
    close = sorted((found for found in scored if found[0] >= _ENOUGH), key=lambda found: found[:2], reverse=True)
    return [choice for _, _, choice in close[:MAX_MEANT]]


def _closeness(choice: PostChoice, said: frozenset[str]) -> float:
    names = [_words(name) for titles in (choice.organisation, choice.titles) for name in titles.values()]
    return max((len(name & said) / len(name) for name in names if name), default=0.0)


def _words(text: str) -> frozenset[str]:
    found = (_GLUED.sub("", word) for word in _WORD.findall(fold(text)))
    return frozenset(word for word in found if word not in _SMALL and len(word) > 1)
