"""Tables as files: safe in a spreadsheet, the same in each form, and telling what they are."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.documents import Document, Kind, SectionKind
from kb.errors import NotHeld
from kb.library import CONTENT_NOTE, INDEPENDENCE
from kb.records import Action, Claim, Recommendation, Table
from kb.settings import Home
from kb.store import Store
from kb.store.caveats import BY_SOFTWARE, HELD, NO_RESPONSE, NO_SAMPLE
from kb.store.clusters import held
from tests.library_for_tests import EVERY, TRUST, Say, app_over, document, write_library
from tests.sheets_read import KNOWN, MAIN, about, asks, members, sheets, table
from webui.csvs import STARTERS, Cell, csv_answer
from webui.office_text import possible
from webui.sheets import table_answer, workbook

AT = datetime(2099, 3, 3, 12, 0)
STANDING = {HELD, NO_SAMPLE, BY_SOFTWARE, NO_RESPONSE, CONTENT_NOTE, INDEPENDENCE}
FORMULAS = ("=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x","y")')


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def made(*rows: tuple[Cell, ...]) -> bytes:
    """Return a workbook of some rows."""
    return workbook("t", about=[("Search", "=cmd")], rows=rows, at=AT)


def plain(text: str) -> str:
    """Return text as XML holds it: without what it cannot, one kind of line end."""
    return possible(text).replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60) | st.sampled_from(FORMULAS), min_size=1, max_size=8))
def test_no_text_whatever_becomes_a_formula_a_link_or_a_number(texts: list[str]) -> None:
    data = made(("heading",), *((text,) for text in texts))
    for name, xml in members(data).items():
        if name.startswith("xl/worksheets/"):
            assert not re.search(r"<(\w+:)?(f|hyperlink)[ >]", xml), name
    cells = [cell for row in sheets(data)["Table"].xml.iter(f"{MAIN}row") for cell in row][1:]
    assert all(cell.get("t") == "inlineStr" for cell in cells)
    shown = [row[0] for row in table(data)[1:]]
    assert [plain(str(text)) for text in shown] == [plain(text) for text in texts if text]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40) | st.sampled_from(FORMULAS))
def test_no_cell_of_a_csv_file_begins_like_a_formula(text: str) -> None:
    data = csv_answer("x.csv", about=[("a", text)], rows=[(text,)]).data.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data, newline="")):
        assert not any(cell.lstrip().startswith(STARTERS) for cell in row)


def test_text_that_begins_like_a_formula_stays_text_when_a_person_edits_it() -> None:
    xml = members(made(("heading",), ("=1+1",), ("plain",)))
    assert 'quotePrefix="1"' in xml["xl/styles.xml"]
    first, second = list(sheets(made(("h",), ("=1+1",), ("plain",)))["Table"].xml.iter(f"{MAIN}c"))[
        1:
    ]
    assert first.get("s") != second.get("s")


def test_numbers_are_numbers_and_nothing_is_nothing() -> None:
    data = made(("a", "b", "c", "d"), (5516, 12.5, None, "7"))
    assert table(data)[1] == [5516.0, 12.5, None, "7"]


def test_the_heading_stays_in_sight_and_every_column_can_be_filtered() -> None:
    sheet = sheets(made(("a", "b"), (1, "x" * 500), (2, "y")))["Table"]
    pane = sheet.xml.find(f".//{MAIN}pane")
    assert pane is not None and pane.attrib["state"] == "frozen" and pane.attrib["ySplit"] == "1"
    chosen = sheet.xml.find(f"{MAIN}autoFilter")
    assert chosen is not None and chosen.attrib["ref"] == "A1:B3"
    widths = [float(col.attrib["width"]) for col in sheet.xml.iter(f"{MAIN}col")]
    assert 9 <= widths[0] < 12 and 55 < widths[1] < 65


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    text = str(table(made(("a",), ("x" * 40_000,)))[1][0])
    assert len(text) <= 32_767 and text.endswith("(cut here: a cell holds no more)")


@pytest.mark.parametrize("rows", [[], [()], [("a", "b")], [("a",), (1, "beyond the heading")]])
def test_a_table_of_little_or_nothing_is_a_file(rows: list[tuple[Cell, ...]]) -> None:
    assert about(made(*rows)) == [("Search", "=cmd")]


def test_equal_tables_are_equal_bytes_without_anybodys_name() -> None:
    rows = [("a", "b"), *((number, f"row {number}") for number in range(300))]
    assert made(*rows) == made(*rows)
    core = members(made(*rows))["docProps/core.xml"]
    assert "2099-03-03T12:00:00Z" in core
    assert set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>(.*?)<", core)) == {"pfd-kb"}


def test_a_file_bears_the_date_of_the_librarys_last_change(client: FlaskClient) -> None:
    first, second = (client.get("/themes.xlsx").data for _ in range(2))
    assert first == second
    made_on = re.search(r"<dcterms:created[^>]*>([^<]*)", members(first)["docProps/core.xml"])
    assert made_on and made_on[1][:10] in dict(about(first))["Library"]


def test_another_form_is_refused_in_words(home: Home) -> None:
    with app_over(home).test_request_context(), pytest.raises(NotHeld, match="csv and xlsx"):
        table_answer("ods", "x", about=[], rows=[])


def offered(client: FlaskClient, home: Home) -> list[str]:
    """Return the address of every table that the pages offer as a file, as XLSX."""
    with Store.reading(home) as store:
        cluster = held(store.db)[0].id
    known = {**KNOWN, "cluster_id": cluster}
    found = []
    for rule in client.application.url_map.iter_rules():
        if "any(csv,xlsx)" in rule.rule and not rule.rule.startswith("/documents/"):
            path = rule.rule.replace("<any(csv,xlsx):extension>", "xlsx")
            path = re.sub(r"<([\w:]+)>", lambda match: quote(known[match[1]]), path)
            found.append(path + asks(path))
    return found


def test_every_table_offered_tells_what_was_asked_when_of_what_how_and_with_which_caveats(
    client: FlaskClient, home: Home
) -> None:
    paths = offered(client, home)
    assert len(paths) >= 6
    today = datetime.now(UTC).date().isoformat()
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        lines = about(answer.data)
        facts = dict(lines)
        assert lines[0][0] not in ("Made on", "Library", "Method", "Caveat"), path
        assert facts["Made on"] == today, path
        assert "generation" in facts["Library"] and facts["Method"], path
        assert {value for _, value in lines} >= STANDING, path
        assert len(table(answer.data)) > (path != "/library/doubts.xlsx"), path  # none in doubt


def test_both_forms_hold_the_same(client: FlaskClient, home: Home) -> None:
    for path in offered(client, home):
        book = client.get(path).data
        text = client.get(path.replace(".xlsx", ".csv")).data.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline="")))
        split = lines.index([])
        assert [tuple(line) for line in lines[:split]] == about(book), path
        assert [seen(row) for row in lines[split + 1 :]] == [seen(row) for row in table(book)], path


def seen(row: list[str] | list[str | float | None]) -> list[str]:
    """Return a row as words: 4.0 is 4, and what is empty at its end is not there."""
    words = [
        "" if cell is None else f"{cell:g}" if isinstance(cell, float) else cell for cell in row
    ]
    cells = [re.sub(r"(?<=\d)\.0$", "", word) for word in words]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def test_the_numbers_of_the_themes_are_those_of_their_page(client: FlaskClient) -> None:
    head, of, *rows = table(client.get("/themes.xlsx").data)
    assert of[1] == "documents held with text" and of[-1] == 16
    counts = {row[0]: row for row in rows}
    page = client.get("/themes").text
    for key, number in re.findall(r'kind=report&amp;theme=(\w+)">([\d,]+) report', page):
        assert counts[key][head.index("PFD report")] == int(number.replace(",", ""))
    assert counts["training"][head.index("PFD report")] == 12


def test_the_figures_of_a_theme_are_those_of_its_page(client: FlaskClient) -> None:
    rows = table(client.get("/themes/training/figures.xlsx").data)[1:]
    sent = {row[1]: row[2:] for row in rows if row[0] == "organisation the report was sent to"}
    page = client.get("/themes/training").text
    assert sent[TRUST] == [12, 14]
    assert re.search(rf">12<span class=\"hidden\"> for {TRUST}.*?>14</td>", page)
    years = [row[1] for row in rows if row[0] == "year of the report"]
    assert years == [float(year) for year in range(2080, 2092)]


def plan() -> Document:
    """Return a plan with an action, a recommendation of which none was read, and a table."""
    said = "Check the rota =weekly by June 2099, a ward manager says."
    made = document(
        "plan",
        kind=Kind.ACTION_PLAN,
        title="Plan of the ward",
        parts=[(SectionKind.RECOMMENDATIONS, "Plan", [Say(said)])],
    )
    start = made.text.index(said)
    place = {"start": start, "end": start + len(said)}
    owner = Claim("=ward manager", start, start + 5)
    return replace(
        made,
        actions=(Action(**place, owner=owner),),
        recommendations=(
            Recommendation(
                **place, number="2", separated=False, wording=None, update=None, actions=()
            ),
        ),
        tables=(
            Table(
                **place, number="7", caption="Waits", header=("Month", "=n"), rows=(("May", "4"),)
            ),
        ),
    )


def test_what_a_document_states_is_offered_as_files(home: Home) -> None:
    write_library(home, *EVERY, plan())
    client = app_over(home).test_client()
    page = client.get("/documents/plan").text
    for path in ("/documents/plan/actions", "/documents/plan/tables/1"):
        for extension in ("csv", "xlsx"):
            assert f'href="{path}.{extension}"' in page
    data = client.get("/documents/plan/actions.xlsx").data
    head, action, recommendation = table(data)
    assert action[head.index("responsible")] == "=ward manager"
    assert action[head.index("passage")] == 1
    assert recommendation[0] == "2" and recommendation[2] == "Its columns could not be told apart"
    assert dict(about(data))["Document"] == "Plan of the ward" and len(about(data)) > 10
    assert table(client.get("/documents/plan/tables/1.xlsx").data) == [
        ["Month", "=n"],
        ["May", "4"],
    ]
    assert "'=n" in client.get("/documents/plan/tables/1.csv").text
    for path in ("/documents/plan/tables/2.csv", "/documents/nothing/actions.csv"):
        assert client.get(path).status_code == 404


def test_no_file_names_who_died(client: FlaskClient, home: Home) -> None:
    for path in offered(client, home):
        assert "Inventedname" not in "".join(members(client.get(path).data).values()), path
