"""The sections of the desk in their order: what waits stands in the first that has a reason for it."""

from enum import StrEnum


class DeskSection(StrEnum):
    VACANT = "vacant"
    TO_ASSIGN = "to_assign"
    TO_VERIFY = "to_verify"
    DISPUTED = "disputed"
    REQUESTS = "requests"
    QUESTIONS = "questions"
    WORDS = "words"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    SILENT = "silent"
    PARTS = "parts"
    FAILED = "failed"
    UNANSWERED = "unanswered"
    UNPLANNED = "unplanned"
    TO_PUBLISH = "to_publish"
    TRANSLATIONS = "translations"
