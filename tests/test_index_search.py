"""The one search path: words, meaning, details, filters, facets."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.build import build_index, is_current
from index.cluster_units import judge_points
from index.failings import FailingModel
from index.search import Searcher
from kb.encoder import Vectors, WordHashEncoder
from kb.errors import ModelUnavailable, UnknownFilterValue
from kb.queries import Filters, SearchPage, SearchQuery, page_json
from kb.settings import Home
from kb.store import Store, meta
from tests import invented
from tests.invented import COUNCIL, TRUST, export, read_in, report, response, tracker_row


@pytest.fixture
def library(home: Home, tmp_path: Path) -> Home:
    """Two reports with text, one response, and one report of which only details are held."""
    folder = invented.write(
        tmp_path / "in",
        trust=report(),
        council=report(
            ref="2099-0002",
            date="9 July 2098",
            area="Westerby",
            recipients=COUNCIL,
            concerns=[invented.DISCHARGE],
        ),
        letter=response(),
    )
    rows = export(tmp_path / "rows.csv", invented.TRACKER, tracker_row("ash", ref="2099-0777"))
    read_in(home, folder, rows)
    return home


def ask(home: Home, text: str = "", searcher: Searcher | None = None, **limits: str) -> SearchPage:
    with Store.reading(home) as store:
        query = SearchQuery(text=text, filters=Filters(**limits), limit=50)
        return (searcher or Searcher(WordHashEncoder())).search(store, query)


def test_the_passage_that_says_it_comes_first_with_all_that_citing_needs(library: Home) -> None:
    page = ask(library, "discharge summary not sent")
    first = page.hits[0]
    assert first.docno == "council"
    assert invented.DISCHARGE in first.text
    assert (first.ref, first.date, first.organisations) == ("2099-0002", "2098-07-09", (COUNCIL,))
    assert "words" in first.why
    assert {first.text[a:b].lower() for a, b in first.highlights} >= {"discharge summary", "sent"}


def test_every_hit_is_a_slice_of_its_document(library: Home) -> None:
    page = ask(library, "care coordinator vacancies discharge")
    with Store.reading(library) as store:
        texts = dict(store.db.execute("SELECT docno, text FROM documents").fetchall())
    assert page.hits
    assert all(hit.text in texts[hit.docno] for hit in page.hits)


@pytest.mark.parametrize(
    ("limits", "docnos"),
    [
        ({"kind": "response"}, {"letter"}),
        ({"organisation": COUNCIL}, {"council"}),
        ({"organisation": "westerby"}, {"council"}),  # a part of the name, any case
        ({"year": "2098"}, {"council"}),
        ({"from_date": "2099-04"}, {"letter", "ash"}),
        ({"to_date": "2098"}, {"council"}),
        ({"area": "Westerby"}, {"council"}),
        ({"theme": "discharge"}, {"council"}),
        ({"category": "Suicide (from 2015)"}, {"ash"}),
    ],
)
def test_a_filter_leaves_only_what_it_names(
    library: Home, limits: dict[str, str], docnos: set[str]
) -> None:
    assert {hit.docno for hit in ask(library, **limits).hits} == docnos


def test_a_filter_narrows_search_by_meaning_too(library: Home) -> None:
    page = ask(library, "care coordinator", kind="response")
    assert page.hits and {hit.docno for hit in page.hits} == {"letter"}


@pytest.mark.parametrize(
    "limits",
    [{"kind": "novel"}, {"theme": "weather"}, {"organisation": "Nowhere"}, {"year": "last year"}],
)
def test_a_filter_that_names_nothing_is_refused_with_a_sentence(
    library: Home, limits: dict[str, str]
) -> None:
    with pytest.raises(UnknownFilterValue):
        ask(library, "care", **limits)


def test_a_misspelt_organisation_is_answered_with_a_name_close_to_it(library: Home) -> None:
    with pytest.raises(UnknownFilterValue, match=COUNCIL):
        ask(library, organisation="Westerbie County Council")


def test_a_report_held_only_by_its_details_is_found_by_ref_and_by_names(library: Home) -> None:
    for text in ("2099-0777", "2099 – 0777", "Northmoor Suicide 0777"):
        first = ask(library, text).hits[0]
        assert (first.docno, first.passage, first.text) == ("ash", None, "")
        assert first.why == ("details",)


def test_an_exact_ref_comes_before_everything_else(library: Home) -> None:
    assert ask(library, "2099-0002").hits[0].docno == "council"


def test_facets_count_documents_and_not_passages(library: Home) -> None:
    page = ask(library)
    kinds = {value.value: value.count for value in page.facets["kind"]}
    assert kinds == {"report": 3, "response": 1}
    assert page.documents == 4
    names = {value.value: value.count for value in page.facets["organisation"]}
    assert names == {TRUST: 3, COUNCIL: 1}


def test_browsing_shows_the_newest_first(library: Home) -> None:
    assert [hit.docno for hit in ask(library).hits] == ["ash", "letter", "trust", "council"]


def test_pages_of_documents_hold_every_document_once(library: Home) -> None:
    seen = []
    with Store.reading(library) as store:
        for offset in range(4):
            query = SearchQuery(limit=1, offset=offset, per_document=1)
            page = Searcher(WordHashEncoder()).search(store, query)
            seen += [hit.docno for hit in page.hits]
    assert sorted(seen) == ["ash", "council", "letter", "trust"]


@pytest.mark.parametrize("text", ['"' * 50, "\0", "' OR 1=1 --", "😀", "a" * 10_000, "*" * 10_000])
def test_a_hostile_question_is_answered(library: Home, text: str) -> None:
    page = ask(library, text)
    assert page.total == len(page.hits)


def test_boilerplate_of_the_form_is_never_a_hit(library: Home) -> None:
    page = ask(library, '"Coroners and Justice Act 2009"')
    assert page.hits == ()


def test_a_quoted_phrase_must_stand_in_the_passage(library: Home) -> None:
    page = ask(library, '"care coordinator was allocated"')
    assert page.hits
    assert all("care coordinator was allocated" in hit.text.lower() for hit in page.hits)


def test_without_a_model_words_still_find_and_the_page_says_so(library: Home) -> None:
    page = ask(library, "discharge summary", Searcher(ModelUnavailable("The model is missing.")))
    assert page.hits[0].docno == "council"
    assert page.notice == "Searched by words alone. The model is missing."


def test_a_lost_index_file_changes_no_answer(library: Home) -> None:
    before = page_json(ask(library, "care coordinator"))
    for file in library.index.iterdir():
        file.unlink()
    with Store.reading(library) as store:
        assert not is_current(store, WordHashEncoder().fingerprint)
    assert page_json(ask(library, "care coordinator")) == before


def test_an_index_of_an_older_library_is_not_used(library: Home, tmp_path: Path) -> None:
    with Store.writing(library, purpose="test") as store:
        old = meta.get(store.db, "index")
    read_in(library, invented.write(tmp_path / "more", late=report(ref="2099-0009")))
    with Store.writing(library, purpose="test") as store, store.db.atomic():
        meta.put(store.db, "index", old)
    assert "late" in {hit.docno for hit in ask(library, "care coordinator allocated").hits}


def test_a_model_of_another_dimension_never_meets_the_stored_vectors(library: Home) -> None:
    page = ask(library, "discharge summary", Searcher(WordHashEncoder(dimension=8)))
    assert page.hits[0].docno == "council"


def test_a_new_library_has_a_current_index(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        build_index(store, WordHashEncoder())
        assert is_current(store, WordHashEncoder().fingerprint)
        assert len(list(library.index.iterdir())) == 1


class About:
    """Tells of every question that it is about one theme."""

    def __init__(self, theme: str) -> None:
        self.theme = theme

    def themes_of(self, question: str) -> dict[str, float]:
        return {self.theme: 1.0}


class Unreadable:
    """A tagger whose network was damaged after it was chosen."""

    def themes_of(self, question: str) -> dict[str, float]:
        raise ModelUnavailable("The weights are damaged.")


def test_a_document_that_shows_the_theme_of_the_question_stands_higher(library: Home) -> None:
    def scores(theme: str) -> dict[str, float]:
        searcher = Searcher(WordHashEncoder(), reader=About(theme))
        found = ask(library, "nobody was told of the plan", searcher)
        return {hit.docno: hit.score for hit in reversed(found.hits)}

    plain, lifted = scores("dual_diagnosis"), scores("discharge")
    assert lifted["council"] > plain["council"]
    assert lifted["trust"] == pytest.approx(plain["trust"])


def test_a_damaged_tagger_takes_no_answer_away(library: Home) -> None:
    whole = ask(library, "care coordinator", Searcher(WordHashEncoder()))
    found = ask(library, "care coordinator", Searcher(WordHashEncoder(), reader=Unreadable()))
    assert [hit.passage for hit in found.hits] == [hit.passage for hit in whole.hits]


def test_the_passage_that_states_the_failing_asked_about_is_lifted(library: Home) -> None:
    axes = {"coordinator": 0, "summary": 1}
    with Store.writing(library, purpose="test") as store:
        judge_points(store, FailingModel(Turned(axes)))

    def scores(word: str) -> dict[str, float]:
        model = FailingModel(Turned(axes, question=word))
        found = ask(library, QUESTION, Searcher(WordHashEncoder(), failings=model))
        return {hit.docno: hit.score for hit in reversed(found.hits)}

    trust, council = scores("coordinator"), scores("summary")
    assert trust["trust"] > council["trust"]
    assert council["council"] > trust["council"]


def test_without_the_model_of_failings_the_other_signals_answer(library: Home) -> None:
    searcher = Searcher(WordHashEncoder(), failings=FailingModel(Broken()))
    assert [hit.passage for hit in ask(library, "care coordinator", searcher).hits] == [
        hit.passage for hit in ask(library, "care coordinator").hits
    ]


QUESTION = "discharge or care coordinator"


class Turned:
    """A meaning by one word of the text; `QUESTION` has that of `question`."""

    id = fingerprint = "turned"
    dimension = 3

    def __init__(self, axes: dict[str, int], question: str = "") -> None:
        self.axes, self.question = axes, question

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), 3), np.float32)
        for row, text in enumerate(texts):
            asked = self.question if text == QUESTION else text
            found[row, next((at for word, at in self.axes.items() if word in asked), 2)] = 1.0
        return found


class Broken(Turned):
    """A network whose file is damaged."""

    def __init__(self) -> None:
        super().__init__({})

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise ModelUnavailable("The network is damaged.")
