"""Killed at any moment, the library holds only whole documents and the next run goes on.

The kill is a real SIGKILL of a process of its own, at a random statement sent to SQLite or at a
random instant. So that the promise is known to bite, the same is done with the transactions
taken away: that must be found out.
"""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from index.encoder import token_counter
from ingest.pipeline import ingest
from kb.encoder import WordHashEncoder
from kb.settings import Home
from kb.store import Store, ledger
from kb.store.verify import verify
from tests import invented
from tests.invented import export, read_in, report, response, tracker_row

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not on Windows")

ROWS = 30
FORK = multiprocessing.get_context("fork")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    invented.write(folder, form=report(), letter=response())
    rows = [
        tracker_row(
            f"row-{n}",
            ref=f"2099-{n:04d}",
            concerns=f"1. {invented.COORDINATOR}\n\n2. In case {n}: {invented.DISCHARGE}",
        )
        for n in range(ROWS)
    ]
    export(folder / "tracker.csv", invented.TRACKER, *rows)
    return folder


def run(home: Home, folder: Path, at_statement: int | None, naive: bool) -> None:
    """Ingest; kill this process at the given statement. Naive: every statement on its own."""
    with Store.writing(home, purpose="kill test") as store:
        left = [at_statement or 0]

        def count_down(_: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        if naive:
            store.db.conn.isolation_level = None
            Database.atomic = no_transaction  # type: ignore[method-assign]
        store.db.conn.set_trace_callback(count_down)
        ingest(
            store,
            [folder],
            encoder=WordHashEncoder(),
            count=token_counter("word-hash", home),
        )


@contextmanager
def no_transaction(db: Database) -> Iterator[Database]:
    yield db


def killed_run(home: Home, folder: Path, *, at_statement: int, naive: bool = False) -> bool:
    """Return whether the run was killed before it had finished."""
    process = FORK.Process(target=run, args=(home, folder, at_statement, naive))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


def killed_after(home: Home, folder: Path, seconds: float) -> bool:
    process = FORK.Process(target=run, args=(home, folder, None, False))
    process.start()
    time.sleep(seconds)
    if process.is_alive():
        process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def findings(home: Home) -> list[str]:
    if not home.database.exists():
        return []
    with Store.writing(home, purpose="look") as store:
        return verify(store.db)


def statements_of_a_whole_run(home: Home, folder: Path) -> int:
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1

    with Store.writing(home, purpose="count") as store:
        store.db.conn.set_trace_callback(count)
        ingest(store, [folder], encoder=WordHashEncoder(), count=token_counter("word-hash", home))
    return seen


def assert_whole_after_resuming(home: Home, folder: Path) -> None:
    assert findings(home) == []
    read_in(home, folder)
    with Store.reading(home) as store:
        held = [row[0] for row in store.db.execute("SELECT docno FROM documents ORDER BY docno")]
        states = {entry.state for entry in ledger.entries(store.db)}
    assert held == sorted(["form", "letter", *(f"row-{n}" for n in range(ROWS))])
    assert states == {"done"}


def test_killed_at_random_statements_nothing_is_lost_doubled_or_half_there(
    tmp_path: Path, sources: Path
) -> None:
    whole = statements_of_a_whole_run(Home(tmp_path / "whole"), sources)
    moments = random.Random(7).sample(range(20, whole), 20)
    killed = 0
    for number, moment in enumerate(moments):
        home = Home(tmp_path / f"home-{number}")
        killed += killed_run(home, sources, at_statement=moment)
        assert_whole_after_resuming(home, sources)
    assert killed == len(moments)


def test_killed_at_random_instants_the_next_run_goes_on(tmp_path: Path, sources: Path) -> None:
    chance = random.Random(11)
    began = time.monotonic()
    run(Home(tmp_path / "whole"), sources, None, naive=False)
    usual = time.monotonic() - began
    killed = 0
    for number in range(10):
        home = Home(tmp_path / f"home-{number}")
        killed += killed_after(home, sources, chance.uniform(0.1, 0.9) * usual)
        assert_whole_after_resuming(home, sources)
    assert killed >= 3


def any_finding(tmp_path: Path, sources: Path, kill: Callable[[Home, int], bool]) -> bool:
    whole = statements_of_a_whole_run(Home(tmp_path / "whole"), sources)
    for number, moment in enumerate(random.Random(7).sample(range(20, whole), 10)):
        home = Home(tmp_path / f"naive-{number}")
        kill(home, moment)
        if findings(home):
            return True
    return False


def test_without_transactions_the_same_kills_are_found_out(tmp_path: Path, sources: Path) -> None:
    def kill(home: Home, moment: int) -> bool:
        return killed_run(home, sources, at_statement=moment, naive=True)

    assert any_finding(tmp_path, sources, kill)


def test_a_killed_run_says_in_the_ledger_what_was_not_finished(
    tmp_path: Path, sources: Path
) -> None:
    home = Home(tmp_path / "home")
    whole = statements_of_a_whole_run(Home(tmp_path / "whole"), sources)
    assert killed_run(home, sources, at_statement=whole // 2)
    with Store.writing(home, purpose="look") as store:
        failed = ledger.entries(store.db, state="failed")
    assert failed
    assert {entry.reason for entry in failed} == {"not_finished"}
    assert all("ingest" in (entry.detail or "") for entry in failed)
