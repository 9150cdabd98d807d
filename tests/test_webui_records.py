"""What a document states, on its page: actions, recommendations, tables, doubts, versions."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient

from kb.documents import Document, Doubt, Kind, SectionKind
from kb.records import Action, Claim, Recommendation, Table
from kb.settings import Home
from kb.store import Store, documents, records
from tests.library_for_tests import DECEASED, DETAILS_ONLY, FULL, Say, app_over, document, key_of
from webui.records import late_words

NURSE = "A second nurse was employed in May 2099 & works at night <b>always</b>."
PLANNED = "A buddy system is planned for both wards."
ROTA = "The rota must be mended by the ward manager by 1 June 2099."
KEPT = "4. Handover Ward who manager is by told June whom"
LETTER = document(
    "letter",
    kind=Kind.RESPONSE,
    title="Letter of the ward",
    date="2099-04-20",
    ref="2099-0001",
    facts={"report_date": "2099-03-03"},
    parts=[(SectionKind.ANSWER, "Answer", [Say(NURSE), Say(PLANNED)])],
)
PLAN = document(
    "plan",
    kind=Kind.ACTION_PLAN,
    title="Plan of the ward",
    parts=[(SectionKind.RECOMMENDATIONS, "Plan", [Say(ROTA), Say(KEPT)])],
)


def claim(document: Document, words: str, value: str | None = None) -> Claim:
    """Return a claim read from words of a document."""
    start = document.text.index(words)
    return Claim(value or words, start, start + len(words))


def action(document: Document, words: str, **values: object) -> Action:
    """Return an action whose words stand in a document."""
    place = claim(document, words)
    return Action(start=place.start, end=place.end, **values)  # type: ignore[arg-type]


def seen(home: Home, *held: Document) -> FlaskClient:
    """Hold documents and return a browser before them."""
    with Store.writing(home, purpose="test") as store:
        for one in held:
            with store.db.atomic():
                documents.write_document(store.db, one, organisation_key=str.lower)
    return app_over(home).test_client()


def part(html: str, name: str) -> str:
    """Return one of the parts that follow the text; "" where it is not there."""
    found = re.search(rf'<section aria-labelledby="about-{name}">(.*?)</section>', html, re.DOTALL)
    return found[1] if found else ""


def cells(html: str) -> list[list[str]]:
    """Return the words of each row of each table."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    found = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[words(cell) for cell in row] for row in found]


