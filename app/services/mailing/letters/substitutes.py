"""Letters to whoever shall act for the holder of a post: named, or named no more."""

from app.domain.messages import N_
from app.mail.acting_letters import Acting
from app.models.people import Person, PlannedSeat
from app.queries.mailing.letters import post_line
from app.queries.scope import seats
from app.services.mailing.letters.case import Case, NoLongerWanted

_TAKEN_BACK = N_("Taken back before it was told")


def still_named(case: Case) -> PlannedSeat:
    plan = case.session.get_one(PlannedSeat, case.envelope.number("plan_id"))
    if plan.ended_at is not None:
        raise NoLongerWanted(_TAKEN_BACK)
    return plan


def still_off(case: Case) -> PlannedSeat:
    return case.session.get_one(PlannedSeat, case.envelope.number("plan_id"))


def named(case: Case) -> Acting:
    return _letter(case, still_named(case), is_off=False)


def withdrawn(case: Case) -> Acting:
    return _letter(case, still_off(case), is_off=True)


def _letter(case: Case, plan: PlannedSeat, *, is_off: bool) -> Acting:
    holder = case.session.get(Person, seats.holder(case.session, plan.post_id) or 0)
    return Acting(
        to=case.to,
        today=case.today,
        post=" · ".join(post_line(case.session, plan.post_id, case.lang)),
        holder=holder.name if holder else "",
        from_on=plan.from_on,
        until_on=plan.until_on or plan.from_on,
        note="" if is_off else plan.note,
        is_off=is_off,
    )
