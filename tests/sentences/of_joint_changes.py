"""Changes made together, and what an organisation owes: what letters, previews and heads say of them."""

import datetime as dt

from app.domain import list_heads, mail_sentences
from app.domain.sentences import joint_changes
from app.domain.verbs import Verb
from tests.sentences.table import Rows, situations

BEFORE = dt.date(2027, 1, 31)


@situations("changes made together")
def changes() -> Rows:
    yield "assigned", joint_changes.change("action_assigned", None), "New for your post"
    yield "moved here", joint_changes.change("action_reassigned", None), "Handed over to your post"
    yield "moved away", joint_changes.change("link_moved", None), "Moved to another post: no longer with yours"
    yield "nobody holds its post", joint_changes.change("action_unheld", None), "Its post has no holder"
    yield "a first deadline", joint_changes.change("deadline_moved", None), "New deadline"
    yield "a deadline", joint_changes.change("deadline_moved", BEFORE), "New deadline; until now 31 January 2027"
    yield (
        "an extension",
        joint_changes.of_deadline(Verb.MOVE_DEADLINE),
        "An extension: counted, and public with its reason",
    )
    yield (
        "a correction",
        joint_changes.of_deadline(Verb.CORRECT_DEADLINE),
        "A correction of the first deadline: not counted",
    )
    yield "published", joint_changes.of_publication(is_shown=True), "On the public pages at once"
    yield (
        "published below what is not",
        joint_changes.of_publication(is_shown=False),
        "On the public pages once its recommendation is",
    )
    yield "subject", mail_sentences.subject_of_several("changed_together", "3"), "For your posts: 3"


@situations("what an organisation owes")
def owes() -> Rows:
    yield "nothing late", list_heads.organisation(0, 100), "Nothing of your organisation is late"
    yield "one", list_heads.organisation(1, 100), "1 action of your organisation is late"
    yield "two", list_heads.organisation(2, 100), "2 actions of your organisation are late"
    yield "a few", list_heads.organisation(7, 100), "7 actions of your organisation are late"
    yield "too many", list_heads.organisation(101, 100), "More than a hundred actions of your organisation are late"
    yield "owed", list_heads.section("owed", 3, 100), "3 actions to answer for"
    yield "supported", list_heads.section("supported", 2, 100), "2 supported actions"
