"""Recurring concerns: counted by distinct reports and organisations, nothing forced in."""

from pathlib import Path

import numpy as np
import pytest

from index.cluster_groups import coherent, group
from index.cluster_lineage import follow
from index.clusters import _reports, find_clusters, renew_clusters
from index.concern_points import points
from index.concern_words import catalogue, describe
from kb.clusters import Change, Cluster, Member, band
from kb.documents import Document, SectionKind
from kb.encoder import WordHashEncoder
from kb.settings import Home
from kb.store import Store, clusters
from kb.store.points import ConcernUnit
from tests.library_for_tests import Say, _write, document, write_library


def unit(whole: str, report: str) -> ConcernUnit:
    return ConcernUnit(
        passage_id=1, key="k", start=0, end=1, text=whole, core=whole, whole=whole, report=report,
        document_id=1, year="2099", organisations=frozenset(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wordings", "count", "why"),
    [
        ([("lamp", "2099-0001"), ("gate", "2099-0001")], 1, "two points of one report"),
        ([("(1) Lamp", "2099-0001"), ("lamp.", "otherwise")], 1, "the same words under two names"),
        ([("lamp", "2099-0001"), ("gate", "2099-0002")], 2, "two reports"),
    ],
)
def test_reports_are_counted_and_not_passages(
    wordings: list[tuple[str, str]], count: int, why: str
) -> None:
    assert _reports([unit(*one) for one in wordings]) == count, why


def test_a_list_inside_a_passage_is_several_points() -> None:
    text = (
        "I have these concerns:\n"
        "i. The lamp in the corridor was not replaced after it had failed.\n"
        "ii. The night staff had not been told of the broken lamp."
    )
    assert [text[one.start : one.end].strip()[:4] for one in points(text)] == ["i. T", "ii. "]


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("The rota was not checked. There is a risk that future deaths will occur.", "deaths"),
        ("Mr Quill Marrow was not seen by the rota doctor on the ward at all.", "Marrow"),
        ("The rota of Borset General Hospital was not checked by anybody.", "Borset"),
    ],
)
def test_frames_and_names_are_no_part_of_a_point(text: str, absent: str) -> None:
    (found,) = points(text)
    assert absent not in found.whole


def test_a_passage_that_only_warns_makes_no_point() -> None:
    assert points("There is a risk that future deaths will occur unless action is taken.") == []


def test_what_is_close_to_one_but_not_to_all_is_not_joined() -> None:
    one, other = np.array([0, 1, 0]), np.array([1, 2, 2])
    assert group(3, one, other, np.array([0.9, 0.8, 0.1])) == [[0, 1]]
    assert group(3, one, other, np.array([0.9, 0.8, 0.8])) == [[0, 1, 2]]
    assert group(3, one, other, np.array([0.2, 0.2, 0.2])) == []


def test_ties_give_the_same_groups_in_any_order_of_the_pairs() -> None:
    one, other = np.array([0, 1, 2, 0]), np.array([1, 2, 3, 3])
    even = np.full(4, 0.9)
    back = [2, 0, 3, 1]
    assert group(4, one, other, even) == group(4, one[back], other[back], even)


def test_a_loose_member_is_dropped_and_a_loose_pair_is_no_group() -> None:
    table = np.array([[1, 0.9, 0.2], [0.9, 1, 0.2], [0.2, 0.2, 1]])
    assert coherent([0, 1, 2], lambda a, b: table[a, b]) == {0: 0.9, 1: 0.9}
    assert coherent([0, 2], lambda a, b: table[a, b]) == {}


def made(name: str, reports: int) -> Cluster:
    return Cluster(
        id=name, label="lamp", members=(Member(1, 0, 1, 1.0),), reports=reports, organisations=1,
        first_year=None, last_year=None, cohesion=1.0,
    )  # fmt: skip


def places(*names: str) -> frozenset[tuple[str, int]]:
    return frozenset((name, 0) for name in names)


def test_a_group_keeps_its_id_when_it_grows() -> None:
    before = {"old": (2, places("a", "b"))}
    named, events = follow([(made("new", 3), places("a", "b", "c"))], before)
    assert [one.id for one in named] == ["old"]
    assert [(one.cluster_id, one.change) for one in events] == [("old", Change.GREW)]


def test_splits_merges_and_ends_are_told() -> None:
    split, events = follow(
        [(made("x", 3), places("a", "b", "c")), (made("y", 2), places("d", "e"))],
        {"old": (5, places("a", "b", "c", "d", "e"))},
    )
    assert [one.id for one in split] == ["old", "y"]
    assert (events[1].change, events[1].other) == (Change.SPLIT, "old")
    merged, events = follow(
        [(made("x", 4), places("a", "b", "c", "d", "e"))],
        {"p": (2, places("a", "b")), "q": (3, places("c", "d", "e")), "r": (2, places("z", "w"))},
    )
    assert [one.id for one in merged] == ["q"]
    assert {(e.cluster_id, e.change, e.other) for e in events} == {
        ("q", Change.GREW, None), ("p", Change.MERGED, "q"), ("r", Change.ENDED, None),
    }  # fmt: skip


def test_the_same_library_gives_the_same_groups_and_keeps_their_ids(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_library(home, document("first"), document("second"))
    with Store.writing(home, purpose="test") as store:
        first = find_clusters(store, WordHashEncoder())
        told = len(store.db.execute("SELECT * FROM cluster_history").fetchall())
        assert find_clusters(store, WordHashEncoder()) == first == clusters.held(store.db)
        assert len(store.db.execute("SELECT * FROM cluster_history").fetchall()) == told
        renew_clusters(store, WordHashEncoder())  # nothing is new, so nothing changes
        assert clusters.held(store.db) == first


UNLIKE = "ferries, tides and harbour moorings kept nobody awake."


def lamp(number: int, said: str = "at the gate was left unlit for weeks.") -> Document:
    return document(
        f"lamp-{number}",
        date="2099-01-01",
        parts=[(SectionKind.CONCERNS, "CONCERNS", [Say(f"Lamp {number} {said}")])],
    )


def test_a_new_report_joins_its_group_or_waits_and_the_id_stays(home: Home) -> None:
    write_library(home, *(lamp(n) for n in range(10)))
    encoder = WordHashEncoder()
    with Store.writing(home, purpose="test") as store:
        (before,) = clusters.held(store.db)
        _write(store, lamp(10), encoder)
        assert clusters.stale(store.db)
        renew_clusters(store, encoder)
        (after,) = clusters.held(store.db)
        assert (after.id, after.reports) == (before.id, before.reports + 1)
        assert [one.change for one in clusters.history(store.db, after.id)] == ["found", "grew"]
        _write(store, lamp(11, UNLIKE), encoder)
        renew_clusters(store, encoder)
        assert clusters.held(store.db) == [after]
        assert (clusters.waiting(store.db), clusters.stale(store.db)) == (1, False)
        find_clusters(store, encoder)
        assert clusters.waiting(store.db) == 0


def test_every_failing_of_the_catalogue_has_a_short_name_and_a_statement() -> None:
    for one in catalogue():
        assert 2 <= len(one.label.split()) <= 12
        assert one.statement.endswith(".")
        assert one.needed
    assert describe(["The road has no street lighting at all at the junction."]).any()


def test_the_bands_are_counted_by_reports() -> None:
    assert [band(n) for n in (1, 2, 3, 4, 5, 9, 10, 60)] == [
        "isolated",
        "emerging",
        "recurring",
        "recurring",
        "established",
        "established",
        "entrenched",
        "entrenched",
    ]
