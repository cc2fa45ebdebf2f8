"""Who may do what; who sees how much is a matter of rows, and so of `queries.scope.visible`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import NotAllowed
from app.domain.texts import LANGS
from app.domain.workflow import PARTS, Part, State, Verb, find


class Role(StrEnum):
    SECRETARIAT = "secretariat"
    VERIFIER = "verifier"
    OBSERVER = "observer"
    OWNER = "owner"
    CONTRIBUTOR = "contributor"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Grant:
    """A role somebody was given; no programme: in every programme. Organisation and region narrow an observer."""

    role: Role
    programme_id: int | None = None
    organisation_id: int | None = None
    region: str | None = None


@dataclass(frozen=True)
class Viewer:
    """Somebody at the door; `organisation_ids_managed` come from the manager's posts held, beside the grants."""

    person_id: int | None
    grants: frozenset[Grant] = frozenset()
    post_ids: frozenset[int] = frozenset()
    organisation_ids_managed: frozenset[int] = frozenset()
    is_partner: bool = False  # every post held is that of an external partner
    lang: str = LANGS[0]
    proposes_id: int | None = None  # the recommendation that they proposed; by a mailed key, and nothing else then

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None


PUBLIC = Viewer(None)
HANDS = frozenset({Part.OWNER, Part.CONTRIBUTOR, Part.SECRETARIAT})


@dataclass(frozen=True)
class ActionFacts:
    """What decides about one action."""

    programme_id: int
    lead_organisation_id: int | None = None
    owner_post_id: int | None = None
    supporting_post_ids: frozenset[int] = frozenset()
    submitter_id: int | None = None
    recorder_ids: frozenset[int] = frozenset()  # who recorded on behalf, and who attached its evidence
    supporting_organisation_ids: frozenset[int] = frozenset()
    recommendation_id: int | None = None


def has_role(viewer: Viewer, *roles: Role) -> bool:
    """Whether any of these roles was granted, wherever."""
    return any(grant.role in roles for grant in viewer.grants)


def may(viewer: Viewer, programme_id: int, *roles: Role) -> bool:
    """Whether any of these roles holds in the programme as a whole."""
    return any(grant.role in roles for grant in _grants_in(viewer, programme_id) if not _is_narrow(grant))


def managed(viewer: Viewer) -> frozenset[int]:
    """The organisations of which the viewer is a manager, by a post or by a grant."""
    granted = (grant.organisation_id for grant in viewer.grants if grant.role is Role.MANAGER)
    return viewer.organisation_ids_managed | {organisation for organisation in granted if organisation is not None}


def speaks_for(viewer: Viewer, facts: ActionFacts) -> int | None:
    """The post that a hand on the action is one's of: the owner's before a supporter's."""
    if facts.owner_post_id in viewer.post_ids:
        return facts.owner_post_id
    return min(viewer.post_ids & facts.supporting_post_ids, default=None)


def parts(viewer: Viewer, facts: ActionFacts) -> frozenset[Part]:
    """In which capacities the viewer may act on the action: several, one or none."""
    if not viewer.is_signed_in:
        proposed = viewer.proposes_id is not None and viewer.proposes_id == facts.recommendation_id
        return frozenset({Part.PROPOSER}) if proposed else frozenset()
    holds = {
        Part.SECRETARIAT: may(viewer, facts.programme_id, Role.SECRETARIAT),
        Part.OWNER: facts.owner_post_id in viewer.post_ids,
        Part.CONTRIBUTOR: bool(facts.supporting_post_ids & viewer.post_ids),
        Part.MANAGER: bool(managed(viewer) & concerned(facts)),
        Part.VERIFIER: may(viewer, facts.programme_id, Role.VERIFIER) and not _has_a_stake(viewer, facts),
    }
    return frozenset(part for part, held in holds.items() if held)


def require(viewer: Viewer, facts: ActionFacts, verb: Verb, state: State | None = None) -> frozenset[Part]:
    """The parts that entitle the viewer to the verb (from `state`, if given); raises NotAllowed when none does."""
    entitled = parts(viewer, facts) & _entitled(verb, state)
    if not entitled:
        raise NotAllowed
    return entitled


def require_any(viewer: Viewer, facts: ActionFacts, rights: Iterable[Verb | Part], state: State) -> None:
    """Raises NotAllowed unless the viewer has one of these parts, or one of these verbs from `state`."""
    held = parts(viewer, facts)
    if not any(held & ({right} if isinstance(right, Part) else _entitled(right, state)) for right in rights):
        raise NotAllowed


def require_secretariat(viewer: Viewer, programme_id: int) -> None:
    """Planning, publishing, releasing, answering, reviewing: the secretariat's, in its programme."""
    _require(may(viewer, programme_id, Role.SECRETARIAT))


def require_hand(viewer: Viewer, facts: ActionFacts) -> None:
    """Documents and milestones: of whoever owes the action or answers for it."""
    _require(bool(parts(viewer, facts) & HANDS))


def require_programme(viewer: Viewer, programme_id: int) -> None:
    """Editing and publishing a programme itself: its secretariat's, and the administrators'."""
    _require(may(viewer, programme_id, Role.SECRETARIAT) or has_role(viewer, Role.ADMINISTRATOR))


def require_set_up(viewer: Viewer) -> None:
    """Making programmes, bodies, posts, people: administrators, and any secretariat, which needs them to assign to."""
    _require(has_role(viewer, Role.ADMINISTRATOR, Role.SECRETARIAT))


def require_administrator(viewer: Viewer) -> None:
    _require(has_role(viewer, Role.ADMINISTRATOR))


def _require(entitled: bool) -> None:
    if not entitled:
        raise NotAllowed


def _grants_in(viewer: Viewer, programme_id: int) -> Iterable[Grant]:
    return (grant for grant in viewer.grants if grant.programme_id in (None, programme_id))


def _is_narrow(grant: Grant) -> bool:
    return grant.organisation_id is not None or grant.region is not None


def concerned(facts: ActionFacts) -> frozenset[int]:
    """The organisations that lead or support it."""
    lead = frozenset() if facts.lead_organisation_id is None else frozenset({facts.lead_organisation_id})
    return facts.supporting_organisation_ids | lead


def _has_a_stake(viewer: Viewer, facts: ActionFacts) -> bool:
    """Nobody verifies what is theirs: the owner, who submitted it, who recorded it on behalf or named its evidence."""
    return (
        facts.owner_post_id in viewer.post_ids
        or viewer.person_id == facts.submitter_id
        or viewer.person_id in facts.recorder_ids
    )


def _entitled(verb: Verb, state: State | None) -> frozenset[Part]:
    row = None if state is None else find(verb, state)
    if row is not None:
        return row.parts
    return PARTS[verb]
