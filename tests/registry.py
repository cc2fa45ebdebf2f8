"""The addresses that the application answers, as it registered them: for tests of the words about them."""

from typing import Any

from fastapi.routing import iter_route_contexts


def registered(application: Any) -> set[tuple[str, str]]:
    """(method, path) of every route; HEAD goes with GET. The layers before the routes keep what they wrap in `app`."""
    while not hasattr(application, "routes"):
        application = application.app
    return {
        (method, route.path or "")
        for route in iter_route_contexts(application.routes)
        for method in (route.methods or ())
        if method not in {"HEAD", "OPTIONS"}
    }
