"""Audits of recurring concerns: the draw, the sheet, what is kept, and the shares."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.audits import GroupMarks, GroupVerdict
from kb.cli import run
from kb.documents import SectionKind
from kb.errors import UsageError
from kb.intervals import Share
from kb.settings import Home
from kb.store import Store, audits, clusters
from tests.library_for_tests import EVERY, Say, document, write_library

LAMPS = tuple(
    document(
        f"lamp-{n}",
        title=f"Lamp report {n}",
        date=f"209{n}-01-01",
        parts=[
            (SectionKind.CONCERNS, "CONCERNS", [Say(f"- Lamp {n} at the gate was left unlit.")])
        ],
    )
    for n in range(3)
)
GATES = tuple(
    document(
        f"gate-{n}",
        title=f"Gate report {n}",
        parts=[
            (SectionKind.CONCERNS, "CONCERNS", [Say(f"Visitor {n} found no warden in the lodge.")])
        ],
    )
    for n in range(2)
)
READER = "Robin Invented"
Rows = list[dict[str, str]]


@pytest.fixture
def library(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PFDKB_MODEL", "word-hash")
    write_library(home, *EVERY, *LAMPS, *GATES)
    return home


def call(home: Home, *arguments: object) -> int:
    return run(["--home", str(home.root), "clusters", *map(str, arguments)])


def drawn(home: Home, file: Path, groups: int = 60) -> Rows:
    assert call(home, "--audit", groups, "--seed", 7, "--output", file) == 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(file: Path, rows: Rows, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with file.open("w", encoding=encoding, newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return file


def marked(rows: Rows) -> Rows:
    """Mark the first group as one with strays and every other as coherent, labels all fair."""
    first = rows[0]["group"]
    for at, row in enumerate(rows):
        row["member fits"] = "no" if at == 0 else "Yes"
        row["group verdict"] = "strays" if row["group"] == first else "coherent"
        row["label fair"] = "yes"
    return rows


def told(home: Home, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    assert call(home, "--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # the plain interval would say that none is certain
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 100, 0.0018, 0.0545),
        (0, 0, 0.0, 1.0),  # nothing read, nothing known
    ],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=0.0001)


def test_a_draw_depends_on_its_seed_alone_and_leaves_small_groups_out(library: Home) -> None:
    with Store.reading(library) as store:
        held = {one.id for one in clusters.held(store.db) if one.reports >= 3}
        seeds = [*range(9), *range(9)]
        draws = [audits.draw(store.db, groups=1, seed=seed)[0].id for seed in seeds]
        assert draws[:9] == draws[9:] and len(set(draws)) > 1
        assert len(clusters.held(store.db)) > len(held)
        assert {one.id for one in audits.draw(store.db, groups=60, seed=1)} == held


def test_a_library_without_recurring_concerns_has_nothing_to_audit(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    write_library(home, LAMPS[0])
    assert call(home, "--audit", 5) == 2
    assert "nothing to audit" in capsys.readouterr().err


def test_the_sheet_holds_every_passage_once_and_no_cell_is_a_formula(
    library: Home, tmp_path: Path
) -> None:
    rows = drawn(library, tmp_path / "sheet.csv")
    with Store.reading(library) as store:
        members = audits.member_keys(store.db)
    for group in {row["group"] for row in rows}:
        keys = [row["passage"].removeprefix("p-") for row in rows if row["group"] == group]
        assert sorted(keys) == sorted(members[group.removeprefix("c-")])
    lamps = [row["text"] for row in rows if "Lamp" in row["text"]]
    assert len(lamps) == 3 and all(text.startswith("'- Lamp") for text in lamps)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "-", "+"))]
    assert {row["member fits"] + row["label fair"] + row["group verdict"] for row in rows} == {""}


def test_a_sheet_that_may_hold_marks_is_never_written_over(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("my marks")
    assert call(library, "--audit", 5, "--output", sheet) == 2
    assert "may hold marks" in capsys.readouterr().err
    assert sheet.read_text() == "my marks"


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_marks_are_kept_and_told_with_intervals(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], delimiter: str
) -> None:
    assert told(library, capsys)["audits"] == []
    rows = marked(drawn(library, tmp_path / "sheet.csv"))
    groups, size = len({row["group"] for row in rows}), len(rows)
    file = write(tmp_path / "marked.csv", rows, delimiter=delimiter)
    assert call(library, "--marks", file, "--reader", READER) == 0
    shown = told(library, capsys)
    (one,) = shown["audits"]
    assert (one["seed"], one["reader"], one["groups"], one["standing"]) == (
        7, READER, groups, groups,
    )  # fmt: skip
    assert [one[v]["count"] for v in ("coherent", "strays", "reject")] == [groups - 1, 1, 0]
    assert one["members_fit"]["count"] == size - 1 and one["members_fit"]["of"] == size
    assert one["labels_fair"]["count"] == groups and 0 < one["labels_fair"]["low"] < 1
    start = f"In an audit of {groups} groups (drawn with seed 7, read by {READER}): {groups - 1} of"
    assert shown["coherence"].startswith(start)
    assert "changed since" not in shown["coherence"]


def test_a_verdict_need_stand_in_one_row_and_unmarked_groups_wait(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = marked(drawn(library, tmp_path / "sheet.csv"))
    first = rows[0]["group"]
    for row in rows[1:]:
        row["group verdict"] = row["label fair"] = ""
        if row["group"] != first:
            row["member fits"] = ""
    file = write(tmp_path / "marked.csv", rows)
    assert call(library, "--marks", file, "--reader", READER) == 0
    assert "Groups kept: 1; not marked yet: " in capsys.readouterr().err
    assert told(library, capsys)["audits"][0]["groups"] == 1


def _set(column: str, value: str, at: int = 0) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        rows[at][column] = value
        return rows

    return change


def _all(column: str, value: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row | {column: value} for row in rows]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_set("group", "c-0000000000"), "no recurring concern '0000000000'"),
        (_set("passage", "p-000000000000"), "do not hold each of its"),
        (lambda rows: rows[1:], "do not hold each of its"),
        (lambda rows: [rows[0], *rows], "do not hold each of its"),
        (_set("group verdict", "good"), "group verdict is 'good', not coherent or strays"),
        (_set("group verdict", "reject"), "both reject and strays"),
        (_set("label fair", "maybe"), "label fair is 'maybe'"),
        (_all("label fair", ""), "half marked, label fair is empty"),
        (_set("member fits", "", 1), "row 3: half marked, member fits is empty"),
        (_set("member fits", "perhaps"), "row 2: member fits is 'perhaps'"),
        (_set("member fits", "yes"), "marked against itself"),
        (_all("group verdict", "reject"), "no concern that a member could fit"),
        (_set("seed", "8"), "one seed, not 2"),
        (_all("seed", "x"), "'x' is no seed"),
        (lambda rows: [{"group": row["group"]} for row in rows], "no sheet of an audit"),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_of_the_sheet_is_kept(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    change: Callable[[Rows], Rows], sentence: str,
) -> None:  # fmt: skip
    rows = change(marked(drawn(library, tmp_path / "sheet.csv")))
    assert call(library, "--marks", write(tmp_path / "m.csv", rows), "--reader", READER) == 2
    assert sentence in capsys.readouterr().err
    assert told(library, capsys)["audits"] == []


def test_a_sheet_without_marks_or_in_another_encoding_is_refused(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = drawn(library, tmp_path / "sheet.csv")
    assert call(library, "--marks", tmp_path / "sheet.csv", "--reader", READER) == 2
    assert "is marked yet" in capsys.readouterr().err
    rows[0]["label"] = "caf\u00e9"
    odd = write(tmp_path / "odd.csv", rows, encoding="latin-1")
    assert call(library, "--marks", odd, "--reader", READER) == 2
    assert "CSV UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [("--marks", __file__), ("--reader", "x"), ("--output", "x.csv"),
     ("--audit", 3, "--marks", __file__, "--reader", "x")],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(
    library: Home, arguments: tuple[object, ...]
) -> None:
    assert call(library, *arguments) == 2


def _marks(cluster_id: str, *, fair: bool) -> GroupMarks:
    return GroupMarks(
        cluster_id=cluster_id, label="lamp", verdict=GroupVerdict.COHERENT, label_fair=fair,
        fits={"0" * 12: True},
    )  # fmt: skip


def test_the_newest_marks_count_and_the_earlier_ones_stay(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        for fair in (False, True):
            audits.keep(store.db, [_marks("a", fair=fair)], seed=7, reader=READER)
        audits.keep(store.db, [_marks("a", fair=False)], seed=7, reader="Sam Invented")
        found = {one.reader: one.labels for one in audits.held(store.db)}
        assert found == {READER: Share(1, 1), "Sam Invented": Share(0, 1)}
        assert store.db.execute("SELECT count(*) FROM audit_groups").fetchone()[0] == 3


def test_a_reader_has_a_name(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        for reader in ("  ", "x" * 121):
            with pytest.raises(UsageError, match="--reader"):
                audits.keep(store.db, [_marks("a", fair=True)], seed=7, reader=reader)


def test_marks_outlive_their_groups_and_say_so(
    library: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = marked(drawn(library, tmp_path / "sheet.csv"))
    file = write(tmp_path / "marked.csv", rows)
    assert call(library, "--marks", file, "--reader", READER) == 0
    with Store.writing(library, purpose="test") as store:
        clusters.replace(store.db, [], [])
        (one,) = audits.held(store.db)
    assert one.standing == 0 and len(one.members.words) > 0
    assert f"{len(one.groups)} of these groups have changed since." in one.sentence
