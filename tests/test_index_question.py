"""What a question is understood to ask, and what it finds."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.question import Meant, Question, theme_key
from index.search import Searcher
from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable, UnknownFilterValue
from kb.queries import Filters, SearchPage, SearchQuery
from kb.settings import Home
from kb.store import Store
from tests.library_for_tests import COUNCIL, EVERY, FULL, TRUST, write_library


def understood(text: str) -> list[tuple[str, ...]]:
    return [(str(term.meant), *term.values) for term in Question.of(text).terms]


@pytest.mark.parametrize(
    ("typed", "terms", "plain"),
    [
        ("care plan", [], "care plan"),
        ('"care plan" late', [("phrase", "care plan")], '"care plan" late'),
        ("plan -ambulance", [("without", "ambulance")], "plan"),
        ('plan -"care home" late', [("without", "care home")], "plan  late"),
        ("plan -“care home”", [("without", "care home")], "plan"),  # as word processors quote
        ("ward OR clinic late", [("any", "ward", "clinic")], "ward clinic late"),
        ('"care plan" OR clinic OR ward', [("any", "care plan", "clinic", "ward")], None),
        ("ref:2099-1 ref:2099-0001", [("ref", "2099-0001")], "ref:2099-1"),
        ("REF:2099-042(a)", [("ref", "2099-0042A")], ""),
        (f'org:"{TRUST}" plan', [("organisation", TRUST)], "plan"),
        ("theme:staffing", [("theme", "staffing")], ""),
        ("theme:own:lone-working", [("theme", "own:lone-working")], ""),
        ("year:2099", [("year", "2099")], ""),
        ("year:2099-2097", [("year", "2097-2099")], ""),  # turned round
    ],
)
def test_a_part_of_a_question_is_understood(
    typed: str, terms: list[tuple[str, ...]], plain: str | None
) -> None:
    assert understood(typed) == terms
    assert plain is None or Question.of(typed).plain == plain


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("self-harm", "a hyphen within a word"),
        ("plan - late", "a dash between words"),
        ("2099 -0001", "a ref with a space in it"),
        ("-", "no word at all"),
        ('-""', "no phrase at all"),
        ("-theme:staffing", "only words are left out"),
        ("OR", "nothing on either side"),
        ("ward OR", "nothing on one side"),
        ("ward OR OR clinic", "no word between"),
        ("ward or clinic", "not in capitals"),
        ("year:soon", "no year"),
        ("year:2099-", "no second year"),
        ("ref:none", "no ref"),
        ("theme: staffing", "nothing after the colon"),
        ("org:%", "no word of a name"),
        ("subtheme:staffing", "no prefix of ours"),
        ("org:" + "x" * 301, "too long for a name"),
        ('"', "a quote alone"),
    ],
)
def test_what_is_malformed_is_plain_words(typed: str, why: str) -> None:
    question = Question.of(typed)
    assert (question.terms, question.plain, question.excluded) == ((), typed, ""), why


def test_only_the_first_of_a_prefix_is_one() -> None:
    question = Question.of("theme:staffing theme:training")
    assert understood(question.text) == [("theme", "staffing")]
    assert question.plain == "theme:training"


@pytest.mark.parametrize(
    ("typed", "match"),
    [
        ("ward -clinic", '("ward") NOT ("clinic")'),
        ('"care plan" -"care home"', '(("care plan")) NOT ("care home")'),
        ("ward OR clinic late", '("ward" OR "clinic")'),
        ('ward OR clinic "care plan"', '("ward" OR "clinic") AND ("care plan")'),
        ("care-plan OR clinic", '("care plan" OR "clinic")'),
        ("ward -inpatient", '("ward") NOT ("inpatient" OR "in patient")'),
        ("-clinic", ""),  # nothing to find; what to leave out is told apart
    ],
)
def test_a_question_becomes_a_match_of_its_own_words(typed: str, match: str) -> None:
    assert Question.of(typed).match == match


COMMANDS = st.sampled_from(
    ["-", '"', "“", " OR ", "OR", " ", "ref:", "org:", "theme:", "year:", "2099-0001", "ward", "\0"]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(COMMANDS, max_size=25).map("".join)))
@example('"' * 999)
@example("-" * 999)
@example('"a" ' * 999)
@example("-a " * 999)
@example("a OR " * 999 + "b")
@example("NEAR(a b) AND col:x NOT -*")
@example('-"\0" org:"\0" \0 OR \0')
def test_no_question_raises_or_breaks_the_search_table(typed: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter unicode61')")
    question = Question.of(typed)
    for match in (question.match, question.excluded):
        if match:
            db.execute("SELECT * FROM t WHERE t MATCH ?", [match]).fetchall()
    for term in question.terms:
        assert 0 <= term.start < term.end <= len(typed)
        assert len(question.without(term)) < len(typed)


@pytest.mark.parametrize(
    "typed", ["care plan", ' "care plan"  late ', "", "what is a co-ordinator?", "a\nb"]
)
def test_a_plain_question_is_searched_for_as_it_stands(typed: str) -> None:
    assert Question.of(typed).plain == typed.strip()


def test_a_prefix_narrows_the_filters_and_leaves_the_others() -> None:
    question = Question.of('org:westerby theme:"Care Coordination" year:2097-2099')
    assert question.narrowed(Filters(kind="report", theme="staffing")) == Filters(
        kind="report",
        organisation="westerby",
        theme="care_coordination",
        from_date="2097",
        to_date="2099",
    )
    assert Question.of("year:2099").narrowed(Filters()) == Filters(year="2099")


def test_a_theme_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownFilterValue, match=r"no theme 'weather'.*staffing"):
        Question.of("theme:weather").narrowed(Filters())


@pytest.mark.parametrize(
    ("written", "key"),
    [("Staffing", "staffing"), ("care  coordination", "care_coordination"), ("own:x", "own:x")],
)
def test_a_theme_goes_by_its_key_or_its_name(written: str, key: str) -> None:
    assert theme_key(written) == key


def test_a_part_can_be_taken_away() -> None:
    question = Question.of('plan -ward "care home" theme:staffing')
    left = {term.meant: question.without(term) for term in question.terms}
    assert left == {
        Meant.WITHOUT: 'plan "care home" theme:staffing',
        Meant.PHRASE: "plan -ward theme:staffing",
        Meant.THEME: 'plan -ward "care home"',
    }


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The invented library of the pages; no test here changes it."""
    home = Home(Path(tmp_path_factory.mktemp("question")) / "home")
    write_library(home, *EVERY)
    return home


