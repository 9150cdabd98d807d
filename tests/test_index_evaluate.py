"""Measures of search, computed by hand."""

import math
from pathlib import Path

import pytest

from index.evaluate import measure, read_judgements, read_queries, write_run
from kb.errors import UsageError


def test_the_measures_are_those_computed_by_hand() -> None:
    judged = {"q": {"a": 3, "b": 2, "c": 1, "d": 0}}
    run = {"q": [("b", 3.0), ("x", 2.0), ("a", 1.0)]}
    found = measure(run, judged)
    gained = 2 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert found.ndcg_10 == pytest.approx(gained / ideal)
    assert found.p_5 == pytest.approx(2 / 5)
    assert found.recall_50 == 1.0
    assert found.queries == 1


def test_a_perfect_ranking_scores_one_and_an_empty_one_nothing() -> None:
    judged = {"q": {"a": 3, "b": 1}}
    assert measure({"q": [("a", 2.0), ("b", 1.0)]}, judged).ndcg_10 == 1.0
    assert measure({"q": []}, judged).ndcg_10 == 0.0


def test_queries_and_judgements_are_read_and_a_run_is_written_in_trec_form(tmp_path: Path) -> None:
    queries, qrels, out = (tmp_path / name for name in ("q.tsv", "qrels.txt", "run.txt"))
    queries.write_text('q1\tcare "coordinator"\tnarrative\nq2\tdischarge\n')
    qrels.write_text("q1 0 doc-a 3\nq1 0 doc-b 0\n")
    assert read_queries(queries) == {"q1": 'care "coordinator"', "q2": "discharge"}
    assert read_judgements(qrels) == {"q1": {"doc-a": 3, "doc-b": 0}}
    write_run({"q1": [("doc-a", 0.5)]}, out)
    assert out.read_text() == "q1 Q0 doc-a 1 0.500000 pfdkb\n"


@pytest.mark.parametrize("text", ["", "q1 0 doc-a\n", "q1 0 doc-a high\n"])
def test_a_file_of_another_form_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.txt"
    file.write_text(text)
    with pytest.raises(UsageError):
        read_judgements(file) or read_queries(file)


def test_queries_that_share_no_id_with_the_judgements_are_refused() -> None:
    with pytest.raises(UsageError, match="share no query id"):
        measure({"q1": []}, {"other": {"a": 1}})
