"""FAISS, behind one small class: inner-product search over passage ids, exact up to a size.

The only door to faiss. Its traps are handled here: it pads answers with id -1, raises a bare
AssertionError on a wrong dimension, and may crash on a damaged file, so a file is compared with
its recorded sha256 before it is read.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from math import isqrt
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.errors import IndexDamaged
from kb.refs import file_hash

Ids = NDArray[np.int64]

EXACT_UP_TO = 200_000
"""Passages that every question is compared with; of more, only the lists nearest to it."""
_TRAINING = 64  # vectors a list; more made no better lists
_SHARE = 3  # one list in so many is looked through
_SEED = 2099

# One question is too little to share out: two threads took six times one thread's time, waiting.
# One thread also makes the same lists of the same vectors every time.
faiss.omp_set_num_threads(1)


class VectorIndex:
    """Passage vectors that can be asked for the nearest to a query.

    Up to a size the answer is exact. Beyond it vectors are kept in halves of their numbers (fp16)
    in lists of vectors that are alike, and a query looks through the nearest third of the lists.
    """

    def __init__(self, index: faiss.IndexIDMap) -> None:
        self._whole = index  # faiss frees what is inside it when this goes
        self._index: Any = faiss.downcast_index(index.index)
        # Ids stand in ascending order, so a passage's position is found by halving.
        self._ids: Ids = faiss.vector_to_array(index.id_map)
        self.exact = not isinstance(self._index, faiss.IndexIVF)
        """Whether every question is compared with every passage."""
        if not self.exact:
            self._index.make_direct_map()  # type: ignore[attr-defined]

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors, *, exact_up_to: int = EXACT_UP_TO) -> "VectorIndex":
        """Index unit vectors of shape (len(ids), dimension); their order makes no difference."""
        if len(ids) and (np.diff(ids) < 0).any():
            order = np.argsort(ids, kind="stable")
            ids, vectors = ids[order], vectors[order]
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        exact = len(ids) <= exact_up_to
        index = faiss.IndexIDMap(
            faiss.IndexFlatIP(max(1, vectors.shape[1])) if exact else _lists(vectors)
        )
        if len(ids):
            index.add_with_ids(vectors, ids)
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors held."""
        return int(self._index.d)

    def nearest(
        self, query: NDArray[np.float32], *, limit: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return (passage id, cosine), the nearest first; `among` limits to these ids.

        All of `among` are compared, whatever the size. Raises `IndexDamaged` if the query is of
        another dimension.
        """
        if not len(self) or (among is not None and not len(among)):
            return []
        if query.shape[-1] != self.dimension:
            raise IndexDamaged(
                f"The index holds vectors of {self.dimension} numbers, the model makes "
                f"{query.shape[-1]}. Run 'pfdkb ingest' again with this model."
            )
        parameters = None if among is None else self._only(among)
        scores, found = self._index.search(
            query.reshape(1, -1), min(limit, len(self)), params=parameters
        )
        held = found[0] != -1
        ids = self._ids[found[0][held]]
        return list(zip(ids.tolist(), scores[0][held].tolist(), strict=True))

    def cosines(self, query: NDArray[np.float32], ids: Sequence[int]) -> list[float]:
        """Return the cosine of each passage to the query; 0.0 for passages not in the index."""
        asked = np.asarray(ids, dtype=np.int64)
        out = np.zeros(len(asked), dtype=np.float32)
        positions, held = self._positions(asked)
        if held.any():
            out[held] = self._index.reconstruct_batch(positions[held]) @ query
        cosines: list[float] = out.tolist()
        return cosines

    def save(self, folder: Path) -> str:
        """Write a file named by its sha256, whole or not at all; return the sha256."""
        with tempfile.NamedTemporaryFile(dir=folder, delete=False, suffix=".part") as handle:
            writer = faiss.PyCallbackIOWriter(handle.write)  # type: ignore[attr-defined]
            faiss.write_index(self._whole, writer)
            handle.flush()
            os.fsync(handle.fileno())
        digest = file_hash(Path(handle.name))
        Path(handle.name).replace(folder / f"{digest}.faiss")
        return digest

    @classmethod
    def load(cls, folder: Path, digest: str) -> "VectorIndex":
        """Read the file of this sha256. Raises `IndexDamaged` if missing or not what it was."""
        file = folder / f"{digest}.faiss"
        try:
            # Read twice, by one handle: to hold the bytes in memory would double what it takes.
            with file.open("rb") as handle:
                if hashlib.file_digest(handle, "sha256").hexdigest() != digest:
                    raise IndexDamaged(f"The index file {file} is damaged.")
                handle.seek(0)
                reader = faiss.PyCallbackIOReader(handle.read)  # type: ignore[attr-defined]
                return cls(faiss.read_index(reader))  # type: ignore[arg-type]
        except (OSError, RuntimeError) as error:  # RuntimeError: written by a later faiss
            raise IndexDamaged(f"The index file {file} cannot be read.") from error

    def _positions(self, ids: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """Return the position of each id and whether it is held (else the position is nothing)."""
        if not len(self):
            return ids, np.zeros(len(ids), dtype=np.bool_)
        positions = np.minimum(np.searchsorted(self._ids, ids), len(self) - 1)
        return positions, self._ids[positions] == ids

    def _only(self, among: Sequence[int]) -> faiss.SearchParameters:
        """Return the settings of a search among these passages, through all lists.

        In the nearest lists alone there may be too few of them.
        """
        positions, held = self._positions(np.asarray(among, dtype=np.int64))
        chosen = np.zeros(len(self), dtype=np.bool_)
        chosen[positions[held]] = True
        bits = np.packbits(chosen, bitorder="little")
        only = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
        if self.exact:
            return faiss.SearchParameters(sel=only)  # type: ignore[call-arg]
        every = self._index.nlist
        return faiss.SearchParametersIVF(sel=only, nprobe=every)  # type: ignore[call-arg]


def _lists(vectors: Vectors) -> faiss.Index:
    """Return empty lists, one for each of sqrt(number of vectors) places among them.

    Eight bits a number would halve the file again, but of a million passages they lose one in
    twenty of the nearest ten however many lists are looked through.
    """
    number, dimension = vectors.shape
    lists = isqrt(number)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    index.nprobe = -(-lists // _SHARE)
    index.cp.spherical = True
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = _TRAINING
    index.cp.seed = _SEED
    drawn = np.random.default_rng(_SEED).permutation(number)[: lists * _TRAINING]
    index.train(vectors[np.sort(drawn)])
    return index
