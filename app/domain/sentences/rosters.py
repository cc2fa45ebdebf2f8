"""What a list of bodies, posts and people does, thing by thing, and above it in all."""

from enum import StrEnum

from app.domain.messages import N_, Counted, Message


class RosterAct(StrEnum):
    MADE = "made"
    CHANGED = "changed"


_TOLD = {
    ("organisation", RosterAct.MADE): N_("New organisation: %(name)s"),
    ("organisation", RosterAct.CHANGED): N_("Organisation changed: %(name)s"),
    ("post", RosterAct.MADE): N_("New post: %(name)s"),
    ("post", RosterAct.CHANGED): N_("Post changed: %(name)s"),
    ("person", RosterAct.MADE): N_("New person: %(name)s"),
    ("person", RosterAct.CHANGED): N_("Person changed: %(name)s"),
    ("holder", RosterAct.CHANGED): N_("New holder of the post: %(name)s"),
}


def told(noun: str, act: RosterAct, name: str) -> Message:
    return Message(_TOLD[noun, act], name=name)


def head(done: int, refused: int, *, is_trial: bool) -> Message:
    """One line that is refused stops the whole file."""
    if refused:
        return Counted(
            "%(num)s line can't be taken: nothing was entered",
            "%(num)s lines can't be taken: nothing was entered",
            refused,
        )
    if not done:
        return Message(N_("Nothing changes: all of it stands here already"))
    if is_trial:
        return Counted("%(num)s thing would be made or changed", "%(num)s things would be made or changed", done)
    return Counted("%(num)s thing was made or changed", "%(num)s things were made or changed", done)
