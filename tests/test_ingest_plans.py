"""Action plans rebuilt from tables that pages, readers and scanners have broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean_text
from ingest.plan_columns import Column, column_named, dates_of, headers
from ingest.plans import read_plan
from ingest.sections import split_sections
from kb.documents import Kind, Section, SectionKind
from kb.records import Action, Claim, Recommendation

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"

HEAD = "Cause\tRecommendation\tActions\tResponsible person\tBy when\tDate complete\tEvidence\n"
SECOND = (
    "The gate stood open.\t2. The Trust must ensure that the guard is trained.\tTrain him.\t"
    "Training Manager\t2099\t\t\n"
)
# As a scanner reads a plan over three pages: the header on two lines, a page number glued to a
# recommendation's, cells that go on alone on the next page, scraps of a logo.
SCANNED = (
    "## Action plan for the lighthouse\n\n"
    "Issue Identified\tActions needed / Work to be completed\tReview of issue/Action June 2099\t"
    "Lead\t2099 post Lead\t\tLead\tDate of\t\n"
    "\t\t\t\treview\tcompletion\t\t\t\n"
    "1. Farhaven Light must ensure that the lamp is lit.\tReview of the rota\t"
    "This action is complete and the rota is kept.\tDirector of Lamps and Oil\t2097\t2099\t\t\t\n"
    "\t\tThe rota says who lights the lamp on each of the\t\t\t\t\t\t\n\n\n\n"
    "\t\tnights of the year.\t\t\t\n"
    "302. Farhaven Light must ensure that the\tTo buy more oil.\t"
    "The oil is counted both\tDirector of Lamps and\t2097\t10/2099\n\n\n\n"
    "oil is kept dry.\n\n"
    "by the keeper and\nby the harbour.\n\n"
    "A new shed stands on the quay.\n\nil\t\n--------\t--\n\n\n\n"
    "\t\t\t00000\t\n"
    "\t\tThe shed has a lock.\t\t\n"
    "3. Farhaven Light must teach the keeper¹s of the lamp what to do.\tTeach the\t"
    "A course is held\tHead\t2098\tReview ed and ongoing 2099\t\n"
    "\tkeepers and write it down\tfor all who co-\tKeeper\tReview\t\t\n"
    "\t\toperate with us. It ran twice\t\ted 2099\t\t\n"
    "\t\tin the spring.\t3000\t11100001\t\t\n"
    "4. Farhaven Light must provide assurance to its board and to the town that the road to\t"
    "Mend the road.\tThe road has been surveyed with care and the worst of its holes were\t"
    "Surveyor\tReview End March 2099\n\n\n\n"
    "\tHaven\t\n"
    "the light is open\tfilled in the autumn.\t\n"
    "when it is needed.\tThe last is filled in spring.\t\n"
    "\tis filled in spring.\t\n"
    "--\t---\t--\n"
)


def plan(text: str) -> tuple[Recommendation, ...]:
    return read_plan(text, split_sections(text, Kind.ACTION_PLAN))


def value(claim: Claim | None) -> str | None:
    return claim.value if claim else None


def dates(action: Action) -> tuple[str | None, str | None, int | None]:
    """Return the date due (or of the review, never both), of completion, and the days late."""
    assert not (action.due and action.reviewed)
    return value(action.due or action.reviewed), value(action.completed), action.late_days


def words(text: str, action: Action) -> str:
    return " ".join(text[action.start : action.end].split())


def claims(found: tuple[Recommendation, ...]) -> Iterator[Claim]:
    for each in found:
        of_actions = [
            claim
            for a in each.actions
            for claim in (a.status, a.owner, a.due, a.completed, a.evidence, *a.figures)
        ]
        yield from (c for c in (each.wording, each.update, *of_actions) if c)


def test_a_scanned_plan_gives_every_recommendation_its_whole_wording() -> None:
    assert [(each.number, value(each.wording)) for each in plan(SCANNED)] == [
        ("1", "Farhaven Light must ensure that the lamp is lit."),
        ("2", "Farhaven Light must ensure that the oil is kept dry."),
        ("3", "Farhaven Light must teach the keepers of the lamp what to do."),
        (
            "4",
            "Farhaven Light must provide assurance to its board and to the town that the road to "
            "the light is open when it is needed.",
        ),
    ]


def test_an_update_is_whole_over_pages_and_holds_no_debris() -> None:
    assert [value(each.update) for each in plan(SCANNED)] == [
        "This action is complete and the rota is kept. The rota says who lights the lamp on each "
        "of the nights of the year.",
        "The oil is counted both by the keeper and by the harbour. A new shed stands on the quay. "
        "The shed has a lock.",
        "A course is held for all who co-operate with us. It ran twice in the spring.",
        "The road has been surveyed with care and the worst of its holes were filled in the "
        "autumn. The last is filled in spring.",
    ]


def test_dates_stay_as_partial_as_they_are_and_a_review_is_no_completion() -> None:
    assert [[dates(action) for action in each.actions] for each in plan(SCANNED)] == [
        [("2097", "2099", None)],
        [("2097", "2099-10", None)],
        [("2098", None, None)],
        [("2099-03", None, None)],
    ]


def test_an_owner_cut_off_by_a_page_is_completed_from_the_plan_itself() -> None:
    owners = [value(each.actions[0].owner) for each in plan(SCANNED)]
    assert owners == [
        "Director of Lamps and Oil",
        "Director of Lamps and Oil",
        "Head Keeper",
        "Surveyor",
    ]


def test_status_comes_from_dates_or_from_words_on_the_action_itself() -> None:
    statuses = [value(each.actions[0].status) for each in plan(SCANNED)]
    assert statuses == ["done", "done", "under_way", None]


def test_an_action_over_several_lines_is_one_action() -> None:
    (action,) = plan(SCANNED)[2].actions
    assert SCANNED[action.start :].startswith("Teach the\t")
    assert SCANNED[: action.end].endswith("keepers and write it down")


def test_a_claim_begins_and_ends_at_its_words() -> None:
    for each in plan(SCANNED):
        for claim in (each.wording, each.update):
            assert claim
            pointed = SCANNED[claim.start : claim.end]
            assert pointed.split()[0] == claim.value.split()[0]
            assert pointed.split()[-1] == claim.value.split()[-1]


@pytest.mark.parametrize(
    ("row", "expected", "why"),
    [
        ("15/06/2099\t26/06/2099", ("2099-06-15", "2099-06-26", 11), "late"),
        ("15/06/2099\t01/06/2099", ("2099-06-15", "2099-06-01", -14), "early"),
        ("15/06/2098\t01/01/2099 Delay due to storms", ("2098-06-15", "2099-01-01", 200), "words"),
        ("23 rd March 2099\t", ("2099-03-23", None, None), "a superscript read as a word"),
        ("2099\t12/2099", ("2099", "2099-12", None), "no whole dates, no lateness"),
        ("1 May 2099\tComplete, it is done", ("2099-05-01", None, None), "done on no stated day"),
        ("1 May 2099\texpected 3 June 2099", ("2099-05-01", None, None), "a hope is no completion"),
        ("1 May 2099 extended to 1 June 2099\t", ("2099-05-01", None, None), "the first is due"),
        ("Ongoing\t", (None, None, None), "no date"),
        ("1/5/2099\t2097 Review 2099", ("2099-05-01", "2097", None), "the review came later"),
    ],
)
def test_due_and_completion_and_lateness(
    row: str, expected: tuple[str | None, str | None, int | None], why: str
) -> None:
    text = f"{HEAD}Nobody looked.\t1. The Trust must mend the gate.\tMend it.\tOwner\t{row}\tBill\n"
    (action,) = plan(text + SECOND)[0].actions
    assert dates(action) == expected, why


def test_several_actions_stand_under_one_recommendation() -> None:
    text = (
        f"{HEAD}Nobody looked.\t1. The Trust must ensure that the gate is mended and that it\t"
        " Buy a hinge for the gate. \tHead of Estates\t01/11/2098\t01/11/2098\tReceipt\n"
        "\tis kept so.\t Paint the gate. \tHead of Estates\t15/06/2099\t26/06/2099\tPhoto\n\n"
        "\t\t3.\tOil the hinge & test it.\tGate Keeper\t15/06/2099\t01/07/2099\tLog\n"
        "\t\t•\tWrite it down.\tGate Keeper\t15/06/2099\t\t\n" + SECOND
    )
    first, _ = plan(text)
    assert value(first.wording) == (
        "The Trust must ensure that the gate is mended and that it is kept so."
    )
    assert [
        (words(text, a), value(a.owner), a.late_days, value(a.evidence)) for a in first.actions
    ] == [
        ("Buy a hinge for the gate.", "Head of Estates", 0, "Receipt"),
        ("Paint the gate.", "Head of Estates", 11, "Photo"),
        ("Oil the hinge & test it.", "Gate Keeper", 16, "Log"),
        ("Write it down.", "Gate Keeper", None, None),
    ]


def test_a_row_that_lost_a_column_is_moved_to_where_its_dates_fit() -> None:
    text = (
        f"{HEAD}The gate was open at night because the hinge had been broken for\t"
        "1. The Trust must mend the gate.\tMend it.\tOwner\t1/5/2099\t2/5/2099\tBill\n\n"
        "a long time.\t2. Keep it mended.\tOther owner\t1/6/2099\t3/6/2099\tLog\n" + SECOND
    )
    first, _ = plan(text)
    assert value(first.wording) == "The Trust must mend the gate."
    assert [(words(text, a), value(a.owner), a.late_days) for a in first.actions] == [
        ("Mend it.", "Owner", 1),
        ("Keep it mended.", "Other owner", 2),
    ]


def test_the_empty_cell_of_a_lost_bullet_is_no_column() -> None:
    text = (
        f"{HEAD}Nobody looked.\t1. The Trust must mend the gate.\t\tMend it.\tOwner\t1/5/2099\t"
        "Complete, and checked.\tBill\n" + SECOND
    )
    (action,) = plan(text)[0].actions
    assert (words(text, action), value(action.status)) == ("Mend it.", "done")
    assert (value(action.completed), value(action.evidence)) == (None, "Bill")


def test_interleaved_columns_are_kept_whole_and_said_to_be_not_separated() -> None:
    woven = (
        "The gate was found Estates 2. The Trust must mend June 2099 open by the guard team "
        "who the fence and Photo should report saved had left."
    )
    text = (
        f"{HEAD}Nobody looked.\t1. The Trust must mend the gate.\tMend it.\tOwner\t1/5/2099\t\t\n\n"
        f"{woven}\n\nThe fence was\nmended.\n\n"
        "It rained.\t3. The Trust must mend the roof.\tMend it.\tOwner\t1/5/2099\t\t\n"
    )
    found = plan(text)
    assert [each.separated for each in found] == [True, False, True]
    second = found[1]
    assert (second.wording, second.update, second.actions) == (None, None, ())
    assert text[second.start : second.end] == f"{woven}\n\nThe fence was\nmended."


def test_a_table_without_a_header_is_not_separated() -> None:
    text = (
        "1. The Trust must mend the gate and keep it.\tsomebody\t1/5/2099\n"
        "2. The Trust must mend the fence and keep it.\tsomebody\t1/5/2099\n"
    )
    assert [(each.number, each.separated) for each in plan(text)] == [("1", False), ("2", False)]


def test_what_stands_behind_the_table_is_no_update() -> None:
    text = (
        "Recommendation\tActions\tLead\tDue date\tProgress\n"
        "1. The Trust must mend the gate.\tMend it.\tOwner\t1/5/2099\tBegun.\n"
        "Theme two\n"
        "2. The Trust must mend the fence.\tMend it.\tOwner\t1/5/2099\tNot begun.\n\n"
        "The plan is read by the board each month.\n"
    )
    assert [value(each.update) for each in plan(text)] == ["Begun.", "Not begun."]


def test_a_header_repeated_on_the_next_page_is_no_row() -> None:
    row = "Nobody looked.\t1. The Trust must mend the gate.\tMend it.\tOwner\t1/5/2099\t\t\n"
    text = f"{HEAD}{row}\n{HEAD}\t\tPaint it.\tOwner\t1/6/2099\t\t\n{SECOND}"
    assert [words(text, action) for action in plan(text)[0].actions] == ["Mend it.", "Paint it."]


def test_a_markdown_table_under_a_heading_is_read_too() -> None:
    text = (
        "# Action plan\n\n## Recommendations\n\n"
        "| No. | Recommendation | Action | Lead | Target date | Date completed | RAG |\n"
        "|---|---|---|---|---|---|---|\n"
        "| 1 | The Trust must mend the gate. | 1. Buy 2 hinges. 2. Train 40 staff. | Estates "
        "| 1 May 2099 | 3 May 2099 | Green |\n"
        "| 2 | The Trust must teach the guard. | Teach him | Manager | May 2099 |  | Amber |\n"
    )
    first, second = plan(text)
    assert [(words(text, a), dates(a)) for a in first.actions] == [
        ("Buy 2 hinges.", ("2099-05-01", "2099-05-03", 2)),
        ("Train 40 staff.", ("2099-05-01", "2099-05-03", 2)),
    ]
    assert [value(figure) for figure in first.actions[1].figures] == ["40 staff"]
    assert value(second.actions[0].status) == "under_way"


def test_several_actions_with_several_dates_in_one_row_are_not_separated() -> None:
    text = (
        f"{HEAD}Nobody looked.\t1. The Trust must mend the gate.\t1. Buy it. 2. Paint it.\tOwner\t"
        "1/5/2099 1/6/2099\t\t\n" + SECOND
    )
    assert [each.separated for each in plan(text)] == [False, True]


def test_a_plan_of_labelled_rows_is_read() -> None:
    text = (
        "Action plan\n\n"
        "Recommendation 1\tThe Trust must mend the gate and keep it mended.\n"
        "Action\tBuy a new hinge\nLead\tHead of Estates\nTimescale\t31 March 2099\n"
        "Action\tPaint it\nEvidence\tA photograph\n"
        "Recommendation 2\tThe Trust should train the guard every year.\n"
        "Action: Write a course\nResponsible person: Training Manager\n"
        "Progress: This action is complete.\n"
    )
    first, second = plan(text)
    assert value(first.wording) == "The Trust must mend the gate and keep it mended."
    assert [(words(text, a), value(a.owner), value(a.evidence)) for a in first.actions] == [
        ("Buy a new hinge", "Head of Estates", None),
        ("Paint it", None, "A photograph"),
    ]
    (action,) = second.actions
    assert (value(action.owner), value(action.status)) == ("Training Manager", "done")


def test_a_text_without_recommendations_has_none() -> None:
    assert plan("A letter about a gate.\n") == ()
    assert read_plan("", ()) == ()


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Root cause/contributory factor (please number each one)", Column.CAUSE),
        ("Recommendation", Column.RECOMMENDATION),
        ("Specific actions (SMART - and the evidence that they work)", Column.EVIDENCE),
        ("Specific actions (SMART)", Column.ACTION),
        ("Actions needed / Work to be completed", Column.ACTION),
        ("Action owner", Column.OWNER),
        ("Responsible person (include job titles)", Column.OWNER),
        ("By whom", Column.OWNER),
        ("By when", Column.DUE),
        ("Target completion date", Column.DUE),
        ("Timescale", Column.DUE),
        ("Date complete", Column.COMPLETED),
        ("Completion date", Column.COMPLETION),
        ("Evidence of Completion (embedded or appendix)", Column.EVIDENCE),
        ("Review of issue/Action June 2099", Column.UPDATE),
        ("Progress update", Column.UPDATE),
        ("RAG rating", Column.STATUS),
        ("No.", Column.NUMBER),
        ("Locality", Column.OTHER),
    ],
)
def test_a_column_is_known_by_its_heading(heading: str, column: Column) -> None:
    assert column_named(heading) is column


def test_a_lone_completion_date_is_when_it_is_due() -> None:
    (header,) = headers("Recommendation\tAction\tLead\tCompletion date\n", 0, 46)
    assert header.columns[-1] is Column.DUE


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2099", ["2099"]),
        ("10/2099", ["2099-10"]),
        ("Review End March 2099", ["2099-03"]),
        ("2097 Reviewed 2098", ["2097", "2098"]),
        ("3000", []),
        ("11100001", []),
        ("2098/99", []),
    ],
)
def test_a_cell_of_dates_may_hold_a_bare_year(words: str, expected: list[str]) -> None:
    assert [iso for _, _, iso in dates_of(words)] == expected


_SCRAPS = st.sampled_from(
    f"{HEAD}|\t|\n|\n\n|1. |2. |•|The Trust must mend it|.|Owner|2099|15/06/2099"
    "|Complete|NHS|co-|operate|--|00000|Lead: ".split("|")
)


@given(st.lists(_SCRAPS, max_size=40).map("".join))
def test_whatever_the_table_every_claim_lies_in_the_text(text: str) -> None:
    whole = [Section(SectionKind.RECOMMENDATIONS, "Recommendation 1", 0, len(text))]
    for sections in (split_sections(text, Kind.ACTION_PLAN), whole):
        found = read_plan(text, sections)
        assert all(0 <= each.start <= each.end <= len(text) for each in found)
        assert all(0 <= c.start < c.end <= len(text) and c.value for c in claims(found))
        assert all(not each.actions for each in found if not each.separated)


def real(name: str) -> tuple[str, tuple[Recommendation, ...]]:
    (path,) = DOCUMENTS.glob(f"{name}*.txt")
    text = clean_text(path.read_text(encoding="utf-8"))
    return text, plan(text)


@pytest.mark.real_data
def test_the_community_plan_has_nine_recommendations_with_their_updates_whole() -> None:
    text, found = real("002")
    assert [each.number for each in found] == list("123456789")
    assert all(each.separated and each.update and len(each.actions) == 1 for each in found)
    ends = {
        "5": (("The Operational Policy", "across Livewell"), 109),
        "9": (("This process", 'net"'), 150),
    }
    for number, ((first, last), at_least) in ends.items():
        update = value(found[int(number) - 1].update)
        assert update and update.startswith(first) and update.endswith(last)
        assert len(update.split()) >= at_least
    shown = " ".join(claim.value for claim in claims(found))
    for debris in ("00000", "3000", "11100001", "202.", "AMHP¹s", "--"):
        assert debris in text and debris not in shown
    assert " uality" not in shown
    owners = {value(each.actions[0].owner) for each in found}
    assert owners == {
        "Deputy Director of Safety and Quality",
        "Operational Manager",
        "Deputy Head of Service",
    }
    assert [dates(each.actions[0])[:2] for each in found] == [
        ("2019", "2021"),
        ("2019", "2021"),
        ("2022-03", None),
        ("2017", "2021-10"),
        ("2019", "2021"),
        ("2017", "2021"),
        ("2017", "2017"),
        (None, None),
        ("2019", "2021"),
    ]


@pytest.mark.real_data
def test_the_commissioners_plan_has_every_date_and_its_lateness() -> None:
    _, found = real("003")
    assert [(each.number, each.separated) for each in found] == [
        ("1", True),
        ("2", True),
        ("3", True),
        ("4", False),
        ("5", True),
        ("6", True),
    ]
    late = [[dates(action) for action in each.actions] for each in found]
    due = "2020-06-15"
    assert late[0] == [
        ("2019-11-01", "2019-11-01", 0),
        (due, "2020-06-26", 11),
        (due, "2021-06-01", 351),
        ("2021-11-18", "2021-11-18", 0),
    ]
    assert late[1] == [(due, due, 0), (due, due, 0), (due, "2021-01-01", 200)]
    assert late[2] == [("2020-07-31", None, None)] * 2
    assert late[3] == []
    assert late[4] == late[5] == [("2021-03-23", None, None)]
    assert [value(a.status) for a in found[2].actions] == ["done", "done"]
    assert all(action.owner for each in found for action in each.actions)
    evidence = [bool(action.evidence) for each in found for action in each.actions]
    assert evidence == [True] * 9 + [False, True]
    assert found[3].end - found[3].start > 4000
