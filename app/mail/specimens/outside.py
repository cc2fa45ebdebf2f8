"""Letters about no one action of the reader's: to come in, of posts and addresses, to who proposed something."""

import datetime as dt
from collections.abc import Callable

from app.domain.permissions import Role
from app.domain.workflow import Verb
from app.mail import letters, messages
from app.mail.invitation_letters import InvitationLetter
from app.mail.letters import Reader
from app.mail.policy import Mail
from app.mail.proposal_letters import Proposed, ProposedMove
from app.mail.specimens.facts import BASE, NOTES, POSTS, TITLES, TODAY, reader, several


def proposed(*moves: tuple[Verb, dt.date | None]) -> Callable[[str], Mail]:
    """To who proposed something: the news of as many actions."""

    def letter(lang: str) -> Mail:
        told = [
            ProposedMove(
                title=TITLES[lang][n % 2], ref=f"FM-2024-03.{n}", verb=verb, due_on=due_on,
                ask=f"{BASE}/{lang}/voice/{'k' * 43}" if verb is Verb.VERIFY else "",
                reason=NOTES[lang] if verb is Verb.NOT_UPHELD else "",
            )
            for n, (verb, due_on) in enumerate(moves, 1)
        ]  # fmt: skip
        return messages.proposal_moved(
            Proposed(
                to=Reader(address="coop@cri.example", lang=lang, name="Coop"),
                today=TODAY,
                title=TITLES[lang][0],
                ref="FM-2024-03",
                page=f"{BASE}/{lang}/recommendations/FM-2024-03",
                moves=tuple(told),
            )
        )

    return letter


LETTERS: dict[str, Callable[[str], Mail]] = {
    "sign_in": lambda lang: messages.sign_in(
        letters.SignInLetter(to=reader(lang), link=f"{BASE}/{lang}/sign-in/{'s' * 43}", code="483 920", minutes=10)
    ),
    "invitation": lambda lang: messages.invitation(
        InvitationLetter(
            to=reader(lang),
            link=f"{BASE}/{lang}/sign-in/invitation/{'s' * 43}",
            until=TODAY + dt.timedelta(7),
            post=" · ".join(POSTS[lang]),
            offered=Role.VERIFIER,
            programme=TITLES[lang][1],
        )
    ),
    "no_holder": lambda lang: messages.no_holder(
        letters.NoHolder(
            to=reader(lang),
            today=TODAY,
            post=POSTS[lang][0],
            organisation=POSTS[lang][1],
            page=f"{BASE}/{lang}/workspace/posts/follow-up",
            items=several(lang),
        )
    ),
    "undeliverable": lambda lang: messages.undeliverable(
        letters.Undeliverable(
            to=reader(lang),
            who="عمر" if lang == "ar" else "Omar",
            address="omar@cri.example",
            about=TITLES[lang][0],
            reason="550 5.1.1 no such user",
            page=f"{BASE}/{lang}/workspace/outgoing",
        )
    ),
    "proposal_moved": proposed((Verb.VERIFY, None), (Verb.NOT_UPHELD, None)),
}
