"""What each page costs at each size: processor time of the service for one answer, public pages on a miss."""

import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.client import Ask, one_by_one, size
from benchmarks.processes import Served
from benchmarks.scene import REGION, Scene, cookie

_WARMING, _PATIENCE = 10, 4.0  # requests; seconds after which one answer is enough
_ROUNDS = 6
STEP, WHOLE = 1.3, 1.5  # aims: ten times, a hundred times the data
OVERVIEW = 5.0  # milliseconds on a miss
LIST, SEARCH = "actions", 3.0  # the list that searches are compared with, and how many times it they may cost


@dataclass(frozen=True)
class Sized:
    """A service over so many actions; `touch` changes something that every page shows."""

    actions: int
    served: Served
    scene: Scene
    touch: Callable[[], None]


@dataclass
class Growth:
    """One page: by number of actions the milliseconds and the kilobytes."""

    name: str
    spent: dict[int, float] = field(default_factory=dict)
    kilobytes: dict[int, float] = field(default_factory=dict)


def pages(scene: Scene) -> dict[str, Ask]:
    """Every kind of page about items that fill it at every size, so that the same page is compared."""
    action, meeting, body = scene.own[0], "or-2023-11-1", scene.body
    workspace = {
        "desk": ("secretariat", "desk"),
        "desk of a verifier": ("verifier", "desk"),
        **{
            f"desk: {name}": ("secretariat", f"desk?only={name}")
            for name in ("to_assign", "words", "unconfirmed", "blocked", "silent", "unanswered", "to_publish")
        },
        "my actions": ("busy", "mine"),
        "manager's page": ("manager", "organisation"),
        "manager's page: all that is owed": ("manager", "organisation?only=owed"),
        "observer's page": ("observer", "overview"),
        "observer's page of a region": ("observer", f"overview?region={REGION}"),
        "page of a region's observer": ("observer-region", "overview"),
        "actions of a region": ("secretariat", f"actions?region={REGION}"),
        "list of a region's observer": ("observer-region", "actions"),
        "actions": ("secretariat", "actions"),
        "actions of every state": ("secretariat", "actions?state=all"),
        "actions overdue": ("secretariat", "actions?overdue=1"),
        "actions of a body": ("secretariat", f"actions?organisation={body}"),
        "actions of a meeting": ("secretariat", f"actions?meeting={meeting}"),
        "actions of an owner": ("busy", "actions"),
        "an owner's of a body": ("busy", f"actions?organisation={body}"),
        "filters": ("secretariat", "actions/filters"),
        "search: a word in all": ("secretariat", "search?q=pour"),
        "search: rare words": ("secretariat", "search?q=accueil+pilot"),
        "search: a beginning": ("busy", "search?q=dev"),
        "search of a region's observer": ("observer-region", "search?q=pour"),
        "bulk edit: what to change": ("secretariat", "actions/bulk-edits"),
        "dossier": ("secretariat", f"actions/{action}"),
        "dossier of an owner": ("owner", f"actions/{action}"),
        "recommendation": ("secretariat", f"recommendations/{scene.clean}"),
        "meetings": ("secretariat", "meetings"),
        "meeting": ("secretariat", f"meetings/{meeting}"),
        "review": ("secretariat", f"meetings/{meeting}/review"),
        "what goes out": ("secretariat", "outgoing"),
        "set-up: people": ("administrator", "setup/people"),
        "set-up: bodies": ("administrator", "setup/organisations"),
        "set-up: posts": ("administrator", "setup/posts"),
    }
    public = {
        "overview": "",
        "public meetings": "meetings/",
        "public meeting": f"meetings/{meeting}",
        "programme": "programmes/regional-meetings",
        "story": f"recommendations/{scene.clean}",
        "public action": f"actions/{action}",
        "organisation": f"organisations/{body}",
        "about": "about",
    }
    found = {name: Ask(f"/ar/{path}") for name, path in public.items()}
    found |= {name: Ask(f"/ar/workspace/{path}", cookie(who)) for name, (who, path) in workspace.items()}
    return found | {f"bulk edit: preview of {len(scene.together)}": _preview(scene)}


def _preview(scene: Scene) -> Ask:
    """Done and undone, so that every request finds the same."""
    form: dict[str, str | list[str]] = {"ref": list(scene.together), "change": "deadline"}
    form |= {"due_on": "2099-12-31", "reason": "Le budget arrive plus tard."}
    return Ask("/ar/workspace/actions/bulk-edits/preview", cookie("secretariat"), form)


def measure(sizes: list[Sized], requests: int, named: str = "") -> list[Growth]:
    """Page by page all sizes by turns, so that what else the machine does falls on all of them."""
    asked = {one.actions: pages(one.scene) for one in sizes}
    names = [name for name in pages(sizes[0].scene) if re.search(named, name)]
    return [_measured(name, [(one, asked[one.actions][name]) for one in sizes], requests) for name in names]


def searches(found: list[Growth]) -> dict[str, float]:
    """What each search costs, as so many times the list of fifty; both over the most actions."""
    spent = {page.name: page.spent[max(page.spent)] for page in found}
    return {name: spent[name] / spent[LIST] for name in spent if name.startswith("search") and LIST in spent}


def _measured(name: str, asks: list[tuple[Sized, Ask]], requests: int) -> Growth:
    """The middle of the rounds."""
    growth, spent = Growth(name), {one.actions: list[float]() for one, _ in asks}
    slowest = max(max(one_by_one(one.served.port, ask, _WARMING, _no_form, one.touch)) for one, ask in asks)
    rounds, each = (1, 1) if slowest > _PATIENCE else (_ROUNDS, requests // _ROUNDS)
    for _ in range(rounds):
        for one, ask in asks:
            spent[one.actions].append(_round(one, ask, each))
    for one, ask in asks:
        growth.spent[one.actions] = statistics.median(spent[one.actions])
        growth.kilobytes[one.actions] = size(one.served.port, ask, "") / 1000
    return growth


def _round(one: Sized, ask: Ask, requests: int) -> float:
    """Milliseconds of CPU an answer."""
    before = one.served.cpu()
    one_by_one(one.served.port, ask, requests, _no_form, one.touch)
    return (one.served.cpu() - before) * 1000 / requests


def _no_form() -> str:
    return ""
