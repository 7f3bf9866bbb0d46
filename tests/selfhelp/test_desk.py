"""The editors' desk for conversations: parts are changed by forms, checks stand beside them, and nothing is lost."""

import html
import re

import pytest
from flask import Flask

from portal import clock
from portal.db import db
from portal.directory import queries as directory
from portal.editorial import queries
from portal.selfhelp import authoring
from portal.selfhelp.models import QuestionCount
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser
from tests.desks import desk
from tests.html_valid import validate
from tests.selfhelp.desking import TALK, AtDesk, begun, newest, published, starter
from tests.selfhelp.starter import changed

WORDS = {
    "ask": "How do you find the stairs?",
    "ask_about": "How does {name} find the stairs?",
    "easy_read": "Are stairs hard?",
}
PAGES = (
    "", "/whole", "/pages/home", "/questions/falls", "/questions/stairs/options/hard", "/recommendations/rail",
    "/question/falls/when", "/question/lonely/when?look=stairs", "/rule/rail/when", "/examples/1",
    "/examples/1/change", "/map", "/coverage", "/figures", "/script", "/preview/home", "/preview/home?about=someone",
    "/text", "/add/question/home", "/add/page", "/add/recommendation", "/add/recommendation?look=stairs",
    "/add/example", "/languages/", "/languages/ur",
)  # fmt: skip


@pytest.fixture
def ed(each_site: Flask) -> AtDesk:
    """Ed, with a small conversation of the library open; on both databases."""
    return AtDesk(each_site, begun())


def at_millbrook(app: Flask) -> Browser:
    """Olga, who edits for Millbrook, at its own site."""
    made = people.user("olga", roles=("editor",), of="millbrook")
    browser = Browser(app, "millbrook.localhost")
    assert browser.sign_in(made.email, people.authenticator(made)).status_code == 303
    return browser


def main(page: str) -> str:
    """What the page's main part says."""
    inner = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


def test_every_page_of_the_desk_is_valid_and_leads_back(ed: AtDesk) -> None:
    for path in PAGES:
        html = ed.page(path)
        assert validate(html) == [], path
        assert html.count("<h1") == 1, path
    listed = ed.browser.get("/editor/conversations/").text
    assert f'href="{ed.at}"' in listed
    assert validate(listed) == []


def test_other_words_are_saved_as_a_draft_that_changes_one_line(ed: AtDesk) -> None:
    answer = ed.post("/questions/stairs", **{**WORDS, "ask": "Are the stairs hard?"})
    assert desk.path_of(answer) == f"{ed.at}/questions/stairs"
    assert changed(TALK, ed.text()) == [
        "-    ask: How do you find the stairs?",
        "+    ask: Are the stairs hard?",
    ]
    draft = newest(ed.id)
    assert (draft.number, draft.state, draft.note) == (2, "draft", "Question stairs")


def test_a_question_without_words_is_not_saved_and_says_so(ed: AtDesk) -> None:
    answer = ed.post("/questions/stairs", **{**WORDS, "ask": " "})
    assert answer.status_code == 422
    assert "Write what is asked" in answer.text
    assert ed.text() == TALK


def test_what_the_linter_says_stands_beside_the_question_and_holds_publishing_up(ed: AtDesk) -> None:
    ed.post(
        "/questions/lonely", ask="How often do you feel lonely?", ask_about="", easy_read="Are you lonely?"
    )
    beside = main(ed.page("/questions/lonely"))
    assert "Must be mended" in beside
    assert "Must be mended" not in main(ed.page("/questions/falls"))
    held = ed.post("/publish")
    assert held.status_code == 422
    assert "This cannot be published yet" in held.text
    db.session.rollback()
    assert queries.public(ed.id) is None
    ed.post(
        "/questions/lonely", ask="How often do you feel lonely?", ask_about="How lonely does {name} feel?"
    )
    assert ed.post("/publish").status_code == 303
    db.session.rollback()
    public = queries.public(ed.id)
    assert public
    assert public.number == 3


def test_a_part_moves_and_goes_and_what_is_looked_at_stays(ed: AtDesk) -> None:
    assert ed.post("/arrange", do="up|page||company").status_code == 303
    assert list(authoring.read(ed.text()).page_by_id) == ["company", "home"]
    held = ed.post("/arrange", do="out|question||stairs")
    assert held.status_code == 422
    assert "It is looked at by: “Have you had a fall?”; “A second rail on the stairs”" in main(held.text)
    assert ed.post("/arrange", do="out|question||falls").status_code == 303
    assert "falls" not in authoring.read(ed.text()).questions
    assert ed.post("/arrange", do="out|house||stairs").status_code == 400


