"""The review of a report by plain forms alone: every act, what a reload keeps, and what two people do to each other."""

import html
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.domain.workflow import State
from app.models.recommendations import Recommendation
from app.services.intake import reviews
from app.web.page import FLASHES
from tests.fixtures.markup import form, forms
from tests.house import House
from tests.web.workspace.intake.reviewer import REPORT, Reviewer

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def amina(house: House) -> Reviewer:
    """At the review of a report she has pasted."""
    reviewer = Reviewer(house)
    reviewer.follow(reviewer.paste())
    return reviewer


def test_the_outsider_finds_neither_report_nor_review(house: House, amina: Reviewer) -> None:
    row = amina.open()
    for name in ("omar", "karim", "nadia"):
        stranger = Reviewer(house, name)
        for path in ("/report", "/review", f"/review/proposals/{row}/split"):
            assert stranger.client.get(stranger.home + path).status_code == 404
        for path in ("/report", "/review/undo", "/review/merges", f"/review/proposals/{row}/acceptance"):
            assert stranger.client.post(stranger.home + path, data={"once": "x"}).status_code == 404


def test_nobody_is_sent_to_sign_in(house: House, amina: Reviewer) -> None:
    amina.client.cookies.clear()
    assert amina.client.get(f"{amina.home}/review").headers["location"].startswith("/fr/sign-in")


def test_without_a_report_the_review_leads_to_pasting_one(house: House) -> None:
    reviewer = Reviewer(house)
    answer = reviewer.client.get(f"{reviewer.home}/review")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{reviewer.home}/report")


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_the_page_shows_the_whole_text_and_every_proposal_in_three_languages(
    house: House, amina: Reviewer, lang: str
) -> None:
    reviewer = Reviewer(house, lang=lang)
    page = reviewer.look()
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in page
    assert html.unescape(reviewer.texts()) == REPORT.strip()
    assert len(reviewer.rows()) == page.count('<mark class="mark')


def test_accepting_keeps_what_was_typed_in_the_row_and_gives_a_reference(house: House, amina: Reviewer) -> None:
    row = amina.open()
    answer = amina.press(
        f"/proposals/{row}", f"{amina.home}/review/proposals/{row}/acceptance",
        titles__fr="Un guichet dans chaque région", titles__ar="شباك في كل جهة", due_on="2027-03-31",
    )  # fmt: skip
    assert answer.headers["location"].endswith(f"#p{row}")
    page = amina.follow(answer)
    assert amina.rows()[row] == "accepted"
    assert "FM-2026-02" in page
    with house.database.read() as session:
        made = session.scalars(sa.select(Recommendation).where(col(Recommendation.ref) == "FM-2026-02")).one()
    assert made.titles == {"fr": "Un guichet dans chaque région", "ar": "شباك في كل جهة"}
    assert made.source_text in REPORT
    assert made.last_action_number == 1


def test_accept_and_go_on_opens_the_next_one_to_decide(amina: Reviewer) -> None:
    first = amina.open()
    amina.follow(amina.press(f"/proposals/{first}", f"{amina.home}/review/proposals/{first}/acceptance", go="1"))
    assert amina.open() != first
    assert amina.rows()[amina.open()] == "proposed"


def test_an_edit_is_saved_at_once_and_a_reload_loses_nothing(amina: Reviewer) -> None:
    row = amina.open()
    amina.follow(amina.press(f"/proposals/{row}", titles__fr="Titre corrigé", done_when="Le guichet ouvre"))
    page = amina.look(row)
    assert 'value="Titre corrigé"' in page
    assert 'value="Le guichet ouvre"' in page


def test_an_edit_without_a_title_keeps_the_rest_and_says_so(amina: Reviewer) -> None:
    row = amina.open()
    answer = amina.press(f"/proposals/{row}", titles__fr="", done_when="Je reste")
    assert answer.status_code == 422
    assert 'value="Je reste"' in answer.text


