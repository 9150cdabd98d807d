"""Recurring concerns: counted by distinct reports and organisations, nothing forced in."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.cluster_groups import candidates, coherent, group
from index.cluster_lineage import follow
from index.clusters import are_stale, distinct_reports, find_clusters, renew_clusters
from index.concern_points import points
from index.failings import FOLDER, Failing, FailingModel, Weights, catalogue
from kb.clusters import Change, Cluster, Member, band
from kb.documents import Document, Kind, SectionKind
from kb.encoder import WordHashEncoder
from kb.errors import ModelUnavailable
from kb.settings import Home
from kb.store import Store, clusters, documents
from kb.store import points as points_kept
from kb.store.points import ConcernUnit
from kb.store.verify import verify
from tests.library_for_tests import Say, _write, document, write_library

LAMPS = Failing("lamps-unlit", "Lamps left unlit", "A lamp was left unlit.")


def model(*failings: Failing) -> FailingModel:
    """A model to which a point states a failing if it holds most of the statement's words."""
    encoder = WordHashEncoder(512)
    if not failings:
        return FailingModel(encoder)
    weights = Weights(
        directions=encoder.encode([one.statement for one in failings]),
        least=np.full(len(failings), 0.4, np.float32),
        steepness=10.0,
    )
    return FailingModel(encoder, failings, weights)


def unit(words: str, report: str) -> ConcernUnit:
    return ConcernUnit(
        passage_id=1, key="k", start=0, end=1, text=words, words=words, report=report,
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
    assert distinct_reports([unit(*one) for one in wordings]) == count, why


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
    assert absent not in found.words


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


def test_pairs_near_each_other_are_found_once_and_others_not_at_all() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [1, 0]], dtype=np.float32)
    one, other, cosine = candidates(vectors)
    found = dict(zip(zip(one.tolist(), other.tolist(), strict=True), cosine.tolist(), strict=True))
    assert found == pytest.approx({(0, 1): 0.8, (0, 3): 1.0, (1, 2): 0.6, (1, 3): 0.8})


def test_a_loose_member_is_dropped_and_a_loose_pair_is_no_group() -> None:
    vectors = np.array([[1, 0], [0.96, 0.28], [0, 1]], dtype=np.float32)
    assert coherent([0, 1, 2], vectors) == {0: 0.96, 1: 0.96}
    assert coherent([0, 2], vectors) == {}


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


def test_a_new_group_never_takes_an_id_that_is_or_was_another_s() -> None:
    named, _ = follow(
        [(made("old", 2), places("a", "x")), (made("b", 4), places("b", "c", "d", "e"))],
        {"old": (5, places("a", "b", "c", "d", "e"))},
    )
    assert named[1].id == "old"
    assert named[0].id != "old"


@pytest.mark.parametrize("known", [(), (LAMPS,)])
def test_the_same_library_gives_the_same_groups_and_keeps_their_ids(
    tmp_path: Path, known: tuple[Failing, ...]
) -> None:
    home = Home(tmp_path)
    write_library(home, *(lamp(n) for n in range(3)))
    with Store.writing(home, purpose="test") as store:
        first = find_clusters(store, model(*known))
        told = len(store.db.execute("SELECT * FROM cluster_history").fetchall())
        assert [one.failing for one in first] == [known[0].key if known else None]
        assert find_clusters(store, model(*known)) == first == clusters.held(store.db)
        assert len(store.db.execute("SELECT * FROM cluster_history").fetchall()) == told
        renew_clusters(store, model(*known))  # nothing is new, so nothing changes
        assert clusters.held(store.db) == first
        assert verify(store.db) == []


UNLIKE = "ferries, tides and harbour moorings kept nobody awake."


def lamp(number: int, said: str = "at the gate was left unlit for weeks.") -> Document:
    return document(
        f"lamp-{number}",
        date="2099-01-01",
        parts=[(SectionKind.CONCERNS, "CONCERNS", [Say(f"A lamp {number} {said}")])],
    )


@pytest.mark.parametrize("known", [(), (LAMPS,)])
def test_a_new_report_joins_its_group_or_waits_and_the_id_stays(
    home: Home, known: tuple[Failing, ...]
) -> None:
    write_library(home, *(lamp(n) for n in range(10)))
    encoder = WordHashEncoder()
    with Store.writing(home, purpose="test") as store:
        (before,) = find_clusters(store, model(*known))
        _write(store, lamp(10), encoder)
        assert clusters.stale(store.db)
        renew_clusters(store, model(*known))
        (after,) = clusters.held(store.db)
        assert (after.id, after.reports) == (before.id, before.reports + 1)
        assert clusters.history(store.db, after.id)[-1].change is Change.GREW
        _write(store, lamp(11, UNLIKE), encoder)
        renew_clusters(store, model(*known))
        assert clusters.held(store.db) == [after]
        assert (points_kept.waiting(store.db), clusters.stale(store.db)) == (1, False)
        find_clusters(store, model(*known))
        assert points_kept.waiting(store.db) == 0


@pytest.mark.parametrize("known", [(), (LAMPS,)])
def test_assigning_one_by_one_counts_as_grouping_all_at_once(
    home: Home, known: tuple[Failing, ...]
) -> None:
    write_library(home, *(lamp(n) for n in range(12)))
    encoder = WordHashEncoder()
    with Store.writing(home, purpose="test") as store:
        find_clusters(store, model(*known))
        for number in (12, 13):
            _write(store, lamp(number), encoder)
            renew_clusters(store, model(*known))
        (grown,) = clusters.held(store.db)
        (again,) = find_clusters(store, model(*known))
    assert (grown.id, grown.reports, grown.passages) == (again.id, again.reports, again.passages)


