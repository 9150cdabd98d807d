"""Time of grouping all concerns against the size of the library, and of one new document.

    python -m tests.benchmarks clusters DIR

Each point is judged once and kept with the library, so that is printed apart. Larger sizes are the
same points with vectors moved a little at random, each judged again from its vector. The last lines
take a twentieth of the reports away, group the rest, and group all again.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.cluster_lineage import follow
from index.cluster_units import Units, judge_points, with_vectors
from index.clusters import assign_new, group_units
from index.failings import FailingModel
from kb.cli.base import failing_model
from kb.clusters import Cluster
from kb.settings import Home
from kb.store import Store, points
from kb.store.points import Place

SIZES = (1, 4, 16)
_NOISE = 0.005
_ESTABLISHED = 5
Stated = Mapping[str, Mapping[Place, float]]


def main(folder: str) -> None:
    """Print seconds by size, of one document, and how many established ids stay."""
    home = Home(Path(folder))
    model = failing_model(home)
    with Store.writing(home, purpose="benchmark") as store:
        _, seconds = _timed(lambda: judge_points(store, model))
        units, loading = _timed(lambda: with_vectors(store, points.units(store.db), model))
        stated = points.stated(store.db)
        print(f"{len(units.points)} points: judged in {seconds:.1f} s (what was new is kept)")
        (known, found), full = _timed(lambda: group_units(units, stated, model))
        again, _ = _timed(lambda: group_units(units, stated, model))
        print(f"loaded in {loading:.2f} s, grouped in {full:.2f} s")
        print(f"grouped twice, the same: {again == (known, found)}")
        _one_document(store, units, model, full + loading)
    _stability(units, stated, model)
    for size in SIZES:
        more, judged = _enlarged(units, stated, model, size)
        _, seconds = _timed(lambda more=more, judged=judged: group_units(more, judged, model))  # type: ignore[misc]
        print(f"{size:3} x {len(more.points):7} points {seconds:8.1f} s", flush=True)


def _one_document(store: Store, units: Units, model: FailingModel, full: float) -> None:
    """Assign a document as if it were new; the library is left as it was."""
    document = units.points[len(units.points) // 2].document_id
    new = [one.place for one in units.points if one.document_id == document]
    before = store.db.execute("SELECT * FROM clusters ORDER BY id").fetchall()
    with store.db.atomic():
        points.set_looked(store.db, None, points.GROUPED)
        points.set_looked(store.db, new, 0)
    _, seconds = _timed(lambda: assign_new(store, model))
    after = store.db.execute("SELECT * FROM clusters ORDER BY id").fetchall()
    print(
        f"one document of {len(new)} points: {seconds:.3f} s, {seconds / full:.1%} of a full run; "
        f"groups as before: {before == after}"
    )


def _stability(units: Units, stated: Stated, model: FailingModel) -> None:
    """Take away every twentieth report, in order of its id; say what comes back under its id."""
    reports = sorted({one.document_id for one in units.points})
    left = set(reports) - set(reports[::20])
    some = units.some([row for row, one in enumerate(units.points) if one.document_id in left])
    place = {one.place: (one.key, one.start) for one in units.points}

    def places(one: Cluster) -> frozenset[tuple[str, int]]:
        return frozenset(place[m.passage_id, m.start] for m in one.members)

    known, found = group_units(some, stated, model)
    now_known, now_found = group_units(units, stated, model)
    named, _ = follow(
        [(one, places(one)) for one in now_found],
        {one.id: (one.reports, places(one)) for one in found},
    )
    kept = {one.id for one in (*now_known, *named)}
    for least in (2, 3, _ESTABLISHED):
        were = {one.id for one in (*known, *found) if one.reports >= least}
        print(f"ids kept of groups of {least} reports or more: {len(were & kept)} of {len(were)}")


def _enlarged(units: Units, stated: Stated, model: FailingModel, size: int) -> tuple[Units, Stated]:
    if size == 1:
        return units, stated
    rows = np.tile(np.arange(len(units.points)), size)
    draw = np.random.default_rng(1)
    moved = units.vectors[rows] + draw.normal(
        0, _NOISE, (len(rows), units.vectors.shape[1])
    ).astype(np.float32)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    made = [
        replace(
            (one := units.points[row]), key=f"{one.key}-{at}", passage_id=at,
            words=f"{one.words} {at}", report=f"{one.report}-{at % size}",
        )
        for at, row in enumerate(rows.tolist())
    ]  # fmt: skip
    judged: dict[str, dict[Place, float]] = {}
    for unit, found in zip(made, model.stated(moved), strict=True):
        for failing, probability in found:
            judged.setdefault(failing, {})[unit.place] = probability
    return Units(made, moved), judged


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began