def test_a_drop_keeps_the_row_with_its_reason_until_it_is_restored(amina: Reviewer) -> None:
    row = amina.open()
    assert amina.press(f"/{row}/drop", reason="").status_code == 422
    page = amina.follow(amina.press(f"/{row}/drop", reason="Déjà dit"))
    assert amina.rows()[row] == "dropped"
    assert "Déjà dit" in page
    amina.follow(amina.press(f"/{row}/restoration"))
    assert amina.rows()[row] == "proposed"


def test_a_split_page_cuts_where_its_button_stands(amina: Reviewer) -> None:
    amina.look()
    page = amina.follow(
        amina.press("/additions", ident="", words="former les artisans aux normes, de traduire les notices")
    )
    row, before = amina.open(), len(amina.rows())
    amina.page = amina.client.get(f"{amina.home}/review/proposals/{row}/split").text
    cut = REPORT.index("de traduire")
    assert f'name="cut" value="{cut}"' in amina.page
    page = amina.follow(amina.press(f"/{row}/split", cut=str(cut)))
    assert len(amina.rows()) == before + 1
    assert "Traduire les notices" in page


def test_a_cut_that_leaves_nothing_is_refused_on_the_split_page(amina: Reviewer) -> None:
    row = amina.open()
    amina.page = amina.client.get(f"{amina.home}/review/proposals/{row}/split").text
    answer = amina.press(f"/{row}/split", words="des mots d'ailleurs")
    assert answer.status_code == 422
    assert "d&#39;ailleurs" in answer.text


def test_ticked_rows_merge_and_one_ticked_row_does_not(amina: Reviewer) -> None:
    amina.look()
    ticks = amina.ticks()
    assert amina.press("/merges", rows=ticks[:1]).status_code == 422
    before = len(amina.rows())
    amina.follow(amina.press("/merges", rows=ticks[:2]))
    assert len(amina.rows()) == before - 1


def test_recommendations_are_added_by_sentence_by_selection_and_by_words(amina: Reviewer) -> None:
    amina.look()
    before = len(amina.rows())
    amina.follow(amina.press("/additions", ident="add", sentence="1"))
    start = REPORT.index("ualité des écha")
    amina.follow(amina.press("/additions", ident="chosen", start=str(start), end=str(start + 15)))
    assert "Qualité des échanges" in amina.page
    amina.follow(amina.press("/additions", ident="", words="compte  rendu"))
    assert len(amina.rows()) == before + 3


def test_words_that_are_not_there_are_kept_in_the_field(amina: Reviewer) -> None:
    amina.look()
    answer = amina.press("/additions", ident="", words="lancer une fusée")
    assert answer.status_code == 422
    assert 'value="lancer une fusée"' in answer.text


def test_undo_takes_back_the_last_step_but_never_an_acceptance(amina: Reviewer) -> None:
    row = amina.open()
    amina.follow(amina.press(f"/{row}/drop", reason="Déjà dit"))
    amina.follow(amina.press("/undo"))
    assert amina.rows()[row] == "proposed"
    amina.look(row)
    amina.follow(amina.press(f"/proposals/{row}", f"{amina.home}/review/proposals/{row}/acceptance"))
    assert not amina.has_form("/undo")
    assert amina.rows()[row] == "accepted"


def test_the_second_writer_sees_both_versions(house: House, amina: Reviewer) -> None:
    row, other = amina.open(), Reviewer(house)
    other.look(row)
    amina.follow(amina.press(f"/proposals/{row}", titles__fr="La première main"))
    answer = other.press(f"/proposals/{row}", titles__fr="La seconde main")
    assert answer.status_code == 409
    assert "La première main" in answer.text
    assert "La seconde main" in answer.text
    assert "Amina" in answer.text
    other.page = answer.text
    other.follow(other.press(f"/proposals/{row}", titles__fr="La seconde main"))
    assert 'value="La seconde main"' in other.look(row)


