"""What is refused, before it is in anybody's language."""

from app.domain.errors import Problems, Refused, Stale
from app.domain.messages import N_, Message


def test_a_message_keeps_its_id_and_its_parameters_apart() -> None:
    message = Message("%(count)s days", count=3)
    assert (message.text, message.params, str(message)) == ("%(count)s days", {"count": 3}, "3 days")
    assert message == Message("%(count)s days", count=3) != Message("%(count)s days", count=4)
    assert len({message, Message("%(count)s days", count=3)}) == 1


def test_a_percent_sign_without_parameters_is_only_a_sign() -> None:
    assert str(Message("100% done")) == "100% done"


def test_a_refusal_names_the_field_that_is_to_blame() -> None:
    refused = Refused(N_("Choose a date after %(day)s."), field="due_on", day="1 March")
    assert refused.field == "due_on"
    assert str(refused) == "Choose a date after 1 March."


def test_several_refusals_travel_together() -> None:
    both = Problems([Refused("Say why."), Refused("Choose an owner.", field="owner")])
    assert [problem.field for problem in both.problems] == [None, "owner"]
    assert str(both) == "Say why.; Choose an owner."


def test_a_stale_edit_brings_what_stands_now() -> None:
    assert Stale({"title": "Help desk"}).current == {"title": "Help desk"}
