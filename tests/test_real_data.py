"""The public documents and exports go through the same path as everything else."""

from pathlib import Path

import pytest

from index.build import build_index
from index.encoder import encoder_for, token_counter
from index.search import Searcher
from ingest.pipeline import ingest
from kb.cli.base import question_reader
from kb.documents import Kind, Role
from kb.queries import SearchQuery
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store, ledger, tables
from kb.store.documents import read_document
from kb.store.verify import verify
from tests.invented import read_in

pytestmark = pytest.mark.real_data

KINDS = {
    "000_aee4c5112a79c01d": Kind.RESPONSE,
    "001_8cc325516dbe19c6": Kind.RESPONSE,
    "002_113805ead16de473": Kind.ACTION_PLAN,
    "003_f0189b46f4becc11": Kind.ACTION_PLAN,
    "004_9f16f9eb560d8b16": Kind.ANNUAL_REPORT,
    "Chris_Evans": Kind.REPORT,
    "Jodie_McCann": Kind.REPORT,
    "Joseph_Maunick": Kind.REPORT,
    "Template": Kind.OTHER,  # the blank form is no report
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The nine documents, read with the real model."""
    home = Home(tmp_path_factory.mktemp("documents") / "home")
    encoder = encoder_for(DEFAULT_MODEL, home)
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"
    with Store.writing(home, purpose="test") as store:
        outcome = ingest(store, [folder], encoder=encoder, count=token_counter(DEFAULT_MODEL, home))
        build_index(store, encoder)
        assert outcome.failed == []
        assert verify(store.db) == []
    return home


def test_every_document_is_recognised_for_what_it_is(documents: Home) -> None:
    with Store.reading(documents) as store:
        assert {docno: read_document(store.db, docno).kind for docno in KINDS} == KINDS


@pytest.mark.parametrize(
    ("docno", "concerns"),
    [("000_aee4c5112a79c01d", 5), ("001_8cc325516dbe19c6", 2), ("Jodie_McCann", 4)],
)
def test_the_concerns_are_those_that_the_document_numbers(
    documents: Home, docno: str, concerns: int
) -> None:
    with Store.reading(documents) as store:
        assert len(read_document(store.db, docno).concerns) == concerns


def test_the_responses_state_who_answers_when(documents: Home) -> None:
    with Store.reading(documents) as store:
        england = read_document(store.db, "000_aee4c5112a79c01d")
        trust = read_document(store.db, "001_8cc325516dbe19c6")
    assert (england.date, england.facts["report_date"]) == ("2021-12-13", "2021-07-17")
    respondents = [p.name for p in england.parties if p.role is Role.RESPONDENT]
    assert respondents == ["NHS England"]
    assert (trust.date, trust.facts["received_date"]) == ("2022-05-23", "2022-03-28")
    assert trust.coroner_area == "Warwickshire"


@pytest.mark.model
def test_care_coordinator_not_allocated_finds_the_two_responses(documents: Home) -> None:
    searcher = Searcher(encoder_for(DEFAULT_MODEL, documents), reader=question_reader(documents))
    with Store.reading(documents) as store:
        page = searcher.search(store, SearchQuery(text="care coordinator not allocated"))
    assert {hit.docno for hit in page.hits[:5]} >= {"000_aee4c5112a79c01d", "001_8cc325516dbe19c6"}


def test_every_row_of_the_exports_ends_in_the_ledger_and_a_second_run_changes_nothing(
    shared: Path, home: Home
) -> None:
    reports = shared / "data" / "reports"
    outcome = read_in(home, reports)
    assert (outcome.done, outcome.failed) == (5516, [])
    with Store.reading(home) as store:
        held = tables.status(store.db)
        assert held["documents"]["total"] == 5516
        assert {entry.state for entry in ledger.entries(store.db)} == {"done"}
    again = read_in(home, reports)
    assert (again.done, again.unchanged) == (0, 5516)
