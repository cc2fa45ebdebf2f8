"""Lists of bodies, posts and people: what stands above what they do."""

from app.domain.sentences import rosters
from app.domain.sentences.rosters import RosterAct
from tests.sentences.table import Rows, situations


@situations("a list taken in")
def heads() -> Rows:
    yield "one would be made", rosters.head(1, 0, is_trial=True), "1 thing would be made or changed"
    yield "several would be made", rosters.head(11, 0, is_trial=True), "11 things would be made or changed"
    yield "two were made", rosters.head(2, 0, is_trial=False), "2 things were made or changed"
    yield "nothing new in it", rosters.head(0, 0, is_trial=True), "Nothing changes: all of it stands here already"
    yield "a line is refused", rosters.head(9, 1, is_trial=False), "1 line can’t be taken: nothing was entered"
    yield "lines are refused", rosters.head(0, 3, is_trial=True), "3 lines can’t be taken: nothing was entered"
    yield "a new post", rosters.told("post", RosterAct.MADE, "P1"), "New post: P1"
    yield "another holder", rosters.told("holder", RosterAct.CHANGED, "P1, N1"), "New holder of the post: P1, N1"
