"""What there is to read: the same bytes twice are one document, whatever they are called."""

from pathlib import Path

from kb.settings import Home
from kb.store import Store, ledger
from tests import invented
from tests.invented import read_in, report, response


def docnos(home: Home) -> dict[str, str | None]:
    with Store.reading(home) as store:
        return {entry.source: entry.docno for entry in ledger.entries(store.db, state="done")}


def documents(home: Home) -> int:
    with Store.reading(home) as store:
        found: int = store.db.execute("SELECT count(*) FROM documents").fetchone()[0]
    return found


def test_the_same_bytes_twice_in_one_run_are_one_document_with_two_sources(
    home: Home, tmp_path: Path
) -> None:
    folder = invented.write(tmp_path / "in", first=report(), letter=response(), second=report())
    outcome = read_in(home, folder)
    assert (outcome.done, outcome.unchanged, outcome.failed) == (2, 1, [])
    held = {Path(source).stem: docno for source, docno in docnos(home).items()}
    assert held == {"first": "first", "letter": "letter", "second": "first"}
    assert documents(home) == 2
    again = read_in(home, folder)
    assert (again.done, again.unchanged) == (0, 3)


def test_the_same_bytes_are_one_document_also_when_the_first_was_written_long_before(
    home: Home, tmp_path: Path
) -> None:
    letters = {f"letter-{n:03}": f"{response()}\nOur own mark is {n}." for n in range(60)}
    folder = invented.write(tmp_path / "in", a=report(), **letters, z=report())
    outcome = read_in(home, folder)
    assert (outcome.done, outcome.unchanged) == (61, 1)
    assert documents(home) == 61
