"""Time of grouping all concerns against the size of the library, and of one new document.

    python -m tests.benchmarks clusters DIR

What depends on words alone (points, meanings, marks) is computed once and kept with the library, so
it is printed apart. Larger sizes are the same points with meanings moved a little at random. The
last lines take a twentieth of the reports away, group the rest, and group all again.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.cluster_lineage import follow
from index.cluster_units import Units, read_units
from index.clusters import assign_to, group_units
from index.encoder import encoder_for
from kb.clusters import Cluster
from kb.encoder import Encoder, Vectors
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store

SIZES = (1, 4, 16)
_NOISE = 0.02
_ESTABLISHED = 5


def main(folder: str) -> None:
    """Print seconds by size, of one document, and how many established ids stay."""
    home = Home(Path(folder))
    encoder = encoder_for(DEFAULT_MODEL, home)
    with Store.writing(home, purpose="benchmark") as store:
        units, seconds = _timed(lambda: read_units(store, encoder))
    print(f"{len(units.points)} points read in {seconds:.1f} s (what was new is kept)")
    found, full = _timed(lambda: group_units(units, encoder))
    again, _ = _timed(lambda: group_units(units, encoder))
    print(f"grouped twice, the same: {again == found}")
    report = units.points[len(units.points) // 2].document_id
    new = [row for row, one in enumerate(units.points) if one.document_id == report]
    _, one = _timed(lambda: assign_to(found, units, new, encoder))
    print(f"one document of {len(new)} points: {one:.3f} s, {one / full:.1%} of a full run")
    _stability(units, found, encoder)
    for size in SIZES:
        more = _enlarged(units, size)
        _, seconds = _timed(lambda more=more: group_units(more, encoder))  # type: ignore[misc]
        print(f"{size:3} x {len(more.points):7} points {seconds:8.1f} s", flush=True)


def _stability(units: Units, found: list[Cluster], encoder: Encoder) -> None:
    """Take away every twentieth report, in order of its id; say what comes back under its id."""
    reports = sorted({one.document_id for one in units.points})
    left = set(reports) - set(reports[::20])
    some = units.some([row for row, one in enumerate(units.points) if one.document_id in left])
    before = group_units(some, encoder)
    place = {(one.passage_id, one.start): (one.key, one.start) for one in units.points}

    def places(one: Cluster) -> frozenset[tuple[str, int]]:
        return frozenset(place[m.passage_id, m.start] for m in one.members)

    known = {one.id: (one.reports, places(one)) for one in before}
    named, _ = follow([(one, places(one)) for one in found], known)
    for least in (2, 3, _ESTABLISHED):
        were = {one.id for one in before if one.reports >= least}
        stay = were & {one.id for one in named}
        print(f"ids kept of groups of {least} reports or more: {len(stay)} of {len(were)}")


def _enlarged(units: Units, size: int) -> Units:
    if size == 1:
        return units
    rows = np.tile(np.arange(len(units.points)), size)
    more = units.some(rows.tolist())
    draw = np.random.default_rng(1)
    points = [
        replace(one, key=f"{one.key}-{at}", whole=f"{one.whole} {at}")
        for at, one in enumerate(more.points)
    ]
    return replace(
        more, points=points, core=_moved(more.core, draw), whole=_moved(more.whole, draw)
    )


def _moved(rows: Vectors, draw: np.random.Generator) -> Vectors:
    moved = rows + draw.normal(0, _NOISE, rows.shape).astype(np.float32)
    unit: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began
