"""A report under review in the first lines of a test, and its secretary."""

from sqlmodel import Session

from app.models.intake import Proposal
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.intake import excerpts
from app.services.kernel.audit import Actor

LETTER = """Compte rendu de la rencontre de Fès.

Les participants ont salué la qualité des échanges.
Il est recommandé d'ouvrir un guichet régional pour l'exportation.
Les intervenants ont recommandé de former les artisans aux normes, de traduire les notices et de publier un annuaire.
Le centre régional d'investissement est invité à créer un fonds de garantie avant le 30 juin 2027.
"""


def by_hand(session: Session, review: Review, amina: Actor, words: str) -> Proposal:
    """The row at these words: the rules may have found them already."""
    place = excerpts.find(review.report.text, words)[0]
    rows = intake.proposals(session, review.report)
    found = next((row for row in rows if intake.places(row) == (place,)), None)
    return found or excerpts.add(session, amina, review, words=words)
