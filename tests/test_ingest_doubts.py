"""What could not be read with certainty is told with the words that caused it."""

from pathlib import Path

import pytest

from kb.settings import Home
from kb.store import Store
from kb.store.documents import read_document
from tests import invented
from tests.invented import export, read_in, tracker_row


@pytest.mark.parametrize(
    ("values", "doubt"),
    [
        ({"date_of_report": "[object Object]"}, ("date", "[object Object]")),
        ({"date_of_report": "17/20/2099"}, ("date", "17/20/2099")),
        ({"ref": "no number yet"}, ("ref", "no number yet")),
        ({"this_report_is_being_sent_to": "[REDACTED]"}, ("recipients", "[REDACTED]")),
    ],
)
def test_a_row_falls_to_a_doubt_with_its_words(
    home: Home, tmp_path: Path, values: dict[str, str], doubt: tuple[str, str]
) -> None:
    read_in(home, export(tmp_path / "rows.csv", invented.TRACKER, tracker_row("ash", **values)))
    with Store.reading(home) as store:
        doubts = read_document(store.db, "ash").doubts
    assert doubt in [(one.field, one.words) for one in doubts]
    assert all(one.reason for one in doubts)


def test_a_plain_row_leaves_no_doubt(home: Home, tmp_path: Path) -> None:
    row = tracker_row("ash", concerns=f"1. {invented.COORDINATOR}")
    read_in(home, export(tmp_path / "rows.csv", invented.TRACKER, row))
    with Store.reading(home) as store:
        assert read_document(store.db, "ash").doubts == ()
