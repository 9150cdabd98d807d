"""What letters say was done, is being done and will be done, and what only looks like it."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.action_cues import find_cues
from ingest.action_figures import find_figures
from ingest.actions import read_actions
from ingest.clean import clean_text
from ingest.sections import split_sections
from kb.documents import Kind, Section, SectionKind
from kb.records import Action, Claim

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "documents"

LETTER = """Ms Ash Vale
Area Coroner for Borsetshire

4 June 2099

Dear Ms Vale,

Thank you for your report dated 2 April 2099, which we have reviewed. You raised these concerns:

1. The gate was open and no guard was appointed to it in February 2099.
2. The guard will be replaced, it was said.

The gate

We are sorry. The Head of Estates will replace the lock by 30 June 2099 at a cost of £4,500. As of \
the 9 May 2099, the gate was shut on 40% of nights and by August 2099 it is expected to be shut on \
95% of nights. There are currently 17 people waiting for a key. The current wait is 3 weeks or less.

Nine additional guards have been recruited and, after a trial, the new rota will commence from

[REDACTED]

6 July 2099.

The following actions have been taken:

- A spare key at the ward desk
- Monthly spot checks (Lead: Deputy Director of Nursing)

We will:

• Review the guard rota by September 2099
• Ask the union for its view

Yours sincerely

