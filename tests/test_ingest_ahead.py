"""Reading ahead of the networks changes how long a run takes, and nothing that it ends in."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.encoder import token_counter
from ingest.pipeline import ingest
from kb.encoder import Vectors, WordHashEncoder
from kb.errors import ModelUnavailable
from kb.settings import Home
from kb.store import Store, ledger
from tests import invented
from tests.invented import SITE, digest, export, read_in, report, response, tracker_row

TABLES = {
    "documents": "docno, kind, title, text, digest",
    "passages": "text_sha256, position, section_kind, boilerplate",
    "vectors": "text_sha256, vector",
    "ledger": "key, docno, state, reason",
}


def held(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Return what a library holds, whatever the order in which it came in."""
    with Store.reading(home) as store:
        return {
            table: sorted(store.db.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in TABLES.items()
        }


def sources(folder: Path) -> Path:
    """Write letters of which two share words, a digest and its report, and the same bytes twice."""
    one, two = (
        report(ref=f"2099-000{n}", concerns=[invented.COORDINATOR, concern])
        for n, concern in enumerate([invented.STAFFING, invented.DISCHARGE], start=1)
    )
    invented.write(folder, one=one, two=two, again=one, letter=response())
    (folder / "digest.md").write_text(digest(f"{SITE}/ash/"), encoding="utf-8")
    row = tracker_row("ash", concerns=f"1. {invented.COORDINATOR}")
    export(folder / "tracker.csv", invented.TRACKER, row)
    return folder


def test_the_size_of_a_batch_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sources(tmp_path / "in")
    found = []
    for size in (1, 2, 48):
        monkeypatch.setattr("ingest.pipeline._BATCH", size)
        home = Home(tmp_path / f"home-{size}")
        home.create()
        read_in(home, folder)
        found.append(held(home))
    assert found[0] == found[1] == found[2]
    assert len(found[0]["documents"]) == 4


class Counting(WordHashEncoder):
    """Tells what it was asked to encode; refuses from the batch of a number on."""

    def __init__(self, *, refuses_from: int = 99) -> None:
        super().__init__()
        self.asked: list[Sequence[str]] = []
        self._refuses_from = refuses_from

    def encode(self, texts: Sequence[str]) -> Vectors:
        if len(self.asked) >= self._refuses_from:
            raise ModelUnavailable("The model is gone.")
        self.asked.append(texts)
        return super().encode(texts)


def run(home: Home, folder: Path, encoder: WordHashEncoder) -> None:
    with Store.writing(home, purpose="test") as store:
        ingest(store, [folder], encoder=encoder, count=token_counter("word-hash", home))


def test_words_that_are_being_encoded_are_not_asked_for_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.pipeline._BATCH", 1)
    encoder = Counting()
    run(home, sources(tmp_path / "in"), encoder)
    every = [text for texts in encoder.asked for text in texts]
    assert len(encoder.asked) > 3
    assert len(every) == len(set(every))


def test_a_network_that_fails_ends_the_run_and_the_next_one_goes_on(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sources(tmp_path / "in")
    monkeypatch.setattr("ingest.pipeline._BATCH", 1)
    with pytest.raises(ModelUnavailable, match="The model is gone"):
        run(home, folder, Counting(refuses_from=2))
    with Store.reading(home) as store:
        states = {entry.state for entry in ledger.entries(store.db)}
        assert 0 < len(ledger.entries(store.db, state="done")) < 5
    assert states == {"done", "failed"}  # "was interrupted before it was finished"
    read_in(home, folder)
    with Store.reading(home) as store:
        assert ledger.entries(store.db, state="failed") == []
    other = Home(tmp_path / "other")
    other.create()
    read_in(other, folder)
    assert held(home) == held(other)