def test_a_row_that_was_merged_away_is_a_conflict_and_not_an_error(house: House, amina: Reviewer) -> None:
    amina.look()
    last = int(amina.ticks()[1].split(".")[0])
    other = Reviewer(house)
    other.look(last)
    amina.follow(amina.press("/merges", rows=amina.ticks()[:2]))
    assert other.press(f"/{last}/drop", reason="Trop tard").status_code == 409


def test_two_submits_of_one_form_have_one_effect(house: House, amina: Reviewer) -> None:
    row = amina.open()
    to = f"{amina.home}/review/proposals/{row}/acceptance"
    answers = [amina.press(f"/proposals/{row}", to) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    with house.database.read() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(Recommendation)).one() == 2


@pytest.mark.parametrize("query", ["row=abc", "row=0", "part=-1", "row=99999999999999999999"])
def test_a_senseless_row_is_a_400_page(amina: Reviewer, query: str) -> None:
    assert amina.client.get(f"{amina.home}/review?{query}").status_code == 400


def test_a_long_report_is_shown_in_parts_that_miss_nothing(house: House) -> None:
    reviewer = Reviewer(house)
    text = "".join(f"Phrase numéro {number} du compte rendu.\n" for number in range(4000))
    reviewer.follow(reviewer.paste(text))
    shown, part = "", 1
    while f"?part={part}#text" in reviewer.page or part == 1:
        reviewer.page = reviewer.client.get(f"{reviewer.home}/review?part={part}").text
        shown, part = shown + html.unescape(reviewer.texts()), part + 1
    assert shown == text.strip()


def test_without_a_script_opening_another_row_saves_the_one_that_stood_open(amina: Reviewer) -> None:
    first, second = list(amina.rows())[:2]
    amina.look(first)
    assert f'form="row" name="to_id" value="{second}"' in amina.page
    amina.follow(amina.press(f"/proposals/{first}", titles__fr="Titre tapé", to_id=str(second)))
    assert amina.open() == second
    assert 'value="Titre tapé"' in amina.look(first)


def test_opening_another_row_with_nothing_changed_is_no_step(amina: Reviewer) -> None:
    first, second = list(amina.rows())[:2]
    amina.look(first)
    answer = amina.press(f"/proposals/{first}", to_id=str(second))
    assert "said=" not in answer.headers["location"]
    amina.follow(answer)
    assert not amina.has_form("/undo")


def test_a_refused_row_stays_open_with_what_was_typed_when_another_was_asked_for(amina: Reviewer) -> None:
    first, second = list(amina.rows())[:2]
    amina.look(first)
    answer = amina.press(f"/proposals/{first}", titles__fr="", done_when="Je reste", to_id=str(second))
    amina.page = answer.text
    assert (answer.status_code, amina.open()) == (422, first)
    assert 'value="Je reste"' in amina.page


def test_in_a_conflict_opening_another_row_overwrites_nothing_and_says_what_it_leaves(
    house: House, amina: Reviewer
) -> None:
    first, other = amina.open(), Reviewer(house)
    other.look(first)
    amina.follow(amina.press(f"/proposals/{first}", titles__fr="La première main"))
    page = other.press(f"/proposals/{first}", titles__fr="La seconde main").text
    assert 'name="to_id"' not in page
    assert "<noscript>" in page
    assert f'href="{other.home}/review?row=' in page


def test_enter_in_a_field_still_only_saves(amina: Reviewer) -> None:
    first_button = amina.page.index('form="row"')
    assert amina.page[:first_button].endswith('<button class="hidden" type="submit" ')


STEPS = {
    "edit": ("Annuler la correction de la proposition 2", "La correction est annulée."),
    "drop": ("Annuler la mise à l’écart de la proposition 2", "La mise à l’écart est annulée"),
    "restore": ("Annuler le rétablissement de la proposition 2", "Le rétablissement est annulé"),
    "add": ("Annuler l’ajout de la proposition 1", "L’ajout est annulé"),
    "merge": ("Annuler la fusion en proposition 1", "La fusion est annulée"),
    "split": ("Annuler la scission en propositions 1 à 2", "La scission est annulée"),
}