def words(html: str) -> str:
    """Return what a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_an_action_shows_its_words_and_what_it_does_not_state(home: Home) -> None:
    done = action(
        LETTER,
        NURSE,
        status=claim(LETTER, "was employed", "done"),
        completed=claim(LETTER, "May 2099", "2099-05"),
        figures=(claim(LETTER, "A second nurse", "second nurse"),),
    )
    planned = action(LETTER, PLANNED, status=claim(LETTER, "planned"))
    html = seen(home, replace(LETTER, actions=(done, planned))).get("/documents/letter").text
    shown = part(html, "actions")
    assert "What it says was done" in shown and "2 actions stated in this document" in shown
    assert cells(shown)[1:] == [
        [f"Action {n} in passage ¶{n}", said, status, *rest]
        for n, said, status, *rest in (
            (1, NURSE, "Done", "not stated", "not stated", "May 2099", "second nurse"),
            (2, PLANNED, "Planned", "not stated", "not stated", "not stated", "not stated"),
        )
    ]
    assert "<b>" not in shown and "&amp; works" in shown
    assert f'href="#p-{key_of(LETTER, PLANNED)}"' in shown


def plan_rows() -> Recommendation:
    """Return a recommendation with an action that was late and one that says nothing."""
    late = action(
        PLAN,
        "mended",
        owner=claim(PLAN, "ward manager"),
        due=claim(PLAN, "1 June 2099", "2099-06-01"),
        completed=claim(PLAN, "1 June 2099", "2099-06-12"),
        late_days=11,
    )
    bare = action(PLAN, "must be mended")
    whole = claim(PLAN, ROTA)
    return Recommendation(
        number="3",
        start=whole.start,
        end=whole.end,
        wording=claim(PLAN, "The rota"),
        update=None,
        actions=(late, bare),
    )


def test_recommendations_stand_beside_their_actions(home: Home) -> None:
    held = replace(PLAN, recommendations=(plan_rows(),))
    shown = part(seen(home, held).get("/documents/plan").text, "recommendations")
    assert 'rowspan="2"' in shown
    (first, second) = cells(shown)[1:]
    assert first[0].endswith("3 The rota")
    assert first[1:] == [
        *("mended", "not stated", "ward manager", "1 June 2099", "12 June 2099", "11 days late")
    ]
    assert second == ["must be mended", *["not stated"] * 4, "not known"]
    assert 'Late <span class="computed">computed</span>' in shown


def test_a_recommendation_not_separated_keeps_its_text_and_makes_up_no_action(home: Home) -> None:
    place = claim(PLAN, KEPT)
    kept = Recommendation(
        number="4",
        start=place.start,
        end=place.end,
        wording=None,
        update=None,
        actions=(),
        separated=False,
    )
    html = seen(home, replace(PLAN, recommendations=(kept,))).get("/documents/plan").text
    shown = part(html, "recommendations")
    assert "The columns of this row could not be told apart; its text is kept whole." in words(
        shown
    )
    assert f'href="#p-{key_of(PLAN, KEPT)}"' in shown
    assert "not stated" not in shown and KEPT not in shown


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (11, "11 days late"),
        (1, "1 day late"),
        (0, "on the day"),
        (-2, "2 days early"),
        (None, None),
    ],
)
def test_lateness_is_told_in_days(days: int | None, expected: str | None) -> None:
    assert late_words(days) == expected


def test_a_table_has_caption_header_and_rows_of_one_width(home: Home) -> None:
    table = Table(
        number="7",
        caption="Posts <i>filled</i>",
        header=("", "Posts", "Note"),
        rows=(("Ward", "1,204", "two & more"), ("Hub", "–")),
        start=claim(PLAN, ROTA).start,
        end=claim(PLAN, ROTA).end,
    )
    held = replace(PLAN, kind=Kind.ANNUAL_REPORT, tables=(table,))
    shown = part(seen(home, held).get("/documents/plan").text, "tables")
    assert 'id="table-1">Table 7: Posts &lt;i&gt;filled&lt;/i&gt;</caption>' in shown
    assert cells(shown) == [
        ["", "Posts", "Note"],
        ["Ward", "1,204", "two & more"],
        ["Hub", "–", ""],
    ]
    assert '<th scope="col" class="num">Posts</th>' in shown
    assert '<td class="num">1,204</td>' in shown and "<th></th>" not in shown
    assert f'href="#p-{key_of(PLAN, ROTA)}"' in shown


def test_many_tables_stay_closed_and_few_stand_open(home: Home) -> None:
    table = Table(number=None, caption=None, header=(), rows=(("a", "b"),), start=0, end=1)
    few, many = (replace(PLAN, docno=f"{n}", tables=(table,) * n) for n in (3, 4))
    client = seen(home, few, many)
    assert client.get("/documents/3").text.count('<details class="table" open>') == 3
    shown = client.get("/documents/4").text
    assert shown.count('<details class="table">') == 4
    assert "A table without a caption" in shown and "<thead>" not in shown


def test_a_doubt_shows_field_words_and_reason_but_no_name(home: Home) -> None:
    doubts = (
        Doubt("coroner_area", f"Moor <or> Dale, {DECEASED}", "Two areas are named."),
        Doubt("concerns", "The opening tells much.", "No concern could be found."),
    )
    html = seen(home, replace(FULL, doubts=doubts)).get("/documents/full-report").text
    shown = part(html, "doubts")
    assert cells(shown)[1] == [
        "Coroner area",
        "Moor <or> Dale, [name withheld]",
        "Two areas are named.",
    ]
    assert DECEASED not in html
    assert re.search(r"<details><summary>[^/]*</span></summary>The opening tells much\.", shown)


def test_documents_nearly_the_same_are_linked_with_their_share(home: Home) -> None:
    client = seen(home, FULL, replace(FULL, docno="twin", title="The <twin>"))
    with Store.writing(home, purpose="test") as store:
        records.replace_likenesses(store.db, [("full-report", "twin", 0.874)])
    shown = part(client.get("/documents/full-report").text, "alike")
    assert '<a href="/documents/twin">The &lt;twin&gt;</a>' in shown and ">87%</td>" in shown
    assert "computed" in shown
    assert "/documents/full-report" in part(client.get("/documents/twin").text, "alike")


def test_an_earlier_version_is_listed_and_shown_plainly(home: Home) -> None:
    later = document(
        "letter", kind=Kind.RESPONSE, parts=[(SectionKind.ANSWER, "Answer", [Say("Mended.")])]
    )
    client = seen(home, LETTER, later)
    shown = part(client.get("/documents/letter").text, "versions")
    assert 'href="/documents/letter/versions/1"' in shown and "from letter.txt" in shown
    answer = client.get("/documents/letter/versions/1")
    assert answer.status_code == 200
    assert NURSE in unescape(answer.text) and "<b>" not in answer.text
    assert "no longer searched" in answer.text and "<mark>" not in answer.text


@pytest.mark.parametrize(
    "path", ["letter/versions/1", "letter/versions/99", "letter/versions/x", "none/versions/1"]
)
def test_a_version_that_is_not_held_is_a_page_that_helps(home: Home, path: str) -> None:
    answer = seen(home, LETTER).get(f"/documents/{path}")
    assert answer.status_code == 404 and "begin at the start page" in answer.text


def test_a_correction_tells_what_who_why_and_when(home: Home) -> None:
    client = seen(home, LETTER)
    with Store.writing(home, purpose="test") as store, store.db.atomic():
        records.write_correction(
            store.db,
            records.Correction(
                docno="letter",
                field="date",
                value="2099-04-21",
                who="R. Editor",
                why="The <signed> page says so.",
                at="2099-05-01T09:00:00+00:00",
            ),
        )
    shown = part(client.get("/documents/letter").text, "corrections")
    assert cells(shown)[1] == [
        *("Date", "21 April 2099", "The <signed> page says so.", "R. Editor", "1 May 2099")
    ]
    assert "<signed>" not in shown


@pytest.mark.parametrize(
    ("held", "label", "expected"),
    [
        (
            LETTER,
            "Days taken",
            "48 days after the report's date; 56 are usual, the coroner may extend computed",
        ),
        (
            replace(LETTER, facts={"received_date": "2099-04-19"}),
            "Days taken",
            "1 day after the report was received; 56 are usual, the coroner may extend computed",
        ),
        (
            replace(LETTER, facts={"report_date": "2099-04-22"}),
            "Days taken",
            "The response is dated 2 days before the report computed",
        ),
        (replace(LETTER, date="2099-04"), "Days taken", None),
        (
            FULL,
            "Response due",
            "28 April 2099: 56 days after the report; the coroner may extend computed",
        ),
        (replace(FULL, date="2099"), "Response due", None),
        (replace(FULL, facts={"response_due": "2099-05-01"}), "Response due", None),
        (
            replace(FULL, facts={"response_due": "2099-05-01"}),
            "Response due, as stated",
            "1 May 2099",
        ),
    ],
)
def test_the_summary_marks_what_is_computed(
    home: Home, held: Document, label: str, expected: str | None
) -> None:
    html = seen(home, held).get(f"/documents/{held.docno}").text
    found = re.search(rf"<dt[^>]*>{label}</dt>(.*?)</div>", html, re.DOTALL)
    assert (words(found[1]) if found else None) == expected
    assert "overdue" not in html.lower()


def test_a_report_and_its_response_lead_to_each_other(home: Home) -> None:
    client = seen(home, FULL, LETTER)
    report, letter = (words(client.get(f"/documents/{n}").text) for n in ("full-report", "letter"))
    assert "Answered by Letter of the ward , 20 April 2099: linked by the ref computed" in report
    assert "Answers Nobody held the plan , 3 March 2099: linked by the ref computed" in letter
    assert '<a href="/documents/full-report">' in client.get("/documents/letter").text


def test_a_response_without_its_report_says_nothing_of_one(home: Home) -> None:
    html = seen(home, LETTER, DETAILS_ONLY).get("/documents/letter").text
    assert "<dt>Answers" not in html and ">Answers<" not in html


def test_the_parts_of_what_is_stated_stand_in_the_contents_and_nothing_else_does(
    home: Home,
) -> None:
    held = replace(PLAN, recommendations=(plan_rows(),))
    client = seen(home, held, LETTER)
    html = client.get("/documents/plan").text
    assert re.findall(r'href="#about-(\w+)"', html) == ["recommendations"]
    assert re.findall(r'id="about-(\w+)"', html) == ["recommendations"]
    assert "about-" not in client.get("/documents/letter").text
