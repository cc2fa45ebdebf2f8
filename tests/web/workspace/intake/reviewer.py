"""Amina at the review page, without a script: she sees forms, fills them in and presses their buttons."""

import re

from httpx import Response

from tests.fixtures.markup import form, forms
from tests.house import House

REPORT = """Compte rendu de la rencontre.

Les participants ont salué la qualité des échanges.
Il est recommandé d'ouvrir un guichet régional pour l'exportation.
Les intervenants ont recommandé de former les artisans aux normes, de traduire les notices et de publier un annuaire.
"""


class Reviewer:
    """One browser on one meeting; `page` is what was last shown."""

    def __init__(self, house: House, name: str = "amina", lang: str = "fr") -> None:
        self.client = house.browser(name)
        self.home = f"/{lang}/workspace/meetings/{house.made.meeting.slug}"
        self.page = ""

    def paste(self, text: str = REPORT, **fields: str) -> Response:
        sent = form(self.client.get(f"{self.home}/report").text, "/report").fields
        parts = {name: (None, value.encode()) for name, value in {**sent, "report": text, **fields}.items()}
        answer: Response = self.client.post(f"{self.home}/report", files=parts)
        return answer

    def upload(self, data: bytes, **fields: str) -> Response:
        sent = form(self.client.get(f"{self.home}/report").text, "/report").fields
        files = {"file": ("rapport.txt", data, "text/plain")}
        answer: Response = self.client.post(f"{self.home}/report", data={**sent, **fields}, files=files)
        return answer

    def look(self, row: int | None = None) -> str:
        answer = self.client.get(f"{self.home}/review" + (f"?row={row}" if row else ""))
        assert answer.status_code == 200, answer.text
        self.page = answer.text
        return self.page

    def press(self, ending: str, to: str = "", ident: str | None = None, **fields: str | list[str]) -> Response:
        """The form to `ending` of the last page, sent to `to` where the button leads elsewhere."""
        sent = form(self.page, ending, ident)
        typed = {name.replace("__", "."): value for name, value in fields.items()}
        answer: Response = self.client.post(to or sent.action, data={**sent.fields, **typed})
        return answer

    def follow(self, answer: Response) -> str:
        assert answer.status_code == 303, answer.text
        self.page = self.client.get(answer.headers["location"].split("#")[0]).text
        return self.page

    def rows(self) -> dict[int, str]:
        """The proposals of the last page: id and state."""
        found = re.findall(r'<li class="proposal is-(\w+)[^"]*" id="p(\d+)"', self.page)
        return {int(number): state for state, number in found}

    def ticks(self) -> list[str]:
        return re.findall(r'name="rows" value="([\d.]+)"', self.page)

    def open(self) -> int:
        found = re.search(r'<li class="proposal is-\w+ is-open" id="p(\d+)"', self.page)
        assert found
        return int(found[1])

    def titles(self) -> list[str]:
        return re.findall(r'class="card-title">(?:<a [^>]*>)?(?:<bdi[^>]*>|<span[^>]*>)?([^<]+)', self.page)

    def texts(self) -> str:
        """The report as the page shows it, without numbers and buttons."""
        return "".join(re.findall(r'<span data-o="\d+">([^<]*)</span>', self.page))

    def has_form(self, ending: str) -> bool:
        return any(found.action.endswith(ending) for found in forms(self.page))
