"""Whatever is wrong with a file, its sources end as done or failed, in time, and nothing stops.

`PFDKB_MUTATIONS=1000` makes this the full run, which `python -m tests.mutations` prints.
"""

import os
import sys
from pathlib import Path

import pytest

from ingest.read import Limits
from ingest.sources import Failed, find_files, read_source
from kb.settings import Home
from tests import invented
from tests.hostile_files import DONE, HOSTILE, odd_names, write_hostile
from tests.mutations import (
    MOST_MEGABYTES,
    MOST_SECONDS,
    Ending,
    misjudged,
    mutated,
    run,
    summary,
    write_mutated,
)

NUMBER = int(os.environ.get("PFDKB_MUTATIONS", "150"))
pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux holds a process to its memory"
)


def test_files_damaged_at_random_end_done_or_failed_and_one_ingest_takes_them_all(
    home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    paths = write_mutated(folder, number=NUMBER, seed=7)
    found = run(paths)
    print(summary(len(paths), found))
    assert [ending.fault for ending in found if ending.fault] == []
    outcome = invented.read_in(home, *paths[:40])  # holds the library to `verify`
    assert outcome.done + outcome.unchanged + len(outcome.failed) >= 40


def test_files_made_by_hand_to_do_harm_end_each_with_its_reason(tmp_path: Path) -> None:
    assert len(HOSTILE) >= 40
    expected = write_hostile(tmp_path, slow=NUMBER >= 1000)
    found = run(list(expected))
    print(summary(len(expected), found))
    assert [ending.fault for ending in found if ending.fault] == []
    assert misjudged(found, expected) == []


def test_nothing_of_another_file_comes_in_through_an_entity_or_link(tmp_path: Path) -> None:
    names = {"outside.docx", "points-away.docx", "tricks.zip"}
    for one in HOSTILE:
        if one.name in names:
            made = one.make()
            (tmp_path / one.name).write_bytes(made.encode() if isinstance(made, str) else made)
    for path in find_files([tmp_path]):
        if path.suffix == ".docx":
            assert all(isinstance(item, Failed) for item in read_source(path))
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(names)


def test_odd_names_and_things_that_are_no_files_end_with_a_reason(tmp_path: Path) -> None:
    for path, ends in odd_names(tmp_path):
        (item,) = read_source(path)
        assert (item.reason if isinstance(item, Failed) else DONE) == ends, path


def test_a_folder_of_such_things_is_ingested_to_the_end(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    # In a folder hidden files are passed over, and a folder named like a file is looked into.
    every = [(path, ends) for path, ends in odd_names(folder) if not path.name.startswith(".")]
    expected = [ends for path, ends in every if not path.is_dir()]
    outcome = invented.read_in(home, folder)
    assert outcome.done + outcome.unchanged == expected.count(DONE)
    wanted = sorted(ends for ends in expected if ends != DONE)
    assert sorted(failed.reason for failed in outcome.failed) == wanted


@pytest.mark.parametrize(
    ("ending", "says"),
    [
        (Ending(name="a", reason="empty"), None),
        (Ending(name="a", letters=9, passages=1), None),
        (Ending(name="a", details_only=True), None),
        (Ending(name="a", broken="KeyError"), "KeyError"),
        (Ending(name="a"), "done with no text"),
        (Ending(name="a", letters=9), "done with no text"),
        (Ending(name="a", reason="empty", seconds=MOST_SECONDS + 1), "61 s"),
        (Ending(name="a", reason="empty", megabytes=MOST_MEGABYTES + 1), "1001 MB"),
    ],
)
def test_a_wrong_ending_would_be_noticed(ending: Ending, says: str | None) -> None:
    assert (says or "") in (ending.fault or "")
    assert (ending.fault is None) == (says is None)


def test_a_seed_and_a_number_always_make_the_same_file() -> None:
    name, data = mutated(3, 2)
    assert (name, data) == mutated(3, 2)
    assert data != mutated(4, 2)[1]


def test_the_limits_leave_room_for_dividing_what_was_read() -> None:
    limits = Limits()
    assert limits.seconds < MOST_SECONDS
    assert limits.megabytes * 1.048576 < MOST_MEGABYTES
