"""What each page costs at each size: processor time of the service for one answer, public pages on a miss."""

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.client import Ask, one_by_one, size
from benchmarks.processes import Served
from benchmarks.scene import Scene, cookie

_WARMING, _PATIENCE = 3, 4.0  # requests; seconds after which one answer is enough
STEP, WHOLE = 1.3, 1.5  # aims: ten times, a hundred times the data
OVERVIEW = 5.0  # milliseconds on a miss


@dataclass
class Growth:
    """One page: milliseconds by number of actions, and the kilobytes of the largest."""

    name: str
    spent: dict[int, float] = field(default_factory=dict)
    kilobytes: float = 0.0


def pages(scene: Scene) -> dict[str, Ask]:
    """Every kind of page, public and in the workspace; addresses of the scene's own items."""
    action, meeting, body = scene.own[0], "or-2023-11-1", "chambre-commerce-tta"
    workspace = {
        "desk": ("secretariat", "desk"),
        "desk of a verifier": ("verifier", "desk"),
        **{
            f"desk: {name}": ("secretariat", f"desk?only={name}")
            for name in ("to_assign", "words", "unconfirmed", "blocked", "silent", "unanswered", "to_publish")
        },
        "my actions": ("owner", "mine"),
        "actions": ("secretariat", "actions"),
        "actions of every state": ("secretariat", "actions?state=all"),
        "actions overdue": ("secretariat", "actions?overdue=1"),
        "actions of a body": ("secretariat", f"actions?organisation={body}"),
        "actions of a meeting": ("secretariat", f"actions?meeting={meeting}"),
        "actions of an owner": ("owner", "actions"),
        "filters": ("secretariat", "actions/filters"),
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
    return found | {name: Ask(f"/ar/workspace/{path}", cookie(who)) for name, (who, path) in workspace.items()}


def measure(
    served: Served, scene: Scene, actions: int, requests: int, touch: Callable[[], None], found: dict[str, Growth]
) -> None:
    """Adds this size to what was found."""
    for name, ask in pages(scene).items():
        growth = found.setdefault(name, Growth(name))
        first = one_by_one(served.port, ask, _WARMING, _no_form, touch)
        count = 1 if max(first) > _PATIENCE else requests
        before = served.cpu()
        one_by_one(served.port, ask, count, _no_form, touch)
        growth.spent[actions] = (served.cpu() - before) * 1000 / count
        growth.kilobytes = max(growth.kilobytes, size(served.port, ask, "") / 1000)


def _no_form() -> str:
    return ""