def test_parts_are_added_with_ids_from_their_words(ed: AtDesk) -> None:
    at = desk.path_of(
        ed.post("/add/question/home", ask="Who lives with you?", kind="one", options="Nobody\nFamily\n")
    )
    assert at == f"{ed.at}/questions/who-lives-with-you"
    assert ed.post("/add/option/who-lives-with-you", label="Friends").status_code == 303
    asked = authoring.read(ed.text()).questions["who-lives-with-you"]
    assert [option.id for option in asked.options] == ["nobody", "family", "friends"]
    ed.post("/add/page", title="Going out", ask="Anything else?", kind="text")
    at = desk.path_of(ed.post("/add/recommendation", title="Good company", look="stairs", option="hard"))
    assert at == f"{ed.at}/recommendations/good-company"
    ed.post("/add/example", name="Dee", about="Lives alone")
    now = authoring.read(ed.text())
    assert (now.pages[-1].id, now.rules[-1].id, now.examples[-1].name) == ("going-out", "good-company", "Dee")


def test_what_cannot_be_added_says_what_is_missing(ed: AtDesk) -> None:
    for path, data, words in (
        ("/add/question/home", {"ask": "Who?", "kind": "one", "options": "Nobody"}, "at least two options"),
        ("/add/recommendation", {"title": "Help", "look": "stairs"}, "at least one option"),
        ("/add/example", {"name": "Ann"}, "somebody of this name already"),
        ("/add/option/stairs", {"label": ""}, "Write the answer"),
        ("/add/page", {"title": "", "ask": "Well?", "kind": "text"}, "Write a title"),
    ):
        answer = ed.post(path, **data)
        assert answer.status_code == 422, path
        assert words in answer.text, path
    assert ed.text() == TALK


WHOLE = {
    "title": "A small conversation", "summary": "", "minutes": "1", "me": "yes", "someone_else": "yes",
    "searches": "need: lonely",
}  # fmt: skip


def test_the_whole_says_how_long_it_takes_and_when_it_is_read_again(ed: AtDesk) -> None:
    assert ed.post("/whole", **{**WHOLE, "minutes": "two"}).status_code == 422
    ed.post("/whole", **{**WHOLE, "minutes": "2"}, next="1/4/2027", read_today="yes")
    told = authoring.read(ed.text())
    assert (told.minutes, told.review["next"], told.review["last"]) == (2, "2027-04-01", str(clock.today()))
    assert len(changed(TALK, ed.text())) == 4


def test_the_whole_says_who_can_have_it_and_where_it_leads_when_nothing_stands_out(ed: AtDesk) -> None:
    ed.post("/whole", **WHOLE)
    assert ed.text() == TALK
    nobody = ed.post("/whole", title="A small conversation", minutes="1", articles="falls")
    assert nobody.status_code == 422
    assert "Choose who can have this conversation" in nobody.text
    assert ">falls</textarea>" in nobody.text
    ed.post(
        "/whole",
        title="A small conversation",
        minutes="1",
        with_navigator="yes",
        articles="falls\nloneliness",
        searches="need: lonely\ncategory: lunch-clubs",
    )
    told = authoring.read(ed.text())
    assert told.audience == ("with-navigator",)
    assert told.otherwise.articles == ("falls", "loneliness")
    assert told.otherwise.searches == ({"need": "lonely"}, {"category": "lunch-clubs"})
    assert "# Ours" in ed.text()


def test_whoever_types_short_names_can_see_which_there_are(ed: AtDesk) -> None:
    published(TALK.replace("id: small", "id: other"), "other")
    known = directory.names_by_taxonomy("category", "need")
    for path in ("/whole", "/recommendations/rail"):
        page = html.unescape(main(ed.page(path))).replace(" :", ":")
        assert "other: A small conversation" in page, path
        for terms in known.values():
            assert terms
            assert all(f"{key}: {name}" in page for key, name in terms.items()), path


