"""What can be relied on: fields counted, doubts without names, responses linked to reports."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kb.documents import Document, Doubt, Kind, Party, Role, SectionKind
from kb.records import Action, Recommendation, Table
from kb.settings import Home
from kb.store import Store, documents, ledger, records
from kb.store.answers import answers_to, nearly_the_same, report_answered
from kb.store.doubts import WITHHELD, held_doubts, without_name
from kb.store.quality import QualityReport, quality
from tests.library_for_tests import DECEASED, Say, document, sent_to

CONCERNS = [(SectionKind.CONCERNS, "CONCERNS", [Say("The rota left one nurse alone.")])]
PLAN = [(SectionKind.BODY, "Plan", [Say("The rota is to be reviewed by June.")])]
DOUBT = Doubt("recipients", f"The family of {DECEASED}", "No organisation could be read.")
REPORT = document(
    "report-2099",
    ref="2099-0001",
    date="2099-03-03",
    coroner_area="Northmoor & Westerby Coroner's Court",
    parts=CONCERNS,
)
RESPONSE = document(
    "letter",
    kind=Kind.RESPONSE,
    date="2099-04-20",
    coroner_area="Northmoor and Westerby",
    facts={"report_date": "2099-03-03"},
    parts=[(SectionKind.ANSWER, "Answer", [Say("A second nurse now works at night.")])],
)


def hold(home: Home, *held: Document) -> None:
    """Write documents straight into the library of a home."""
    with Store.writing(home, purpose="test") as store:
        for one in held:
            with store.db.atomic():
                documents.write_document(store.db, one, organisation_key=str.lower)


def of_kind(report: QualityReport, kind: Kind) -> dict[str, tuple[int, int]]:
    """Return (filled, of) by field for one kind."""
    found = next(one for one in report.kinds if one.kind is kind)
    return {one.field: (one.filled, one.of) for one in found.fields}


def assessed(home: Home) -> QualityReport:
    """Return the quality of a home's library."""
    with Store.reading(home) as store:
        return quality(store.db)


def test_every_kind_is_told_even_where_none_is_held(home: Home) -> None:
    hold(home, REPORT)
    report = assessed(home)
    assert [one.kind for one in report.kinds] == list(Kind)
    assert [one.documents for one in report.kinds] == [1, 0, 0, 0, 0]


def test_fields_are_counted_of_the_documents_that_could_have_them(home: Home) -> None:
    full = replace(REPORT, parties=sent_to("Dale Trust"), categories=("Falls",), coroner="R. Test")
    bare = document("details-2098", date="2098-07", parts=())
    undated = document("undated", parts=CONCERNS)
    hold(home, full, bare, undated)
    (first, *_) = assessed(home).kinds
    assert (first.documents, first.with_text) == (3, 2)
    assert of_kind(assessed(home), Kind.REPORT) == {
        "ref": (1, 3),
        "date_whole": (1, 3),
        "date_partial": (1, 3),
        "date_none": (1, 3),
        "coroner": (1, 3),
        "coroner_area": (1, 3),
        "recipients": (1, 3),
        "categories": (1, 3),
        # What is read out of the text cannot be found where only details are held.
        "concerns": (2, 2),
        "tables": (0, 2),
    }


def test_the_actions_of_a_plan_stand_inside_its_recommendations(home: Home) -> None:
    plan = document("plan", kind=Kind.ACTION_PLAN, parts=PLAN)
    done = Action(start=0, end=4)
    with_action = recommendation(done)
    hold(
        home,
        replace(plan, docno="a", recommendations=(with_action,)),
        replace(plan, docno="b", recommendations=(recommendation(),)),
    )
    counted = of_kind(assessed(home), Kind.ACTION_PLAN)
    assert counted["recommendations"] == (2, 2)
    assert counted["actions"] == (1, 2)
    assert "recipients" not in counted and "tables" not in counted


def recommendation(*actions: Action) -> Recommendation:
    """Return a recommendation with these actions."""
    return Recommendation(number="1", start=0, end=4, wording=None, update=None, actions=actions)


