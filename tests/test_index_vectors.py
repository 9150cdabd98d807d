"""FAISS behind one class: exact answers, near enough beyond a size, checked files."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from index.vectors import VectorIndex
from kb.encoder import Vectors
from kb.errors import IndexDamaged

IDS = np.array([10, 20, 30], dtype=np.int64)
AXES = np.eye(3, dtype=np.float32)

MANY = 20_000
MANY_IDS = np.arange(MANY, dtype=np.int64) * 3 + 7


def unit(rows: Vectors) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def alike() -> tuple[Vectors, Vectors]:
    """Return vectors in 300 clusters that run into each other, and queries from between them."""
    drawn = np.random.default_rng(2099)
    centres = unit(drawn.standard_normal((300, 96)))
    rows = centres[drawn.integers(300, size=MANY + 100)]
    rows = unit(rows + 0.12 * drawn.standard_normal(rows.shape))
    return rows[:MANY], rows[MANY:]


@pytest.fixture(scope="module")
def exact(alike: tuple[Vectors, Vectors]) -> VectorIndex:
    return VectorIndex.build(MANY_IDS, alike[0])


@pytest.fixture(scope="module")
def larger(alike: tuple[Vectors, Vectors]) -> VectorIndex:
    return VectorIndex.build(MANY_IDS, alike[0], exact_up_to=1000)


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [passage for passage, _ in found]


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


def test_up_to_a_size_every_passage_is_compared_and_beyond_it_not(
    exact: VectorIndex, larger: VectorIndex
) -> None:
    assert (exact.exact, larger.exact) == (True, False)
    assert (len(exact), exact.dimension) == (len(larger), larger.dimension) == (MANY, 96)


def test_beyond_a_size_nearly_all_of_the_nearest_ten_are_found(
    alike: tuple[Vectors, Vectors], exact: VectorIndex, larger: VectorIndex
) -> None:
    both = [(exact.nearest(one, limit=10), larger.nearest(one, limit=10)) for one in alike[1]]
    shares = [len({*ids(right)} & {*ids(found)}) / 10 for right, found in both]
    assert np.mean(shares) >= 0.98


@pytest.mark.parametrize("number", [1, 9, 500, 15_000])
def test_among_some_passages_the_larger_index_answers_like_the_exact_one(
    alike: tuple[Vectors, Vectors], exact: VectorIndex, larger: VectorIndex, number: int
) -> None:
    among = np.random.default_rng(number).choice(MANY_IDS, number, replace=False).tolist()
    for query in alike[1][:20]:
        right = exact.nearest(query, limit=10, among=[*among, 8])  # 8 is no passage
        found = larger.nearest(query, limit=10, among=[*among, 8])
        assert len(found) == min(10, number)
        # Halved numbers may swap two that are as near, so cosines are compared and not places.
        assert [cosine for _, cosine in found] == pytest.approx([c for _, c in right], abs=1e-3)
        assert {*ids(found)} <= {*among}


def test_the_larger_index_gives_the_cosines_of_the_exact_one(
    alike: tuple[Vectors, Vectors], exact: VectorIndex, larger: VectorIndex
) -> None:
    asked = [int(MANY_IDS[5]), 8, int(MANY_IDS[-1]), int(MANY_IDS[0])]
    right = exact.cosines(alike[1][0], asked)
    assert larger.cosines(alike[1][0], asked) == pytest.approx(right, abs=1e-3)
    assert right[1] == 0.0


def test_the_order_of_the_passages_makes_no_difference_to_the_larger_index(
    alike: tuple[Vectors, Vectors], larger: VectorIndex
) -> None:
    order = np.random.default_rng(1).permutation(MANY)
    again = VectorIndex.build(MANY_IDS[order], alike[0][order], exact_up_to=1000)
    for query in alike[1]:
        assert again.nearest(query, limit=20) == larger.nearest(query, limit=20)


def test_a_larger_index_is_read_back_as_it_was(
    tmp_path: Path, alike: tuple[Vectors, Vectors], larger: VectorIndex
) -> None:
    digest = larger.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [f"{digest}.faiss"]
    again = VectorIndex.load(tmp_path, digest)
    assert again.save(tmp_path) == digest
    for query in alike[1][:20]:
        assert again.nearest(query, limit=20) == larger.nearest(query, limit=20)
        some = MANY_IDS[:300].tolist()
        assert again.cosines(query, some) == larger.cosines(query, some)


def test_a_larger_index_with_one_byte_changed_or_its_end_cut_off_is_never_read(
    tmp_path: Path, larger: VectorIndex
) -> None:
    digest = larger.save(tmp_path)
    file = tmp_path / f"{digest}.faiss"
    whole = file.read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for damaged in (changed, whole[:-1], whole[:middle]):
        file.write_bytes(damaged)
        with pytest.raises(IndexDamaged):
            VectorIndex.load(tmp_path, digest)


def test_a_file_that_faiss_cannot_read_is_said_to_be_unreadable(tmp_path: Path) -> None:
    raw = b"an index of a later faiss"
    digest = hashlib.sha256(raw).hexdigest()
    (tmp_path / f"{digest}.faiss").write_bytes(raw)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        VectorIndex.load(tmp_path, digest)


def test_fewer_passages_than_lists_need_are_still_found() -> None:
    index = VectorIndex.build(IDS, AXES, exact_up_to=0)
    assert index.nearest(AXES[1], limit=5, among=[10, 20, 30])[0] == (20, 1.0)
    assert index.nearest(AXES[1], limit=1) == [(20, 1.0)]
