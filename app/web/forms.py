"""A submitted form: what was typed, what is wrong with it, and the one attempt to carry it out."""

import datetime as dt
import re
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Generic, ParamSpec, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from app.db import Writer
from app.domain.errors import NoRoom, Problems, Refused, Stale, TooLarge, TooLate, TooMany, UnknownKind
from app.domain.messages import N_, Message
from app.i18n.labels import label
from app.services.kernel import idempotency

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=BaseModel)

REQUIRED = N_("Fill in this field")
_MESSAGES = {
    "missing": REQUIRED,
    "string_too_short": REQUIRED,
    "string_too_long": N_("This is too long: use at most %(max_length)s characters"),
    "date_from_datetime_parsing": N_("Enter a date, for example 2027-03-31"),
    "date_parsing": N_("Enter a date, for example 2027-03-31"),
    "int_parsing": N_("Enter a whole number"),
    "greater_than_equal": N_("Enter a number of at least %(ge)s"),
    "less_than_equal": N_("Enter a number of at most %(le)s"),
    "enum": N_("Choose one of the answers"),
    "literal_error": N_("Choose one of the answers"),
    "value_error": N_("Enter a valid value"),
    "beyond_numbers": N_("Enter a whole number"),
    "beyond_dates": N_("Enter a date between %(first)s and %(last)s"),
    "beyond_lists": N_("Choose one of the list"),
    "unwritable": N_("The text holds characters that can't be kept. Type it again."),
}
_KEY = re.compile(r"[\w-]{1,64}", re.ASCII)  # of a form, as pages carry it: whatever else is sent counts as a new form
# What makes no sense in any form of ours, whatever the field: asked once, here.
_FIRST, _LAST = dt.date(1956, 3, 2), dt.date(2156, 12, 31)
_INTEGERS = range(-(2**31), 2**31)
LONGEST_TEXT = 8_000
_LONGEST_TITLE = 1_000
_STATUSES: dict[type[Refused], int] = {TooLate: 409, TooLarge: 413, UnknownKind: 415, NoRoom: 507}
UNKNOWN_FIELD = N_("The form holds a field that does not belong there. Open the page again and repeat.")


