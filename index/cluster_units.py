"""The points of concern of a library with their meanings, computed once for the same words."""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.concern_likeness import Described
from index.concern_points import points
from index.concern_words import Marks, catalogue, describe, width
from kb.encoder import Encoder, Vectors
from kb.refs import text_hash
from kb.store import Store
from kb.store import points as kept
from kb.store.points import ConcernUnit

Progress = Callable[[int, int, float], None]

_BATCH = 512
_FEWEST_WORDS = 6
"""Fewer words in a core name a thing and state no failing."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Points, in order of their passages' keys, with vectors and marks row by row."""

    points: list[ConcernUnit]
    core: Vectors
    whole: Vectors
    core_marks: Marks
    whole_marks: Marks

    def some(self, rows: Sequence[int]) -> "Units":
        """Return the points of these rows."""
        at = np.array(rows, dtype=np.int64)
        return Units(
            [self.points[row] for row in rows], self.core[at], self.whole[at],
            self.core_marks[at], self.whole_marks[at],
        )  # fmt: skip


def read_units(store: Store, encoder: Encoder, *, progress: Progress | None = None) -> Units:
    """Return the library's points of concern; what is not known of them is computed and kept.

    It is kept as it is computed, so that a run that is stopped goes on from there. `progress` is
    told how many texts are done, of how many, and their share.
    """
    unread = kept.unread(store.db, _recipe("concern_points.py"))
    with store.db.atomic():
        for passage in unread:
            found = points(passage.text, names=passage.names)
            places = [(one.start, one.end, one.core, one.whole) for one in found]
            kept.keep(store.db, passage.passage_id, places)
    units = [one for one in kept.units(store.db) if len(one.core.split()) >= _FEWEST_WORDS]
    cores = {text_hash(one.core): one.core for one in units}
    wholes = {kept.whole_hash(one.whole): one.whole for one in units}
    known = _computed(store, encoder, cores, whole=False, progress=progress)
    known |= _computed(store, encoder, wholes, whole=True, progress=progress)
    core = [known[text_hash(one.core)] for one in units]
    whole = [known[kept.whole_hash(one.whole)] for one in units]
    (core_rows, core_marks), (whole_rows, whole_marks) = (
        _stacked(rows, encoder) for rows in (core, whole)
    )
    return Units(units, core_rows, whole_rows, core_marks, whole_marks)


def _computed(
    store: Store,
    encoder: Encoder,
    texts: Mapping[str, str],
    *,
    whole: bool,
    progress: Progress | None,
) -> dict[str, tuple[Vectors, Marks]]:
    """Return the vectors and marks of texts by key; known failings are looked for in cores."""
    rules = _recipe("data/concern_words.yaml", "data/concern_catalogue.yaml")
    recipe = f"{encoder.fingerprint}+{rules}"
    known = kept.computed(store.db, list(texts), recipe, width=width())
    missing = [key for key in texts if key not in known]
    if missing:
        with store.db.atomic():
            kept.drop_others(store.db, recipe)
    for at in range(0, len(missing), _BATCH):
        keys = missing[at : at + _BATCH]
        words = [texts[key] for key in keys]
        rows = zip(encoder.encode(words), describe(words, known=not whole), strict=True)
        found = dict(zip(keys, rows, strict=True))
        with store.db.atomic():
            kept.keep_computed(store.db, found, recipe)
        known |= found
        if progress:
            done = at + len(keys)
            progress(done, len(missing), done / len(missing))
    return known


def _stacked(rows: Sequence[tuple[Vectors, Marks]], encoder: Encoder) -> tuple[Vectors, Marks]:
    if not rows:
        return np.zeros((0, encoder.dimension), dtype=np.float32), np.zeros(
            (0, width()), dtype=bool
        )
    return np.stack([one for one, _ in rows]), np.stack([one for _, one in rows])


def described(units: Units, encoder: Encoder) -> Described:
    """Return points with all that comparing them needs."""
    return Described.of(
        [one.core for one in units.points],
        [one.whole for one in units.points],
        core=units.core,
        whole=units.whole,
        marks=units.core_marks,
        whole_marks=units.whole_marks,
        statements=statement_vectors(encoder),
    )


def statement_vectors(encoder: Encoder) -> Vectors:
    """Return the meanings of the catalogue's plain statements."""
    held = _STATEMENTS.get(encoder.fingerprint)
    if held is None:
        held = _STATEMENTS[encoder.fingerprint] = encoder.encode([c.statement for c in catalogue()])
    return held


_STATEMENTS: dict[str, Vectors] = {}


@functools.cache
def _recipe(*names: str) -> str:
    """Name the rules in these files, so that other rules compute anew."""
    folder = Path(__file__).parent
    raw = b"".join((folder / name).read_bytes() for name in names)
    return hashlib.sha256(raw).hexdigest()[:12]