def test_a_number_has_limits_that_fit_each_other(ed: AtDesk) -> None:
    ed.post("/add/question/home", ask="How many steps are there?", kind="number", options="")
    key = "how-many-steps-are-there"
    asked = {"ask": "How many steps are there?"}
    for least, most in (("ten", ""), ("", "-1"), ("9", "3")):
        answer = ed.post(f"/questions/{key}", **asked, least=least, most=most)
        assert answer.status_code == 422, (least, most)
        assert f'value="{most or least}"' in answer.text
    ed.post(f"/questions/{key}", **asked, least="0", most="60")
    question = authoring.read(ed.text()).questions[key]
    assert (question.least, question.most) == (0, 60)
    before = ed.text()
    ed.post(f"/questions/{key}", **asked, least="0", most="60")
    assert ed.text() == before
    ed.post(f"/questions/{key}", **asked, least="", most="")
    assert authoring.read(ed.text()).questions[key].least is None
    assert 'name="least"' not in ed.page("/questions/stairs")


def test_a_condition_is_ticked_and_a_row_without_ticks_goes(ed: AtDesk) -> None:
    ed.post("/question/lonely/when", **{"row-0": "stairs", "row-0-option": "hard", "row-0-how": "none"})
    assert "    show_if: {not: {q: stairs, in: [hard]}}" in ed.text()
    assert "it is not so that “How do you find the stairs?” is “Hard or shaky”" in main(
        ed.page("/questions/lonely")
    )
    ed.post("/question/lonely/when", **{"row-0": "stairs", "row-0-how": "none"})
    assert ed.text() == TALK
    answer = ed.post("/rule/rail/when", **{"row-0": "stairs"})
    assert answer.status_code == 422
    assert "Say when this is recommended" in answer.text


def test_a_nested_condition_is_told_in_words_and_kept(site: Flask) -> None:
    ed = AtDesk(site, starter())
    html = ed.page("/question/call-help/when")
    assert "nested deeper than this form can show" in html
    assert "“Who lives with you?” is “Nobody”" in main(html)
    before = ed.text()
    # A form that was not there is sent all the same: nothing is ticked, and what stands there is kept.
    assert ed.post("/question/call-help/when").status_code == 422
    assert ed.text() == before


def test_a_recommendation_and_an_option_are_changed(ed: AtDesk) -> None:
    ed.post(
        "/recommendations/rail", title="A rail", text="Try it.", because="You said: “{stairs.label}”.", urgent="yes",
        articles="stairs-safely", searches="need: falling\ncategory: aids", source="NHS", url="", checked="2026-11-20",
    )  # fmt: skip
    ed.post("/questions/stairs/options/hard", label="Hard", exclusive="")
    now = authoring.read(ed.text())
    rule = now.rules[0]
    assert (rule.is_urgent, rule.shown.articles) == (True, ("stairs-safely",))
    assert rule.shown.searches == ({"need": "falling"}, {"category": "aids"})
    assert (rule.evidence.source, rule.evidence.url) == ("NHS", "")
    assert now.questions["stairs"].options[1].label == "Hard"


def test_an_example_walks_step_by_step_and_its_result_stands_beside_what_was_expected(ed: AtDesk) -> None:
    told = main(ed.page("/examples/1"))
    assert "Everything comes as it was expected." in told
    assert "How do you find the stairs? Hard or shaky" in told
    ed.post(
        "/examples/1/change",
        name="Ann",
        about="80",
        **{"said-stairs": "fine", "said-falls": "none"},
        expect="rail",
    )
    told = main(ed.page("/examples/1"))
    assert "Expected, but it does not come: A second rail on the stairs" in told
    assert "Answers a question that is not asked of them: Have you had a fall?" in told


def test_coverage_names_what_no_example_reaches(ed: AtDesk) -> None:
    assert "3 of 3 questions, 6 of 6 answers, 2 of 2 recommendations" in main(ed.page("/coverage"))
    ed.post("/arrange", do="out|example||Bob")
    told = main(ed.page("/coverage"))
    assert "3 of 3 questions, 4 of 6 answers, 1 of 2 recommendations" in told
    assert "People to talk to nobody" in told


def test_the_map_leads_to_each_question_and_says_the_same_as_a_list(ed: AtDesk) -> None:
    html = ed.page("/map")
    svg = html[html.index('<svg class="routes"') :].partition("</svg>")[0]
    assert f'href="{ed.at}/questions/falls"' in svg
    assert "style=" not in svg
    assert 'tabindex="0" role="region"' in html
    assert "only if “How do you find the stairs?” is “Hard or shaky”" in main(html)


