"""The parts of the benchmark that can be computed by hand; nothing here is timed."""

import importlib.util
import json
from pathlib import Path

import pytest

from index.evaluate import Measures
from kb.settings import Home
from kb.store import Store
from tests.benchmarks import systems, txtai_index
from tests.benchmarks.compare import Row, table
from tests.benchmarks.systems import OURS, PAGE, PLAIN, Place, best_passages, reciprocal_ranks
from tests.benchmarks.throughput import Sample, words_alone
from tests.library_for_tests import EVERY, write_library


@pytest.fixture
def place(home: Home, tmp_path: Path) -> Place:
    """A small library, and its passages made ready."""
    write_library(home, *EVERY)
    found = Place(home, tmp_path)
    with Store.reading(home) as store:
        rows = store.db.execute(
            "SELECT p.id, d.docno, p.text FROM passages p JOIN documents d ON d.id = p.document_id"
            " WHERE p.boilerplate = 0"
        ).fetchall()
    found.passages.write_text(json.dumps(rows), encoding="utf-8")
    return found


def test_a_document_stands_where_its_best_passage_does() -> None:
    docnos = {1: "first", 2: "second", 3: "first"}
    found = [(2, 0.9), (1, 0.7), (3, 0.6), (99, 0.5)]
    assert best_passages(found, docnos) == [("second", 0.9), ("first", 0.7)]


def test_reciprocal_ranks_add_up_over_the_rankings() -> None:
    words, meaning = [("a", 9.0), ("b", 8.0)], [("b", 0.9), ("c", 0.8)]
    fused = reciprocal_ranks([words, meaning])
    assert fused == [("b", 1 / 62 + 1 / 61), ("a", 1 / 61), ("c", 1 / 62)]


def test_words_alone_answers_from_the_library_s_own_table(place: Place) -> None:
    (first, *_) = systems.words_alone(place)("allocated eleven weeks")
    assert first[0] == "full-report"


def test_words_alone_takes_in_every_passage_with_its_boilerplate(place: Place) -> None:
    sample = Sample(place.home.root.parent)
    assert sample.home == place.home  # where `write_library` has put it
    with Store.reading(place.home) as store:
        (number,) = store.db.execute("SELECT count(*) FROM passages").fetchone()
    assert words_alone(sample)() == number


def test_the_table_gives_times_and_ingest_as_ratios_to_the_plain_recipe() -> None:
    quality = Measures(ndcg_10=0.5, p_5=0.4, recall_50=0.75, queries=2)
    plain = Row(quality, [0.02, 0.01, 0.03], [0.01], [8.0], 900_000_000, [(20.0, 10.0)], 10**9)
    ours = Row(quality, [0.03], [0.02], [2.0], 200_000_000, [(50.0, 20.0), (30.0, 20.0)], 10**8)
    page = Row(None, [0.04], [0.03], [2.0], 1_000_000)
    lines = table({PLAIN: plain, OURS: ours, PAGE: page})
    assert [line.count("|") for line in lines[:5]] == [12] * 5
    assert lines[3] == (
        "| pfd-kb | 0.500 | 0.40 | 0.750 | 1.50 | 2.00 | 0.25 | 200 MB | 2.00 | 2.00 | 100 MB |"
    )
    assert lines[4].startswith("| pfd-kb, the web page | - | - | - | 2.00 |")
    assert lines[4].endswith("| 1 MB | - | - | - |")
    assert "20 ms a query" in lines[-1] and "our web page 40 ms" in lines[-1]


def test_what_is_missing_for_txtai_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(txtai_index, "find_spec", lambda name: None)
    assert not txtai_index.installed()
    assert "[bench]" in txtai_index.ABSENT


def test_txtai_ranks_the_passage_of_both_the_words_and_the_meaning_first(tmp_path: Path) -> None:
    if importlib.util.find_spec("txtai") is None:
        pytest.skip("txtai is installed for the benchmark only")
    from index.encoder import encoder_for
    from kb.settings import DEFAULT_MODEL

    home = Home(tmp_path)
    texts = [(7, "The nurse kept no record."), (9, "No care coordinator was allocated.")]
    vectors = encoder_for(DEFAULT_MODEL, home).encode([text for _, text in texts])
    txtai_index.index_with(texts, vectors, tmp_path / "txtai")
    search = txtai_index.opened(tmp_path / "txtai", home)
    assert search("care coordinator allocated", 2)[0][0] == 9
