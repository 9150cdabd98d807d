"""Reading a library's points of concern: cut from passages, turned into vectors, judged."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.concern_points import points
from index.failings import FailingModel
from kb.encoder import Vectors
from kb.refs import file_hash, text_hash
from kb.store import Store
from kb.store import points as kept
from kb.store.points import ConcernUnit, Place

Progress = Callable[[int, int, float], None]

_BATCH, _CUT = 256, 4096
FEWEST_WORDS = 6
"""Fewer words name a thing and state no failing."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Points, in order of their passages' keys, with their vectors row by row."""

    points: list[ConcernUnit]
    vectors: Vectors

    def some(self, rows: Sequence[int]) -> "Units":
        """Return the points of these rows."""
        at = np.array(rows, dtype=np.int64)
        return Units([self.points[row] for row in rows], self.vectors[at])


def judge_points(store: Store, model: FailingModel, *, progress: Progress | None = None) -> None:
    """Cut new concern passages into points, and say which known failings new points state.

    It is kept as it is computed, so that a run that is stopped goes on from there. `progress` is
    told how many points are done, of how many, and their share.
    """
    unread = kept.unread(store.db, _recipe())
    for at in range(0, len(unread), _CUT):
        with store.db.atomic():
            for passage in unread[at : at + _CUT]:
                found = points(passage.text, names=passage.names)
                places = [(one.start, one.end, one.words) for one in found]
                kept.keep(store.db, passage.passage_id, places)
    new = kept.unjudged(store.db, model.fingerprint)
    for at in range(0, len(new), _BATCH):
        _judge(store, model, new[at : at + _BATCH])
        if progress:
            done = min(at + _BATCH, len(new))
            progress(done, len(new), done / len(new))


def _judge(store: Store, model: FailingModel, new: Sequence[tuple[Place, str, str]]) -> None:
    """Judge some points; the words of several are turned into a vector once."""
    words = {key: text for _, text, key in new if len(text.split()) >= FEWEST_WORDS}
    known = kept.vectors(store.db, words, model.fingerprint)
    missing = [key for key in words if key not in known]
    rows = model.vectors([words[key] for key in missing])
    computed = dict(zip(missing, rows, strict=True))
    vector_of = {**known, **computed}
    stated = dict(
        zip(vector_of, model.stated(_stacked(list(vector_of.values()), model)), strict=True)
    )
    with store.db.atomic():
        judged = {place: stated.get(key, ()) for place, _, key in new}
        kept.keep_judged(store.db, judged, computed, model.fingerprint)


def with_vectors(store: Store, found: Sequence[ConcernUnit], model: FailingModel) -> Units:
    """Return points with their vectors; those of too few words have none and are left out."""
    hashes = [text_hash(one.words) for one in found]
    known = kept.vectors(store.db, set(hashes), model.fingerprint)
    held = [(one, known[key]) for one, key in zip(found, hashes, strict=True) if key in known]
    return Units([one for one, _ in held], _stacked([vector for _, vector in held], model))


def _stacked(rows: Sequence[Vectors], model: FailingModel) -> Vectors:
    if not rows:
        return np.zeros((0, model.dimension), dtype=np.float32)
    return np.stack(rows)


def rules(model: FailingModel) -> str:
    """Name all that judged points follow from: the model, and the rules by which they are cut."""
    return f"{model.fingerprint}+{_recipe()}"


@functools.cache
def _recipe() -> str:
    """Name the rules by which passages are cut, so that other rules cut anew."""
    return file_hash(Path(__file__).with_name("concern_points.py"))[:12]
