"""The body of a form: bounded before anybody spends work on it, and read strictly: what is no UTF-8 is refused."""

from urllib.parse import parse_qsl, unquote_to_bytes

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from app.files import room

MAX_FILES = 5
MAX_FIELDS = 500
MAX_PART = 6 * 1024 * 1024


async def read(request: Request) -> FormData:
    """The fields of a form; raises HTTPException 413 for too many or too long ones, 422 for what can't be read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(await request.body())
    if kind == "multipart/form-data":
        return await _multipart(request)
    return FormData()


def _urlencoded(body: bytes) -> FormData:
    if body.count(b"&") >= MAX_FIELDS:
        raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise HTTPException(422, _broken(body)) from error
    if any(len(value) > MAX_PART for _, value in pairs):
        raise HTTPException(413)
    return FormData([*pairs])


def _broken(body: bytes) -> str:
    """The name of the first field that is no UTF-8."""
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        try:
            unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            return unquote_to_bytes(name).decode("ascii", "replace")[:80]
    return ""


async def _multipart(request: Request) -> FormData:
    parser = _Strict(
        request.headers, request.stream(), max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_PART
    )
    try:
        return await parser.parse()
    except MultiPartException as error:
        too_much = "maximum" in error.message.lower()
        raise HTTPException(413 if too_much else 422) from error
    except OSError as error:
        raise HTTPException(507 if room.is_full(error) else 503) from error
    except (UnicodeError, LookupError, ValueError) as error:
        raise HTTPException(422) from error


class _Strict(MultiPartParser):
    """In UTF-8 whatever the header claims (HTML 4.10.22.8): a wrong byte is an error, never another letter."""

    def on_part_end(self) -> None:
        if self._current_part.file is None:
            self._current_part.data.decode()
        self._charset = "utf-8"
        super().on_part_end()

    def on_headers_finished(self) -> None:
        self._charset = "utf-8"
        super().on_headers_finished()