class Fields(BaseModel):
    """The base of all input models: nothing unknown is let in, and what was typed loses its outer white space.

    A text without a length of its own has LONGEST_TEXT; numbers and dates are such as a person could mean.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _makes_sense(cls, value: object, info: ValidationInfo) -> object:
        name = info.field_name or ""
        has_length = any(hasattr(limit, "max_length") for limit in cls.model_fields[name].metadata)
        longest = sys.maxsize if has_length else LONGEST_TEXT
        for one in value if isinstance(value, tuple) else (value,):
            _check(name, one, longest)
        for one in value.values() if isinstance(value, dict) else ():
            _check(name, one, _LONGEST_TITLE)
        return value


class NoFields(Fields):
    """A button alone."""


class ReasonFields(Fields):
    reason: str = ""


def _check(name: str, value: object, longest: int) -> None:
    if isinstance(value, dt.date) and not _FIRST <= value <= _LAST:
        raise PydanticCustomError("beyond_dates", "", {"first": _FIRST.isoformat(), "last": _LAST.isoformat()})
    if isinstance(value, int) and not isinstance(value, bool):
        if value not in _INTEGERS:
            raise PydanticCustomError("beyond_numbers", "")
        if name.endswith("_id") and value < 1:
            raise PydanticCustomError("beyond_lists", "")
    if isinstance(value, str):
        if "\0" in value:
            raise PydanticCustomError("unwritable", "")
        if len(value) > longest:
            raise PydanticCustomError("string_too_long", "", {"max_length": longest})


def is_looking(typed: FormData) -> bool:
    """Whether the button was pressed that finds something to choose from, and writes nothing."""
    return bool(typed.get("find"))


def numbers(*typed: str) -> list[int]:
    """The ids among what was typed."""
    return [int(text) for text in typed if text.isdecimal() and len(text) < 10]


def options(choices: Iterable[StrEnum], lang: str) -> list[tuple[str, str]]:
    """What a select or radios offer: values with their words."""
    return [(choice.value, label(choice, lang)) for choice in choices]


class Form(Generic[M]):
    """What templates get as `form`: values as typed, errors by field, problems of the whole."""

    def __init__(self, values: Mapping[str, str] | None = None, once: str = "", at: str = "") -> None:
        self.at = at  # before the ids of its fields, where a page has several forms
        self.values: dict[str, str] = dict(values or {})
        self.lists: dict[str, list[str]] = {}
        self.errors: dict[str, Message] = {}
        self.problems: list[Message] = []
        self.once = once if _KEY.fullmatch(once) else secrets.token_urlsafe(18)
        self.current: dict[str, object] | None = None  # what stands now, when somebody else changed it
        self.data: M | None = None
        self._wrong = 422

    @classmethod
    def read(cls, model: type[M], typed: FormData, at: str = "") -> "Form[M]":
        """Names like `titles.fr` become nested values; lists come from fields that the model declares as tuples."""
        form = cls({k: v for k, v in typed.multi_items() if isinstance(v, str)}, str(typed.get("once") or ""), at)
        form.lists = {k: [str(v) for v in typed.getlist(k)] for k in typed}
        try:
            form.data = model.model_validate(_nested(model, typed))
        except ValidationError as error:
            form._explain(error)
        return form

    @property
    def ok(self) -> bool:
        return self.data is not None and not self.errors and not self.problems

    @property
    def status(self) -> int:
        return 409 if self.current is not None else self._wrong if self.errors or self.problems else 200

    def attempt(self, session: Session, service: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Carry the form out once: refused leaves nothing behind, sent twice leads where the first led."""
        if not self.ok:
            return None
        idempotency.claim(session, self.once)
        try:
            return service(*args, **kwargs)
        except Stale as stale:
            self.current = stale.current
            self.problems.append(Message(N_("Somebody else changed this in the meantime. Compare, then save again.")))
        except TooMany:
            raise
        except Refused as refused:
            self._refuse(refused)
        except Problems as several:
            for problem in several.problems:
                self._refuse(problem)
        _undo(session)
        return None

    def look_ahead(self, session: Session, service: Callable[[M], R]) -> R | None:
        """What the service would give: it is carried out and undone. None where it was refused."""
        found = self.attempt(session, service, self.data) if self.data is not None else None
        if found is not None:
            _undo(session)
        return found

    def carry_out(
        self, session: Session, verb: Callable[[M], str], again: Callable[["Form[M]"], Response], hidden: str = ""
    ) -> Response:
        """How every POST ends: the verb says where it leads; refused, the page comes again with what was typed."""
        location = self.attempt(session, verb, self.data) if self.data is not None else None
        return again(self) if location is None else self.done(session, location, hidden)

    def done(self, session: Session, location: str, hidden: str = "") -> RedirectResponse:
        """The redirect that ends every POST, remembered for a second submit of the same form without its `hidden`."""
        idempotency.remember(session, self.once, location, hidden)
        return RedirectResponse(location, status_code=303)

    def unread(self) -> "Form[M]":
        """Only what was typed is kept: nothing was to be done yet, so nothing is wrong with it."""
        self.data = None
        self.errors.clear()
        self.problems.clear()
        return self

    def _refuse(self, refused: Refused) -> None:
        self._wrong = _STATUSES.get(type(refused), self._wrong)
        if refused.field:
            self.errors.setdefault(refused.field, refused.message)
        else:
            self.problems.append(refused.message)

    def _explain(self, error: ValidationError) -> None:
        for item in error.errors():
            field = ".".join(str(part) for part in item["loc"])
            if item["type"] == "extra_forbidden":
                self.problems = [Message(UNKNOWN_FIELD)]
                continue
            text = _MESSAGES.get(item["type"], N_("Enter a valid value"))
            known = {k: v for k, v in item.get("ctx", {}).items() if f"%({k})s" in text}
            self.errors.setdefault(field, Message(text, **known))


def _undo(session: Session) -> None:
    """The form's key included, so that it may be sent again, corrected. What is shown now is read, in nobody's way."""
    if isinstance(session, Writer):
        session.step_back()
    else:
        session.rollback()


def _nested(model: type[BaseModel], typed: FormData) -> dict[str, object]:
    values: dict[str, object] = {}
    for key in typed:
        if key == "once":
            continue
        head, _, tail = key.partition(".")
        if tail:
            inner = values.setdefault(head, {})
            if isinstance(inner, dict):
                inner[tail] = typed[key]
        else:
            values[key] = _value(model, key, typed)
    return values


def _value(model: type[BaseModel], key: str, typed: FormData) -> object:
    field = model.model_fields.get(key)
    if field is not None and getattr(field.annotation, "__origin__", None) is tuple:
        return [value for value in typed.getlist(key) if value != ""]
    value = typed[key]
    if isinstance(value, UploadFile):
        return value
    # An empty choice, number or date is "not given"; an empty text stays a text.
    return None if value == "" and field is not None and field.annotation is not str else value