def ask(home: Home, text: str, searcher: Searcher | None = None, **limits: str) -> SearchPage:
    with Store.reading(home) as store:
        query = SearchQuery(text=text, filters=Filters(**limits), limit=60)
        return (searcher or Searcher(WordHashEncoder())).search(store, query)


def test_a_word_left_out_stands_in_no_passage_found_by_words_or_by_meaning(library: Home) -> None:
    text = "a coordinator was not allocated and left"
    whole = ask(library, text)
    assert any("meaning" in hit.why and "third" in hit.text for hit in whole.hits)
    page = ask(library, f"{text} -third")
    assert page.hits
    assert not [hit.text for hit in page.hits if "third" in hit.text.lower()]
    assert {hit.passage for hit in page.hits} < {hit.passage for hit in whole.hits}


def test_a_word_left_out_of_nothing_but_a_theme_leaves_the_other_passages(library: Home) -> None:
    texts = [hit.text for hit in ask(library, "theme:staffing -twice").hits]
    assert len(texts) == 2
    assert not [text for text in texts if "Twice" in text]


def test_documents_are_listed_without_those_that_hold_the_word(library: Home) -> None:
    found = {hit.docno for hit in ask(library, "-zebra -rota").hits}
    assert found == {"trust-letter", "details-only"}


def test_a_document_of_details_only_is_left_out_by_its_details(library: Home) -> None:
    assert [h.docno for h in ask(library, "2096-0004").hits][:1] == ["details-only"]
    assert "details-only" not in {h.docno for h in ask(library, "2096-0004 -eastvale").hits}


def test_one_of_the_words_joined_by_or_must_stand(library: Home) -> None:
    page = ask(library, 'lighthouse OR "key worker" plan')
    assert {hit.docno for hit in page.hits} == {"full-report", "digest-report"}
    assert all("lighthouse" in h.text or "key worker" in h.text for h in page.hits)


@pytest.mark.parametrize(
    ("text", "docnos"),
    [
        ("ref:2099-0001 plan", {"full-report"}),
        ("ref:2096-0004", {"details-only"}),
        ("year:2097-2098", {"rewritten-report", "digest-report"}),
        (f'org:"{COUNCIL}"', {"full-report", "rewritten-report"}),
        ('theme:"discharge"', {"rewritten-report"}),
        ("discharge summary theme:discharge", {"rewritten-report"}),
        ("ref:2099-0001 org:eastvale", set()),
    ],
)
def test_a_prefix_leaves_only_what_it_names(library: Home, text: str, docnos: set[str]) -> None:
    assert {hit.docno for hit in ask(library, text).hits} == docnos


def test_the_answer_tells_the_filters_that_the_words_asked_for(library: Home) -> None:
    page = ask(library, "plan theme:staffing", kind="report", theme="training")
    assert page.query.filters == Filters(kind="report", theme="staffing")


def test_a_ref_that_is_not_held_gets_a_sentence(library: Home) -> None:
    page = ask(library, "ref:2099-0999 plan")
    assert (page.hits, page.notice) == (
        (),
        "None of the documents searched has the reference 2099-0999.",
    )


def test_a_body_that_no_document_names_gets_a_sentence(library: Home) -> None:
    with pytest.raises(UnknownFilterValue, match="Close to it: Westerby County Council"):
        ask(library, 'org:"Westerbie County Council"')


def test_words_are_left_out_without_a_model_too(library: Home) -> None:
    without = Searcher(ModelUnavailable("The model is missing."))
    page = ask(library, "coordinator -third", without)
    assert page.hits and not [hit for hit in page.hits if "third" in hit.text]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("zeebra protocol", "zebra protocol"),  # a letter too many
        ("porotcol zebra", "protocol zebra"),  # two letters changed about
        ('"zebra protokol" -rotta', '"zebra protocol" -rotta'),  # what is left out stays
        ("theme:staffing zebraa", "theme:staffing zebra"),
        ("zebra protocol", None),
        ("zebras", None),  # an inflection stands as its stem
        ("xylophone", None),  # nothing is near it
        ("zbra", None),  # too short to tell
        ("lighthuose", None),  # a word of one document may be a name, and is not offered
        ("eastvael", None),
        ("\0 \ud800", None),
        ("", None),
    ],
)
def test_a_word_that_stands_nowhere_is_offered_a_near_one(
    library: Home, typed: str, offered: str | None
) -> None:
    with Store.reading(library) as store:
        assert Searcher(WordHashEncoder()).suggestion(store, typed) == offered


def test_new_words_are_offered_once_the_library_has_changed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    write_library(home, FULL)
    searcher = Searcher(WordHashEncoder())

    def offered() -> str | None:
        with Store.reading(home) as store:
            return searcher.suggestion(store, "zeebra")

    assert offered() is None
    write_library(home, *EVERY[5:])
    assert offered() == "zebra"