def test_words_in_another_language_are_saved_stale_and_published(ed: AtDesk) -> None:
    assert ed.post("/languages/cy", key="question.stairs.ask", text="Sut mae'r grisiau?").status_code == 303
    assert ed.post("/languages/cy", key="title", text="Sgwrs fach").status_code == 303
    ed.post("/questions/stairs", **{**WORDS, "ask": "Are the stairs hard?"})
    counts = main(ed.page("/languages/"))
    assert re.search(r"Cymraeg 1 1 \d+", counts)
    db.session.rollback()
    strings = queries.of_key("conversation", "small", None, "cy")
    assert strings
    number = newest(strings.id).number
    assert ed.post("/languages/cy/publish", number=number).status_code == 303
    db.session.rollback()
    public = queries.public(strings.id)
    assert public
    assert public.title == "Sgwrs fach"
    assert ed.get("/languages/xx").status_code == 404
    assert ed.post("/languages/cy", key="nothing", text="x").status_code == 404


def test_figures_are_of_my_council_and_small_ones_are_not_told(ed: AtDesk) -> None:
    council = make.council().id
    counts = {"answered": 80, "skipped": 17, "left": 3}
    db.session.add(
        QuestionCount(
            council_id=council,
            conversation="small",
            version=1,
            question="stairs",
            day=make.NOW.date(),
            shown=100,
            **counts,
        )
    )
    db.session.commit()
    assert "How do you find the stairs? 100 80 not told not told" in main(ed.page("/figures"))
    assert "Have you had a fall? not told" in main(ed.page("/figures"))


def test_two_people_at_once_see_both_and_nothing_is_lost(ed: AtDesk) -> None:
    ed.post("/questions/stairs", **{**WORDS, "ask": "Theirs?"})
    answer = ed.post("/questions/falls", ask="Mine?", ask_about="Has {name} fallen?", number=1)
    assert answer.status_code == 409
    assert "Two people wrote at the same time" in answer.text
    box = answer.text[answer.text.index("<textarea") :]
    assert "ask: Theirs?" in box
    assert "ask: Mine?" in box
    assert "ask: Mine?" not in ed.text()


def test_text_that_cannot_be_read_is_mended_as_text(ed: AtDesk) -> None:
    assert ed.post("/text", text=TALK.replace("pages:", "sides:")).status_code == 303
    assert desk.path_of(ed.get("")) == f"{ed.at}/text"
    told = main(ed.page("/text"))
    assert "Must be mended" in told
    ed.post("/text", text=TALK)
    assert ed.text() == TALK


def test_hostile_words_stay_words(ed: AtDesk) -> None:
    ed.post("/questions/stairs", **{**WORDS, "ask": '</title><script>alert(1)</script>": [x'})
    for path in ("", "/questions/stairs", "/map", "/script", "/preview/home", "/coverage"):
        html = ed.page(path)
        assert "<script>alert" not in html
        assert validate(html) == [], path


def test_the_desk_is_for_editors_and_the_library_for_those_who_keep_it(site: Flask) -> None:
    ed = AtDesk(site, begun())
    olga = at_millbrook(site)
    mavis, _mavis = people.somebody(site, "mavis")
    assert mavis.get(ed.at).status_code == 404
    assert mavis.get("/editor/conversations/").status_code == 404
    assert ed.browser.client.application.test_client().get(ed.at).status_code == 303
    assert olga.post(f"{ed.at}/questions/stairs", {**WORDS, "number": "1"}).status_code == 404
    assert olga.get(ed.at).status_code == 200
    assert "Take a copy to change it" in olga.get(ed.at).text
    assert ed.text() == TALK


def test_a_conversation_of_another_council_is_not_there(site: Flask) -> None:
    ed = AtDesk(site, begun(of=make.council("millbrook"), key="theirs"))
    for path in PAGES:
        assert ed.get(path).status_code == 404, path


def test_what_is_gone_or_never_was_is_not_found(ed: AtDesk) -> None:
    for path in (
        "/questions/nothing", "/questions/stairs/options/nothing", "/recommendations/nothing", "/examples/0",
        "/examples/99", "/examples/99/change", "/preview/nothing", "/question/nothing/when", "/pages/nothing",
    ):  # fmt: skip
        assert ed.get(path).status_code == 404, path
