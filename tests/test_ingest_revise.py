"""After reading: corrections that survive, versions kept, near-identical reports linked."""

from pathlib import Path

import pytest

from index.encoder import token_counter
from ingest.likeness import near_identical
from ingest.revise import correct, link_near_identical
from kb.encoder import WordHashEncoder
from kb.errors import NotHeld, UsageError
from kb.settings import Home
from kb.store import Store, records
from kb.store.documents import read_document
from kb.store.records import Correction
from kb.store.verify import verify
from tests import invented
from tests.invented import COUNCIL, TRUST, read_in, report


def corrected(home: Home, docno: str, field: str, value: str) -> None:
    wanted = Correction(docno=docno, field=field, value=value, who="Ed Itor", why="page two")
    with Store.writing(home, purpose="test") as store:
        count = token_counter("word-hash", home)
        correct(store, wanted, encoder=WordHashEncoder(), count=count)
        assert verify(store.db) == []


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("date", "2099-03-04", "2099-03-04"),
        ("coroner_area", "Southmoor", "Southmoor"),
        ("kind", "other", "other"),
        ("title", "A better title", "A better title"),
    ],
)
def test_a_correction_outranks_the_source_and_survives_a_new_version(
    home: Home, tmp_path: Path, field: str, value: str, found: str
) -> None:
    folder = invented.write(tmp_path / "in", form=report())
    read_in(home, folder)
    corrected(home, "form", field, value)
    invented.write(folder, form=report(concerns=[invented.DISCHARGE]))
    read_in(home, folder)
    with Store.reading(home) as store:
        document = read_document(store.db, "form")
        (kept,) = records.corrections(store.db, "form")
    assert getattr(document, field) == found
    assert document.claims.get(field) == "correction"
    assert (kept.who, kept.why) == ("Ed Itor", "page two")


def test_recipients_are_corrected_as_a_list(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report(recipients="[REDACTED]")))
    corrected(home, "form", "recipients", f"{TRUST}; {COUNCIL}")
    with Store.reading(home) as store:
        parties = read_document(store.db, "form").parties
    assert [party.name for party in parties] == [TRUST, COUNCIL]


@pytest.mark.parametrize(
    ("field", "value"), [("text", "x"), ("kind", "novel"), ("date", "soon"), ("title", " ")]
)
def test_a_correction_that_cannot_be_is_refused(
    home: Home, tmp_path: Path, field: str, value: str
) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    with pytest.raises(UsageError):
        corrected(home, "form", field, value)


def test_a_correction_of_an_unknown_document_is_refused(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    with pytest.raises(NotHeld):
        corrected(home, "nowhere", "date", "2099")


def test_the_text_before_a_change_is_kept_for_reference(home: Home, tmp_path: Path) -> None:
    folder = invented.write(tmp_path / "in", form=report())
    read_in(home, folder)
    invented.write(folder, form=report(concerns=[invented.DISCHARGE]))
    read_in(home, folder)
    with Store.reading(home) as store:
        assert [(n, source) for n, source, _ in records.versions(store.db, "form")] == [
            (1, "form.txt")
        ]
        earlier = records.earlier_text(store.db, "form", 1)
    assert earlier is not None and invented.COORDINATOR in earlier


LONG = (
    "The duty worker did not pass on the message of the neighbour, because the book in which such "
    "messages were written had been moved to another office some weeks earlier and nobody in the "
    "team had been told where it was kept or who was to read it in the evening."
)


def test_near_identical_reports_are_linked_and_never_merged(home: Home, tmp_path: Path) -> None:
    folder = invented.write(
        tmp_path / "in",
        one=report(ref="2099-0001", concerns=[LONG]),
        two=report(ref="2099-0002", recipients=COUNCIL, concerns=[LONG.replace("some", "four")]),
        three=report(ref="2099-0003", concerns=[invented.DISCHARGE]),
    )
    read_in(home, folder)
    with Store.writing(home, purpose="test") as store:
        assert link_near_identical(store) == 1
        assert [docno for docno, _ in records.like(store.db, "one")] == ["two"]
        assert [docno for docno, _ in records.like(store.db, "two")] == ["one"]
        assert records.like(store.db, "three") == []
        assert link_near_identical(store) == 0  # nothing has changed since


def test_wording_that_many_reports_share_makes_none_alike() -> None:
    assert list(near_identical({f"report-{n}": LONG for n in range(20)})) == []
    (pair,) = near_identical({"a": LONG, "b": f"{LONG} And more.", "c": invented.DISCHARGE})
    assert pair[:2] == ("a", "b") and pair[2] > 0.9
