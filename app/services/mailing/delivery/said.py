"""A letter written in the installation's words; in ours where those fail, since no wording may hold up a mail.

What failed is remembered with the mail that was written after all, for the administrator's page.
"""

import logging
from functools import partial
from typing import Any

from app.domain.errors import Refused
from app.i18n import voices
from app.i18n.voices import SpokenVoice
from app.mail.policy import Mail
from app.services.kernel import wording_faults
from app.services.mailing.letters import Case, MessageKind, NoLongerWanted

log = logging.getLogger("tatbiq.delivery")


def written(kind: MessageKind[Any], case: Case, voice: SpokenVoice | None) -> Mail:
    if voice is None:
        return kind.message(kind.load(case))
    try:
        with voices.speaking(voice):
            return kind.message(kind.load(case))
    except (NoLongerWanted, Refused):
        raise
    except Exception:
        log.exception("the wording of the mail %s in %s failed: it is written in ours", case.envelope.kind, case.lang)
    case.keys.clear()
    case.later.clear()
    mail = kind.message(kind.load(case))
    case.later.append(partial(wording_faults.remember, lang=case.lang, kind=case.envelope.kind, now=case.now))
    return mail