Chief Executive
Borsetshire Partnership NHS Trust
"""


def actions(text: str) -> tuple[Action, ...]:
    return read_actions(text, split_sections(text, Kind.RESPONSE))


def answered(body: str) -> tuple[str, tuple[Action, ...]]:
    return body, read_actions(body, [Section(SectionKind.ANSWER, "", 0, len(body))])


def words(text: str, action: Action) -> str:
    return " ".join(text[action.start : action.end].split())


def value(claim: Claim | None) -> str | None:
    return claim.value if claim else None


def told(action: Action) -> tuple[str | None, str | None, str | None, str | None, list[str]]:
    figures = [figure.value for figure in action.figures]
    status, owner = value(action.status), value(action.owner)
    return status, owner, value(action.due), value(action.completed or action.as_of), figures


def test_a_letter_gives_its_actions_and_measures_in_order() -> None:
    found = [(words(LETTER, action)[:34], told(action)) for action in actions(LETTER)]
    assert found == [
        (
            "The Head of Estates will replace t",
            ("planned", "Head of Estates", "2099-06-30", None, ["£4,500"]),
        ),
        ("As of the 9 May 2099, the gate was", (None, None, None, "2099-05-09", ["40%"])),
        ("by August 2099 it is expected to b", ("planned", None, "2099-08", None, ["95%"])),
        ("There are currently 17 people wait", (None, None, None, None, ["17 people waiting"])),
        ("The current wait is 3 weeks or les", (None, None, None, None, ["3 weeks or less"])),
        (
            "Nine additional guards have been r",
            ("done", None, None, None, []),
        ),
        ("after a trial, the new rota will c", ("planned", None, "2099-07-06", None, [])),
        ("A spare key at the ward desk", ("done", None, None, None, [])),
        (
            "Monthly spot checks (Lead: Deputy ",
            ("done", "Deputy Director of Nursing", None, None, []),
        ),
        ("Review the guard rota by September", ("planned", None, "2099-09", None, [])),
        ("Ask the union for its view", ("planned", None, None, None, [])),
    ]


def test_the_opening_and_the_restated_concerns_state_no_action() -> None:
    first = actions(LETTER)[0]
    assert LETTER[: first.start].rstrip().endswith("We are sorry.")


@pytest.mark.parametrize(
    ("sentence", "status", "why"),
    [
        ("We have reviewed the policy.", "done", "perfect"),
        ("The policy was revised in May 2099.", "done", "plain past, passive"),
        ("The Trust introduced a new gate policy.", "done", "plain past, active"),
        ("A new protocol is now in place.", "done", "a state reached"),
        ("All areas have received funding to begin.", "done", "funding is an act of somebody"),
        ("A consultation has just closed.", "done", "an end"),
        ("We are working with our partners on it.", "under_way", "present"),
        ("A new alarm is being installed.", "under_way", "present passive"),
        ("The Trust will continue to recruit nurses.", "under_way", "it goes on already"),
        ("Staff have, and continue to be recruited.", "under_way", "both"),
        ("The review is ongoing.", "under_way", "by its word"),
        ("The ward will be moved next year.", "planned", "future"),
        ("We intend to audit the records.", "planned", "intention"),
        ("Training is due to start soon.", "planned", "due to"),
        ("We will reduce the wait.", "planned", "an effect that somebody promises"),
        ("We are considering whether a guard is needed.", "considered", "thinking"),
        ("The Department will consider the guidance.", "considered", "a promise to think"),
        ("Options are being explored.", "considered", "exploring"),
    ],
)
def test_status_follows_the_verb(sentence: str, status: str, why: str) -> None:
    (action,) = answered(sentence)[1]
    assert value(action.status) == status, why


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Mr Oak was reviewed by the crisis team on 3 March 2099.", "the story of the death"),
        ("She was referred to us in May 2099.", "the story of the death"),
        ("We would like to express our condolences.", "courtesy"),
        ("I hope that this letter has addressed your concerns.", "courtesy"),
        ("The manager has provided evidence to the inquest.", "the course of the inquest"),
        ("We do not propose to take action on the fence.", "a refusal"),
        ("The policy has not been updated.", "not done"),
        ("The models will give people greater choice.", "an effect"),
        ("They will also improve access to support.", "an effect"),
        ("If a patient is being transferred, a nurse is told.", "a case that may come"),
        ("The wait is short when the service is operating fully.", "a case that may come"),
        ("The 8-week programme is held on Mondays.", "a figure that measures no state"),
        ("Care coordination is an important function.", "an opinion"),
        ("Each patient should be seen within five days.", "a standard"),
    ],
)
def test_what_only_looks_like_an_action_is_none(sentence: str, why: str) -> None:
    assert answered(sentence)[1] == (), why


@pytest.mark.parametrize(
    ("sentence", "owner"),
    [
        ("The Director of Nursing will review the policy.", "Director of Nursing"),
        ("Our ward manager has trained the nurses.", "ward manager"),
        ("The policy has been updated by the Estates team.", "Estates team"),
        ("We will audit the notes (Lead: Head of Quality).", "Head of Quality"),
        ("The Patient Safety Committee is reviewing it.", "Patient Safety Committee"),
        ("We have reviewed the policy.", None),
        ("The Trust will review the policy.", None),
        ("NHS England is developing a standard.", None),
        ("Seven staff have been recruited.", None),
        ("The policy for the ward manager was revised.", None),
    ],
)
def test_an_owner_is_a_role_or_a_team_that_is_named(sentence: str, owner: str | None) -> None:
    (action,) = answered(sentence)[1]
    assert value(action.owner) == owner


@pytest.mark.parametrize(
    ("sentence", "due", "completed", "why"),
    [
        ("We will train them by 30 June 2099.", "2099-06-30", None, "a whole date"),
        ("We will train them by the end of June 2099.", "2099-06", None, "a month"),
        ("We will train them during 2099.", "2099", None, "a bare year"),
        ("By the end of 2098/99, all areas will have a guard.", "2098/99", None, "financial year"),
        ("In 2098/99 £3million was invested in gates.", None, "2098/99", "financial year"),
        ("We reviewed it in May 2099.", None, "2099-05", "done then"),
        ("Since May 2099 we are recruiting nurses.", None, None, "a start is no end"),
        ("Following the inquest on 2 April 2099 we have reviewed it.", None, None, "background"),
        ("We will review it next month.", None, None, "no date"),
        ("We have updated the Act 2098 guidance.", None, None, "a year that is no when"),
        ("We have reviewed all 2099 records.", None, None, "a count that looks like a year"),
    ],
)
def test_a_date_is_due_or_done_as_the_verb_says(
    sentence: str, due: str | None, completed: str | None, why: str
) -> None:
    (action,) = answered(sentence)[1]
    assert (value(action.due), value(action.completed or action.as_of)) == (due, completed), why


def test_two_statements_in_one_sentence_are_two_actions() -> None:
    text, found = answered("A new alarm is being installed and will be tested in July 2099.")
    assert [(words(text, each), told(each)[0], told(each)[2]) for each in found] == [
        ("A new alarm is being installed", "under_way", None),
        ("will be tested in July 2099.", "planned", "2099-07"),
    ]


def test_two_nouns_in_one_statement_are_one_action() -> None:
    text, (action,) = answered("Staff and managers and guards will be trained and tested in 2099.")
    assert words(text, action) == text


def test_a_sentence_goes_on_over_a_page_break() -> None:
    text, (action,) = answered(
        "All of the people who came in the night and who were found to be requiring a Gate\n\n"
        "[REDACTED]\n\nPass have been provided with one by the end of May 2099.\n\nOther words."
    )
    assert words(text, action).startswith("All of the people") and value(
        action.completed or action.as_of
    )


def test_a_table_in_a_letter_is_read_by_its_header_and_once() -> None:
    head = "Action\tLead\tTarget date\tStatus\n"
    text, found = answered(
        "We have made this plan.\n\n"
        f"{head}Teach the guard\tTraining Manager\t01/05/2099\tComplete\n"
        f"{head}Audit it monthly\tWard Manager\tOctober 2099\tIn progress\n\nIt is a plan."
    )
    assert [(words(text, each), *told(each)[:3]) for each in found[1:]] == [
        ("Teach the guard", "done", "Training Manager", "2099-05-01"),
        ("Audit it monthly", "under_way", "Ward Manager", "2099-10"),
    ]


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("a further £50million and £4,500", ["£50million", "£4,500"]),
        ("from 35% to 40 per cent", ["35%", "40 per cent"]),
        ("28 people waiting for it", ["28 people waiting"]),
        ("at least 370,000 adults per year", ["370,000 adults per year"]),
        ("Seven additional staff came", ["Seven additional staff"]),
        ("6 weeks or less", ["6 weeks or less"]),
        ("between 2 and 4 weeks", ["between 2 and 4 weeks"]),
        ("an 8-week programme", ["8-week"]),
        ("on 28 March 2099 and in 2098/99", []),
        ("call 0123 456 7890 or see page 4", []),
        ("section 117 of the Act", []),
    ],
)
def test_a_figure_comes_with_what_it_counts(words: str, figures: list[str]) -> None:
    assert [figure for _, _, figure in find_figures(words)] == figures


def test_cues_do_not_overlap() -> None:
    cues = find_cues("We have reviewed it, are working on it and will continue to review it.")
    assert [str(cue.status) for cue in cues] == ["done", "under_way", "under_way"]
    assert all(one.end <= two.start for one, two in pairwise(cues))


_SCRAPS = st.sampled_from(
    [
        *"We have reviewed it|will be trained|and|, |. |- |1. |:|by 30 June 2099|£5|40%".split("|"),
        *"currently|The Head of Gates|[REDACTED]|Mend it\tKeeper\t2099\n|co-|¹|\n|\n\n".split("|"),
        "Action\tLead\tBy when\n",
    ]
)


@given(st.lists(_SCRAPS, max_size=40).map(" ".join))
def test_whatever_the_letter_every_claim_lies_in_the_text(text: str) -> None:
    _, found = answered(text)
    for action in found:
        assert 0 <= action.start < action.end <= len(text)
        for claim in (action.status, action.owner, action.due, action.completed, *action.figures):
            assert claim is None or (claim.value and 0 <= claim.start < claim.end <= len(text))


def test_a_letter_without_answers_has_no_actions() -> None:
    text = "We have reviewed the policy."
    assert read_actions(text, [Section(SectionKind.PREAMBLE, "", 0, len(text))]) == ()
    assert read_actions("", ()) == ()


def test_a_stretch_without_a_stop_is_no_sentence() -> None:
    assert answered("we have reviewed it and " * 4000)[1] == ()


def real(name: str) -> tuple[str, tuple[Action, ...]]:
    (path,) = DOCUMENTS.glob(f"{name}*.txt")
    text = clean_text(path.read_text(encoding="utf-8"))
    return text, actions(text)


@pytest.mark.real_data
def test_the_national_response_names_no_owner_with_a_date() -> None:
    _, found = real("000")
    assert not [action for action in found if action.owner and (action.due or action.completed)]
    dated = [
        (figure.value, value(action.due), value(action.completed or action.as_of))
        for action in found
        for figure in action.figures
    ]
    assert dated == [
        ("£30million", None, "2020/21"),
        ("£50million", "2021/22", None),
        ("370,000 adults per year", "2023/24", None),
        ("4 week", None, None),
    ]


@pytest.mark.real_data
def test_the_trusts_response_gives_its_six_dated_measures() -> None:
    text, found = real("001")
    dated = [
        (status, due, completed, figures)
        for status, _, due, completed, figures in map(told, found)
        if due or completed
    ]
    assert dated == [
        ("done", None, "2021-12", []),
        ("planned", "2022-06-06", None, []),
        (None, None, "2022-03-28", ["35%"]),
        ("done", None, "2022-05-16", ["40%"]),
        ("planned", "2022-07", None, ["60%"]),
        ("planned", "2022-06", None, ["seven staff recruited"]),
    ]
    waiting = [figure.value for action in found for figure in action.figures]
    assert {"6 weeks or less", "28 people waiting", "Seven additional staff"} <= set(waiting)
    assert not any(action.owner for action in found)
    (step,) = [action for action in found if value(action.completed) == "2021-12"]
    assert "STEP" in text[step.start : step.end]


def test_how_things_stood_on_a_day_is_no_completion() -> None:
    letter = (
        "The team\n\nAs of 16 May 2099, operating capacity stood at 40%. "
        "The rota was changed in April 2099.\n"
    )
    sections = (Section(SectionKind.ANSWER, "The team", 0, len(letter)),)
    stood, changed = read_actions(letter, sections)
    assert (value(stood.as_of), stood.completed, stood.status) == ("2099-05-16", None, None)
    assert (changed.as_of, value(changed.completed)) == (None, "2099-04")
