"""What a word adds to a score is kept: answers are SQLite's own, never of an older library."""

import random

import pytest

from index.commonness import Commonness, Match
from index.postings import Postings
from index.question import Question
from index.search import Searcher
from kb.documents import SectionKind
from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable
from kb.queries import Filters, SearchQuery
from kb.settings import Home
from kb.store import Store, finding
from kb.store.wordings import Table
from tests.library_for_tests import Say, document, write_library

VOCABULARY = "ward nurse rota lantern co-ordinator harbour kettle ledger window orchard".split()
DEEP = 7


def said(seed: int) -> str:
    """Return some words, the first ones more often than the last."""
    chosen = random.Random(seed).choices(VOCABULARY, weights=range(10, 0, -1), k=12)
    return f"The {' '.join(chosen)}."


def report(at: int, text: str, *, boilerplate: bool = False) -> object:
    parts = [(SectionKind.CONCERNS, "5 CONCERNS", [Say(text, boilerplate=boilerplate)])]
    return document(f"report-{at}", parts=parts)


@pytest.fixture
def library(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr("index.commonness._FEW", 0)
    monkeypatch.setattr("index.commonness.RARE", 0.6)
    monkeypatch.setattr("index.commonness.COMMON", 0.9)
    write_library(home, *(report(at, said(at), boilerplate=at % 10 == 0) for at in range(40)))
    return home


@pytest.mark.parametrize("seed", range(12))
def test_the_rows_and_scores_are_those_of_the_whole_query(library: Home, seed: int) -> None:
    words = random.Random(seed).sample(VOCABULARY, k=1 + seed % 5)
    question = Question.of(" ".join(words))
    with Store.reading(library) as store:
        commonness, postings = Commonness(), Postings()
        match = commonness.passages(store, question)
        rows = finding.by_words(store.db, match.query, Filters(), limit=DEEP)
        of_passages = [(passage, score) for passage, _, score in rows]
        assert best(postings, store, Table.PASSAGES, match) == scores(of_passages)
        match = commonness.details(store, question)
        of_details = finding.by_details(store.db, match.query, Filters(), limit=DEEP)
        assert best(postings, store, Table.DETAILS, match) == scores(of_details)


def best(postings: Postings, store: Store, table: Table, match: Match) -> object:
    return scores(postings.best(store, table, match.must, match.may, limit=DEEP))


def scores(rows: list[tuple[int, float]]) -> object:
    return [(row, pytest.approx(score, rel=1e-9)) for row, score in rows]


def test_a_word_in_question_again_is_not_asked_of_sqlite_again(
    library: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    whole = finding.scored

    def spied(db: object, table: Table, match: str) -> list[tuple[int, float]]:
        asked.append(match)
        return whole(db, table, match)  # type: ignore[arg-type]

    monkeypatch.setattr(finding, "scored", spied)
    postings = Postings()
    with Store.reading(library) as store:
        for words in (["lantern", "kettle"], ["kettle", "ledger"]):
            quoted = [f'"{word}"' for word in words]
            postings.best(store, Table.PASSAGES, quoted, [], limit=DEEP)
    assert asked == ['"lantern"', '"kettle"', '"ledger"']


def test_what_was_read_in_since_is_found(library: Home) -> None:
    searcher = Searcher(ModelUnavailable("There is none."))

    def found() -> list[str]:
        with Store.reading(library) as store:
            return [hit.docno for hit in searcher.search(store, SearchQuery(text="zebra")).hits]

    assert found() == []
    write_library(library, report(99, "A zebra stood on the ward."))
    assert found() == ["report-99"]


def test_no_more_is_kept_than_allowed(library: Home) -> None:
    postings = Postings(most_kept=10)
    with Store.reading(library) as store:
        for word in VOCABULARY[:4]:
            postings.best(store, Table.PASSAGES, [f'"{word}"'], [], limit=DEEP)
            assert len(postings._words) <= 2


@pytest.mark.parametrize("narrowed", [Filters(kind="report"), Filters()])
def test_a_word_in_too_many_rows_or_under_a_filter_is_left_to_sqlite(
    library: Home, monkeypatch: pytest.MonkeyPatch, narrowed: Filters
) -> None:
    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("was asked for")

    monkeypatch.setattr(Postings, "best", never)
    monkeypatch.setattr("index.search.MOST_ROWS", 3)
    query = SearchQuery(text="ward nurse", filters=narrowed)
    with Store.reading(library) as store:
        page = Searcher(WordHashEncoder()).search(store, query)
    assert page.hits
