"""Which words of a question are scored, so that a search is bounded in any library."""

import pytest

from index.commonness import Commonness, Match
from index.question import Question
from index.search import Searcher
from kb.documents import Kind, SectionKind
from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable
from kb.queries import SearchQuery
from kb.settings import Home
from kb.store import Store
from tests.library_for_tests import Say, document, write_library

# Of ten passages "ward" stands in all, "nurse" in five, "rota" in two, "lantern" in one.
SAID = [
    "The ward had one nurse and no rota.",
    "The ward lost its rota, and a nurse left.",
    "A nurse on the ward held a lantern.",
    *["The ward had a nurse."] * 2,
    *["The ward was shut."] * 5,
]


@pytest.fixture
def library(home: Home) -> Home:
    concerns = SectionKind.CONCERNS
    write_library(
        home,
        *(
            document(f"report-{at}", parts=[(concerns, "5 CONCERNS", [Say(text)])])
            for at, text in enumerate(SAID)
        ),
    )
    return home


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take even ten passages for so many that common words are worth leaving out."""
    monkeypatch.setattr("index.commonness._FEW", 0)
    monkeypatch.setattr("index.commonness.RARE", 0.2)
    monkeypatch.setattr("index.commonness.COMMON", 0.5)


def match(home: Home, text: str, *, most_scored: int = 100) -> Match:
    with Store.reading(home) as store:
        return Commonness(most_scored=most_scored).passages(store, Question.of(text))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("lantern rota", '"lantern" OR "rota"'),
        ("rota ward", '"rota"'),  # in every passage: it tells nothing
        ("rota nurse", '("rota") AND ("rota" OR "nurse")'),  # a nurse alone is not looked at
        ("nurse ward", '"nurse"'),  # the rarest always stands
        ("ward", '"ward"'),
        ("rota zzz", '"rota"'),  # what stands nowhere adds nothing
        ("zzz", ""),
        ("", ""),
        ('"ward" rota', '("ward")'),  # what is quoted must stand, however common
        ("rota -lantern", '("rota") NOT ("lantern")'),
    ],
)
@pytest.mark.usefixtures("large")
def test_one_of_the_rarer_words_must_stand(library: Home, typed: str, query: str) -> None:
    found = match(library, typed)
    assert (found.query, found.since) == (query, 0)


def test_in_a_small_library_no_word_is_too_common(library: Home) -> None:
    found = match(library, "rota nurse ward")
    assert (found.query, found.since) == ('"rota" OR "nurse" OR "ward"', 0)


@pytest.mark.usefixtures("large")
def test_no_more_is_scored_than_was_set(library: Home) -> None:
    found = match(library, "lantern rota", most_scored=2)
    assert (found.query, found.since) == ('("lantern") AND ("lantern" OR "rota")', 0)
    newest = match(library, "ward", most_scored=4)
    with Store.reading(library) as store:
        ids = [row[0] for row in store.db.execute("SELECT id FROM passages ORDER BY id")]
    assert sum(one >= newest.since for one in ids) in (4, 5)


@pytest.mark.usefixtures("large")
def test_a_passage_of_a_common_word_alone_is_not_found_by_words(library: Home) -> None:
    no_model = Searcher(ModelUnavailable("There is no model."))
    with Store.reading(library) as store:
        page = no_model.search(store, SearchQuery(text="rota nurse", limit=10))
    assert [hit.text for hit in page.hits] == SAID[:2]


def test_the_words_are_counted_anew_when_the_library_changes(library: Home) -> None:
    commonness = Commonness()
    with Store.reading(library) as store:
        assert commonness.passages(store, Question.of("lighthouse")).query == ""
    said = [(SectionKind.CONCERNS, "5 CONCERNS", [Say("The lighthouse was dark.")])]
    write_library(library, document("another", parts=said))
    with Store.reading(library) as store:
        found = commonness.passages(store, Question.of("lighthouse"))
        assert found == Match('"lighthouse"', 0, ('"lighthouse"',), (), 1)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("typed", "must", "may", "rows"),
    [
        ("lantern rota", ['"lantern"', '"rota"'], [], 2),
        ("rota nurse", ['"rota"'], ['"nurse"'], 5),
        ('"ward" rota', [], [], 0),  # a phrase must stand: no sum of words
        ("rota -lantern", [], [], 0),
    ],
)
def test_the_words_are_told_apart_where_their_scores_may_be_summed(
    library: Home, typed: str, must: list[str], may: list[str], rows: int
) -> None:
    found = match(library, typed)
    assert (list(found.must), list(found.may), found.most_rows) == (must, may, rows)


def test_a_report_stands_before_what_says_the_same_of_it(home: Home) -> None:
    answer = [(SectionKind.ANSWER, "Answer", [Say(SAID[2])])]
    concern = [(SectionKind.CONCERNS, "5 CONCERNS", [Say(SAID[2])])]
    write_library(
        home,
        document("answer", kind=Kind.RESPONSE, parts=answer),
        document("report", parts=concern),
    )
    with Store.reading(home) as store:
        page = Searcher(WordHashEncoder()).search(store, SearchQuery(text="lantern"))
    assert [hit.docno for hit in page.hits] == ["report", "answer"]
