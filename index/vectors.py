"""FAISS, behind one small class: exact inner-product search over passage ids.

The only door to faiss. Its traps are handled here: it pads answers with id -1, raises a bare
AssertionError on a wrong dimension, and may crash on a damaged file, so a file is compared with
its recorded sha256 before it is read.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.errors import IndexDamaged

Ids = NDArray[np.int64]

# One question is too little to share out: two threads took six times one thread's time, waiting.
faiss.omp_set_num_threads(1)


class VectorIndex:
    """Passage vectors that can be asked for the nearest to a query."""

    def __init__(self, index: faiss.Index, ids: Ids) -> None:
        self._index = index
        self._held = frozenset(ids.tolist())

    @classmethod
    def build(cls, ids: Ids, vectors: Vectors) -> "VectorIndex":
        """Index unit vectors of shape (len(ids), dimension)."""
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(max(1, vectors.shape[1])))
        if len(ids):
            index.add_with_ids(np.ascontiguousarray(vectors), ids)
        return cls(index, ids)

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

        Raises `IndexDamaged` if the query is of another dimension.
        """
        if not len(self) or (among is not None and not among):
            return []
        if query.shape[-1] != self.dimension:
            raise IndexDamaged(
                f"The index holds vectors of {self.dimension} numbers, the model makes "
                f"{query.shape[-1]}. Run 'pfdkb ingest' again with this model."
            )
        parameters = None
        if among is not None:
            chosen = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        scores, ids = self._index.search(
            query.reshape(1, -1), min(limit, len(self)), params=parameters
        )
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i != -1]

    def cosines(self, query: NDArray[np.float32], ids: Sequence[int]) -> list[float]:
        """Return the cosine of each passage to the query; 0.0 for passages not in the index."""
        known = [int(one) for one in ids if one in self._held]
        if not known:
            return [0.0] * len(ids)
        vectors = self._index.reconstruct_batch(np.asarray(known, dtype=np.int64))
        found = dict(zip(known, (vectors @ query).tolist(), strict=True))
        return [found.get(one, 0.0) for one in ids]

    def save(self, folder: Path) -> str:
        """Write a file named by its sha256, whole or not at all; return the sha256."""
        raw = faiss.serialize_index(self._index).tobytes()
        digest = hashlib.sha256(raw).hexdigest()
        with tempfile.NamedTemporaryFile(dir=folder, delete=False, suffix=".part") as handle:
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
        Path(handle.name).replace(folder / f"{digest}.faiss")
        return digest

    @classmethod
    def load(cls, folder: Path, digest: str) -> "VectorIndex":
        """Read the file of this sha256. Raises `IndexDamaged` if missing or not what it was."""
        file = folder / f"{digest}.faiss"
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise IndexDamaged(f"The index file {file} cannot be read.") from error
        if hashlib.sha256(raw).hexdigest() != digest:
            raise IndexDamaged(f"The index file {file} is damaged.")
        index = faiss.deserialize_index(np.frombuffer(raw, dtype=np.uint8))
        return cls(index, faiss.vector_to_array(index.id_map))  # type: ignore[attr-defined]