def test_makers_actions_and_tables_are_counted_for_responses_and_annual_reports(
    home: Home,
) -> None:
    respondent = (Party(Role.RESPONDENT, "Dale Trust", "Dale Trust"),)
    author = (Party(Role.AUTHOR, "Dale Board", "Dale Board"),)
    table = Table(number=None, caption=None, header=(), rows=(("a", "1"),), start=0, end=2)
    hold(
        home,
        replace(RESPONSE, parties=respondent, actions=(Action(start=0, end=4),)),
        document("year", kind=Kind.ANNUAL_REPORT, parts=PLAN, parties=author, tables=(table,)),
    )
    response = of_kind(assessed(home), Kind.RESPONSE)
    assert (response["respondents"], response["actions"]) == ((1, 1), (1, 1))
    annual = of_kind(assessed(home), Kind.ANNUAL_REPORT)
    assert (annual["authors"], annual["tables"]) == ((1, 1), (1, 1))
    assert "authors" not in response and "owners" in of_kind(assessed(home), Kind.ACTION_PLAN)


def test_doubts_and_failures_are_counted_by_reason_commonest_first(home: Home) -> None:
    twice = Doubt("date", "one day", "No date could be read.")
    hold(home, replace(REPORT, doubts=(twice, twice, DOUBT)), replace(RESPONSE, doubts=(twice,)))
    with Store.writing(home, purpose="test") as store, store.db.atomic():
        for name in ("a.pdf", "b.pdf", "c.doc"):
            reason = "no_text" if name.endswith("pdf") else "unsupported"
            entry = ledger.Entry(
                key=name,
                source=name,
                docno=None,
                sha256=None,
                recipe="test",
                state="failed",
                reason=reason,
                detail="Save it again.",
            )
            ledger.record(store.db, entry)
    report = assessed(home)
    assert [(d.field, d.doubts, d.documents) for d in report.doubts] == [
        ("date", 3, 2),
        ("recipients", 1, 1),
    ]
    assert [(f.reason, f.detail, f.sources) for f in report.failures] == [
        ("no_text", "Save it again.", 2),
        ("unsupported", "Save it again.", 1),
    ]


def test_doubts_are_narrowed_and_paged(home: Home) -> None:
    other = Doubt("date", "17/20/2099", "No date could be read.")
    hold(home, replace(REPORT, doubts=(DOUBT, other)), replace(RESPONSE, doubts=(other,)))
    with Store.reading(home) as store:
        db = store.db
        assert [(d.docno, d.field) for d in held_doubts(db)] == [
            ("letter", "date"),
            ("report-2099", "recipients"),
            ("report-2099", "date"),
        ]
        assert [d.docno for d in held_doubts(db, field="date")] == ["letter", "report-2099"]
        assert [d.docno for d in held_doubts(db, field="date", limit=1, offset=1)] == [
            "report-2099"
        ]
        assert [d.words for d in held_doubts(db, docno="letter")] == ["17/20/2099"]
        assert held_doubts(db, field="date", reason=DOUBT.reason) == []
        assert held_doubts(db, field="x' OR 1 --") == []


def test_a_doubt_does_not_name_the_person_who_died(home: Home) -> None:
    hold(home, replace(REPORT, deceased=DECEASED, doubts=(DOUBT,)))
    with Store.reading(home) as store:
        assert [d.words for d in held_doubts(store.db)] == [f"The family of {WITHHELD}"]


@pytest.mark.parametrize(
    ("words", "deceased", "slug", "expected"),
    [
        ("death of ASH INVENTEDNAME at", "Ash Inventedname", None, f"death of {WITHHELD} at"),
        ("Mr Inventedname's ward", "Ash Inventedname", None, f"Mr {WITHHELD}'s ward"),
        ("an ashtray by the bed", "Ash Inventedname", None, "an ashtray by the bed"),
        ("Ash-Lee Inventedname", "Ash-Lee Inventedname", None, WITHHELD),
        # An initial would hide half of all words.
        ("A nurse", "A Inventedname", None, "A nurse"),
        # One export states no name, but its addresses are made of it.
        (
            "death of Ash Inventedname",
            None,
            "ash-inventedname-prevention-of-future-deaths-report",
            f"death of {WITHHELD}",
        ),
        ("death of Ash Inventedname", None, "ash-inventedname-2", f"death of {WITHHELD}"),
        ("an ash tree", None, "ash-inventedname", "an ash tree"),
        (
            "Prevention of Future Deaths",
            None,
            "ash-x-prevention-of-future-deaths-report",
            "Prevention of Future Deaths",
        ),
        ("Section 75 plan", None, None, "Section 75 plan"),
        ("(.*)", "(.*) [a-z]", None, "(.*)"),
    ],
)
def test_names_are_left_out_of_words(
    words: str, deceased: str | None, slug: str | None, expected: str
) -> None:
    assert without_name(words, deceased=deceased, slug=slug) == expected


