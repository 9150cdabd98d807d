"""FAISS behind one class: exact answers, checked files."""

from pathlib import Path

import numpy as np
import pytest

from index.vectors import VectorIndex
from kb.errors import IndexDamaged

IDS = np.array([10, 20, 30], dtype=np.int64)
AXES = np.eye(3, dtype=np.float32)


def test_the_nearest_passage_comes_first_and_absent_ones_are_not_made_up() -> None:
    index = VectorIndex.build(IDS, AXES)
    query = np.array([0.6, 0.8, 0.0], dtype=np.float32)
    found = index.nearest(query, limit=99)
    assert [passage for passage, _ in found] == [20, 10, 30]
    assert [round(cosine, 6) for _, cosine in found] == [0.8, 0.6, 0.0]


def test_a_search_may_be_kept_among_some_passages() -> None:
    index = VectorIndex.build(IDS, AXES)
    assert {p for p, _ in index.nearest(AXES[0], limit=5, among=[20, 30])} == {20, 30}
    assert index.nearest(AXES[0], limit=5, among=[]) == []


def test_an_empty_index_answers_nothing() -> None:
    empty = VectorIndex.build(np.array([], dtype=np.int64), np.zeros((0, 0), dtype=np.float32))
    assert empty.nearest(AXES[0], limit=5) == []


def test_a_query_of_another_dimension_is_refused_with_a_sentence() -> None:
    with pytest.raises(IndexDamaged, match="vectors of 3 numbers"):
        VectorIndex.build(IDS, AXES).nearest(np.ones(4, dtype=np.float32), limit=1)


def test_cosines_are_given_for_known_passages_and_zero_for_others() -> None:
    assert VectorIndex.build(IDS, AXES).cosines(AXES[1], [10, 20, 99]) == [0.0, 1.0, 0.0]


def test_a_saved_index_is_read_back_by_its_sha256(tmp_path: Path) -> None:
    digest = VectorIndex.build(IDS, AXES).save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [f"{digest}.faiss"]
    assert VectorIndex.load(tmp_path, digest).nearest(AXES[2], limit=1) == [(30, 1.0)]


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_or_missing_file_is_never_read(tmp_path: Path, damage: bytes | None) -> None:
    digest = VectorIndex.build(IDS, AXES).save(tmp_path)
    file = tmp_path / f"{digest}.faiss"
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage)
    with pytest.raises(IndexDamaged):
        VectorIndex.load(tmp_path, digest)