@pytest.mark.parametrize("known", [(), (LAMPS,)])
def test_a_report_taken_out_leaves_its_groups_and_the_last_but_one_ends_them(
    home: Home, known: tuple[Failing, ...]
) -> None:
    write_library(home, *(lamp(n) for n in range(3)))
    with Store.writing(home, purpose="test") as store:
        (before,) = find_clusters(store, model(*known))
        for number, left in ((0, 2), (1, 0)):
            with store.db.atomic():
                documents.remove_document(store.db, f"lamp-{number}")
            renew_clusters(store, model(*known))
            assert [one.reports for one in clusters.held(store.db)] == [left] * bool(left)
        assert [one.change for one in clusters.history(store.db, before.id)][-2:] == [
            Change.SHRANK,
            Change.ENDED,
        ]
        assert store.db.execute("SELECT count(*) FROM cluster_members").fetchone()[0] == 0


def test_a_point_of_a_known_failing_of_one_report_waits_for_the_second(home: Home) -> None:
    write_library(home, lamp(0), *(document(f"other-{n}", parts=OTHER) for n in range(9)))
    with Store.writing(home, purpose="test") as store:
        find_clusters(store, model(LAMPS))
        assert LAMPS.cluster_id not in {one.id for one in clusters.held(store.db)}
        _write(store, lamp(1), WordHashEncoder())
        renew_clusters(store, model(LAMPS))
        assert clusters.cluster(store.db, LAMPS.cluster_id).reports == 2


OTHER = [(SectionKind.CONCERNS, "CONCERNS", [Say("The ferry bell had not been rung by anybody.")])]


@pytest.mark.parametrize("known", [(), (LAMPS,)])
def test_a_report_that_turns_out_to_be_another_kind_leaves_its_group(
    home: Home, known: tuple[Failing, ...]
) -> None:
    write_library(home, *(lamp(n) for n in range(4)))
    with Store.writing(home, purpose="test") as store:
        find_clusters(store, model(*known))
        _write(store, replace(lamp(0), kind=Kind.RESPONSE), WordHashEncoder())
        renew_clusters(store, model(*known))
        assert [one.reports for one in clusters.held(store.db)] == [3]
        _write(store, lamp(7), WordHashEncoder())
        renew_clusters(store, model(*known))
        assert [one.reports for one in clusters.held(store.db)] == [4]


def test_words_that_only_a_report_taken_out_said_do_not_stay(home: Home) -> None:
    said = ("beside the porter's lodge", "beside the porter's lodge", "at the gate", "at the gate")
    write_library(home, *(lamp(n, f"{one} was left unlit.") for n, one in enumerate(said)))
    with Store.writing(home, purpose="test") as store:
        find_clusters(store, model(LAMPS))
        assert "porter" in " ".join(clusters.held(store.db)[0].words)
        with store.db.atomic():
            for number in (0, 1):
                documents.remove_document(store.db, f"lamp-{number}")
        renew_clusters(store, model(LAMPS))
        assert "porter" not in " ".join(clusters.held(store.db)[0].words)
        points, vectors = (
            store.db.execute(f"SELECT count(DISTINCT words_sha256) FROM {table}").fetchone()[0]
            for table in ("points", "point_vectors")
        )
        assert vectors == points


def test_reports_that_differ_in_names_alone_are_a_group(home: Home) -> None:
    doctors = ("Quill", "Marrow", "Sedge")
    text = "The rota doctor Mr {} was not seen on the ward by any of the nurses."
    parts = [(SectionKind.CONCERNS, "CONCERNS", [Say(text.format(name))]) for name in doctors]
    write_library(home, *(document(f"rota-{n}", parts=[one]) for n, one in enumerate(parts)))
    with Store.reading(home) as store:
        assert [one.reports for one in clusters.held(store.db)] == [3]


def test_other_rules_of_cutting_make_the_groups_stale(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(home, *(lamp(n) for n in range(3)))
    with Store.writing(home, purpose="test") as store:
        find_clusters(store, model())
        assert not are_stale(store, model())
        monkeypatch.setattr("index.cluster_units._recipe", lambda: "other rules")
        assert are_stale(store, model())


def test_another_model_judges_every_point_anew(home: Home) -> None:
    write_library(home, *(lamp(n) for n in range(3)))
    with Store.writing(home, purpose="test") as store:
        find_clusters(store, model())
        plain = model(LAMPS)
        other = FailingModel(WordHashEncoder(512), plain.failings, plain._weights, fingerprint="b")
        assert are_stale(store, other)
        renew_clusters(store, other)
        assert [one.failing for one in clusters.held(store.db)] == [LAMPS.key]
        assert not are_stale(store, other)
        held = store.db.execute("SELECT DISTINCT fingerprint FROM point_vectors").fetchall()
        assert held == [("b",)]


def test_every_known_failing_has_a_short_name_a_statement_and_an_id_of_its_own() -> None:
    known = catalogue()
    assert len({one.cluster_id for one in known}) == len({one.name for one in known}) == len(known)
    for one in known:
        assert 2 <= len(one.name.split()) <= 12, one.name
        assert one.name[0].isupper() or one.name[0].isdigit(), one.name
        assert one.statement.endswith("."), one.key


@pytest.mark.parametrize("name", ["catalogue.yaml", "weights.npz", "network.onnx", "recipe.json"])
def test_a_model_of_known_failings_that_was_changed_is_refused_with_a_sentence(
    tmp_path: Path, name: str
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "failings")
    (folder / name).write_bytes((folder / name).read_bytes()[:-9] + b"[changed]")
    with pytest.raises(ModelUnavailable, match="Install pfd-kb again"):
        FailingModel.load(tmp_path / "tokenizer.json", folder)


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