@pytest.mark.parametrize("verb", STEPS)
def test_undo_names_the_very_step_that_it_takes_back(amina: Reviewer, verb: str) -> None:
    """Accepting another proposal afterwards is the last step, and not the one that can be undone."""
    first, second = list(amina.rows())[:2]
    amina.look(second)
    if verb in ("drop", "restore"):
        amina.follow(amina.press(f"/{second}/drop", reason="Déjà dit"))
    if verb == "edit":
        amina.follow(amina.press(f"/proposals/{second}", titles__fr="Titre corrigé"))
    elif verb == "restore":
        amina.follow(amina.press(f"/{second}/restoration"))
    elif verb == "add":
        amina.follow(amina.press("/additions", ident="", words="salué la qualité"))
    elif verb == "merge":
        amina.follow(amina.press("/merges", rows=amina.ticks()[:2]))
    elif verb == "split":
        amina.page = amina.client.get(f"{amina.home}/review/proposals/{first}/split").text
        amina.follow(amina.press("/split", words="pour l'exportation"))
    last = list(amina.rows())[-1]
    amina.look(last)
    amina.follow(amina.press(f"/proposals/{last}", f"{amina.home}/review/proposals/{last}/acceptance"))
    button, said = STEPS[verb]
    assert button in re.sub("<[^>]+>", "", html.unescape(amina.page))
    before = amina.rows()
    amina.follow(amina.press("/undo"))
    assert said in html.unescape(amina.page)
    assert amina.rows()[last] == "accepted"
    assert amina.rows() != before or verb == "edit"


def test_every_kind_of_step_has_its_words() -> None:
    texts = [path.read_text("utf-8") for path in Path(reviews.__file__).parent.glob("*.py")]
    found = {verb for text in texts for verb in re.findall(r'\bstep\(session, actor, review, "(\w+)"', text)}
    assert found == set(STEPS)
    assert {f"undone_{verb}" for verb in found} <= set(FLASHES)


def test_an_accepted_row_assigns_its_draft_and_leads_back_to_the_review(house: House, amina: Reviewer) -> None:
    row, post = amina.open(), str(house.made.posts["karim"])
    accepting = f"{amina.home}/review/proposals/{row}/acceptance"
    amina.follow(amina.press(f"/proposals/{row}", accepting, owner_post_id=post, due_on="2027-03-31"))
    answer = amina.press("/assignment")
    assert answer.headers["location"] == f"{amina.home}/review?said=assigned"
    assert house.state("FM-2026-02.1") is State.ASSIGNED


def test_an_accepted_row_without_an_action_plans_one_on_the_spot(house: House, amina: Reviewer) -> None:
    row, post = amina.open(), str(house.made.posts["karim"])
    amina.follow(amina.press(f"/proposals/{row}", f"{amina.home}/review/proposals/{row}/acceptance"))
    sent = form(amina.page, "/actions").fields
    assert sent["titles.fr"] in html.unescape(amina.page)
    answer = amina.press("/actions", owner_post_id=post, due_on="2027-03-31", assign="1")
    assert answer.headers["location"] == f"{amina.home}/review?said=assigned"
    assert house.row("FM-2026-02.1").titles == {"fr": sent["titles.fr"]}
    assert house.state("FM-2026-02.1") is State.ASSIGNED
    assert not any(found.action.endswith("/actions#plan") for found in forms(amina.look(row)))


def test_a_draft_that_lacks_something_is_assigned_on_its_own_page(amina: Reviewer) -> None:
    row = amina.open()
    accepting = f"{amina.home}/review/proposals/{row}/acceptance"
    amina.follow(amina.press(f"/proposals/{row}", accepting, due_on="2027-03-31"))
    assert not amina.has_form("/assignment")
    assert 'href="/fr/workspace/actions/FM-2026-02.1#assignment"' in amina.page