def answered(home: Home, *held: Document) -> tuple[str, str] | None:
    """Return which report the letter answers and how that is known."""
    hold(home, *held)
    with Store.reading(home) as store:
        found = report_answered(store.db, "letter")
        if found:
            assert [one.docno for one in answers_to(store.db, found.docno)] == ["letter"]
        else:
            for one in held:
                assert answers_to(store.db, one.docno) == []
    return (found.docno, found.known_by or "") if found else None


@pytest.mark.parametrize(
    ("response", "reports", "expected", "why"),
    [
        ({"ref": "2099-0001", "facts": {}}, [{}], "by the ref", "the ref says it"),
        (
            {"ref": None},
            [{}],
            "by the report's date and coroner area",
            "the same area goes by several spellings",
        ),
        ({"ref": None}, [{}, {}], None, "two reports of one day and area: neither is meant"),
        (
            {"ref": "2099-0001"},
            [{}, {"date": "2098-01-01"}],
            "by the report's date and coroner area",
            "a ref that two published rows bear, told apart by date and area",
        ),
        ({"ref": "2099-0009"}, [{}], None, "another ref is another report"),
        (
            {"ref": "2099-0009"},
            [{"ref": None}],
            "by the report's date and coroner area",
            "a report without a ref does not contradict",
        ),
        ({"facts": {"report_date": "2099-03-04"}}, [{}], None, "another day"),
        ({"facts": {"report_date": "2099-03"}}, [{"date": "2099-03"}], None, "half a date"),
        ({"coroner_area": "Eastvale"}, [{}], None, "another area"),
        ({"coroner_area": None}, [{"coroner_area": None}], None, "no area is not the same area"),
        ({}, [{"kind": Kind.OTHER}], None, "only a report is answered"),
        ({}, [], None, "no report is held"),
    ],
)
def test_a_response_is_linked_where_exactly_one_report_can_be_meant(
    home: Home,
    response: dict[str, Any],
    reports: Sequence[dict[str, Any]],
    expected: str | None,
    why: str,
) -> None:
    held = [replace(REPORT, docno=f"report-{n}", **v) for n, v in enumerate(reports)]
    found = answered(home, replace(RESPONSE, **response), *held)
    assert found == (("report-0", expected) if expected else None), why


def test_only_a_response_answers_and_only_a_report_is_answered(home: Home) -> None:
    hold(home, REPORT, RESPONSE)
    with Store.reading(home) as store:
        assert report_answered(store.db, "report-2099") is None
        assert answers_to(store.db, "letter") == []
        assert report_answered(store.db, "nothing") is None
        assert answers_to(store.db, "nothing") == []


def test_every_response_to_a_report_is_listed_oldest_first(home: Home) -> None:
    second = replace(RESPONSE, docno="earlier", date="2099-04-01", ref="2099-0001", facts={})
    hold(home, REPORT, RESPONSE, second)
    with Store.reading(home) as store:
        found = answers_to(store.db, "report-2099")
    assert [one.docno for one in found] == ["earlier", "letter"]


def test_documents_nearly_the_same_stand_likest_first_and_only_while_held(home: Home) -> None:
    hold(home, REPORT, replace(REPORT, docno="twin"), replace(REPORT, docno="cousin"))
    with Store.writing(home, purpose="test") as store:
        pairs = [("report-2099", "cousin", 0.7), ("report-2099", "twin", 0.9)]
        records.replace_likenesses(store.db, [*pairs, ("report-2099", "gone", 0.8)])
        found = nearly_the_same(store.db, "report-2099")
    assert [(one.docno, one.share) for one in found] == [("twin", 0.9), ("cousin", 0.7)]
