"""Days taken and days due: counted, never guessed, never called overdue."""

import pytest

from kb.documents import Document, Kind, Origin
from kb.statements import days_taken, record_json, response_due


def document(kind: Kind, date: str | None, **facts: str) -> Document:
    return Document(
        docno="d",
        kind=kind,
        title="t",
        text="",
        origin=Origin.FILE,
        source="d.txt",
        date=date,
        facts=facts,
    )


@pytest.mark.parametrize(
    ("date", "facts", "expected"),
    [
        ("2099-04-28", {"report_date": "2099-03-03"}, (56, "report")),
        ("2099-04-28", {"received_date": "2099-03-10"}, (49, "receipt")),
        ("2099-04-28", {"report_date": "2099-03", "received_date": "2099-03-10"}, (49, "receipt")),
        ("2099-04", {"report_date": "2099-03-03"}, None),  # a partial date counts no days
        (None, {"report_date": "2099-03-03"}, None),
        ("2099-04-28", {}, None),
    ],
)
def test_days_taken_are_counted_between_whole_dates_only(
    date: str | None, facts: dict[str, str], expected: tuple[int, str] | None
) -> None:
    assert days_taken(document(Kind.RESPONSE, date, **facts)) == expected


def test_the_stated_due_date_is_preferred_to_fifty_six_days() -> None:
    stated = document(Kind.REPORT, "2099-03-03", response_due="2099-05-01")
    assert response_due(stated) == ("2099-05-01", "stated")
    assert response_due(document(Kind.REPORT, "2099-03-03")) == ("2099-04-28", "56 days")
    assert response_due(document(Kind.REPORT, "2099")) is None
    assert response_due(document(Kind.RESPONSE, "2099-03-03")) is None


def test_a_record_leaves_out_what_is_not_known() -> None:
    fields = record_json(document(Kind.REPORT, "2099-03-03"))["fields"]
    assert fields == {
        "kind": "report",
        "date": "2099-03-03",
        "due": "2099-04-28",
        "due_known_by": "56 days",
    }
