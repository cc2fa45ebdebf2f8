"""What a page says of somebody for whom it can show no role and no post."""

from app.domain.permissions import Grant, Role, Viewer
from app.domain.sentences import duties
from tests.sentences.table import Rows, situations


@situations("Of somebody without a role and without a post")
def nobody() -> Rows:
    for name, role, programme_id, said in (
        (
            "read by an administrator",
            Role.ADMINISTRATOR,
            None,
            "No role and no post yet: this person sees only what is public.",
        ),
        ("read by a secretariat", Role.SECRETARIAT, 1, "No post, and no role in your programmes."),
    ):
        viewer = Viewer(1, frozenset({Grant(role, programme_id)}))
        yield name, duties.none_of(viewer), said
