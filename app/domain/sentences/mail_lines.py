"""What a line of a mail says beside its action where it is about a part, a request, an empty post or a question."""

from app.domain.messages import N_

YOURS, YOURS_NAMED = N_("Your part of it"), N_("Your part: %(what)s")
OF_BODY, OF_BODY_NAMED = N_("Part of: %(body)s"), N_("Part of: %(body)s. %(what)s")
UNDECIDED = N_("A request for more time waits for a decision: grant it or refuse it.")
NO_HOLDER = N_("Nobody holds this post: name a holder.")
QUESTION = N_("The secretariat has asked you something about it, and waits for your answer.")
