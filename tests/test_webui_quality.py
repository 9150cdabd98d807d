"""The data-quality pages, their files, and the count above the results of a search."""

import csv
import io
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kb.documents import Document, Doubt, Kind, SectionKind
from kb.errors import ModelUnavailable
from kb.records import Action, Recommendation, Table
from kb.settings import Home
from kb.store import Store, documents, ledger, records
from tests.library_for_tests import (
    DECEASED,
    DETAILS_ONLY,
    FULL,
    RESPONSE,
    Say,
    app_over,
    document,
)
from webui import create_app

RECIPIENTS = Doubt("recipients", f"=The family of {DECEASED} <b>", "No organisation could be read.")
OPENING = Doubt("concerns", "The opening tells of the death.", "No concern could be found.")
FAILED = "It holds pictures <b>only</b>. Read it with OCR first."
FEW = (
    replace(FULL, doubts=(RECIPIENTS, OPENING)),
    replace(DETAILS_ONLY, doubts=(RECIPIENTS,)),
    RESPONSE,
)


def hold(home: Home, *held: Document, failed: bool = False) -> Home:
    """Write documents, and perhaps a source that failed, into the library of a home."""
    with Store.writing(home, purpose="test") as store:
        for one in held:
            with store.db.atomic():
                documents.write_document(store.db, one, organisation_key=str.lower)
        if failed:
            entry = ledger.Entry(
                key="scan.pdf",
                source="scan.pdf",
                docno=None,
                sha256=None,
                recipe="test",
                state="failed",
                reason="needs_ocr",
                detail=FAILED,
            )
            with store.db.atomic():
                ledger.record(store.db, entry)
    return home


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before a small library with doubts and a failure."""
    return app_over(hold(home, *FEW, failed=True)).test_client()


def rows(html: str, caption: str) -> dict[str, list[str]]:
    """Return the rows of the table of a caption by their first cell."""
    table = re.search(rf"{caption}</span></caption>(.*?)</table>", html, re.DOTALL)
    assert table
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL):
        head, *rest = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        found[plain(head)] = [plain(cell) for cell in rest]
    return found


def plain(html: str) -> str:
    """Return words without their marks."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def lines(client: FlaskClient, path: str) -> list[list[str]]:
    """Return the lines of a CSV file after what it tells about itself."""
    answer = client.get(path)
    assert answer.mimetype == "text/csv"
    every = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    return every[every.index([]) + 1 :]


def test_fields_are_counted_beside_what_they_could_be(client: FlaskClient) -> None:
    html = client.get("/library/quality").text
    shown = rows(html, "of those that could have it")
    assert shown["Field"] == ["PFD report 2 documents", "Response 1 document"]
    assert shown["With text"] == ["1 of 2", "1 of 1"]
    assert shown["Ref"] == ["2 of 2", "0 of 1"]
    assert shown["Categories"] == ["1 of 2", "does not apply"]
    assert shown["Concerns"] == ["1 of 1", "0 of 1"]
    assert "Recommendations" not in shown
    assert '<td class="num">1 <span class="small">of 2</span></td>' in html


def test_doubts_are_counted_and_each_count_leads_to_its_list(client: FlaskClient) -> None:
    html = client.get("/library/quality").text
    assert rows(html, "Doubts by field and reason")["Recipients"] == [
        "No organisation could be read.",
        "2",
        "2",
    ]
    link = re.search(r'href="(/library/quality/doubts\?field=recipients[^"]*)"', html)
    assert link
    listed = client.get(link[1].replace("&amp;", "&")).text
    assert "2 doubts: No organisation could be read." in listed
    assert 'href="/documents/full-report#about-doubts">Nobody held the plan</a>' in listed
    assert 'href="/documents/details-only#about-doubts"' in listed
    assert "opening" not in listed


def test_failures_are_told_with_the_sentence_that_helps(client: FlaskClient) -> None:
    html = client.get("/library/quality").text
    assert rows(html, "Failures by reason")["Needs ocr"][1] == "1"
    assert "pictures &lt;b&gt;only&lt;/b&gt;. Read it with OCR first." in html


def test_the_words_of_a_doubt_are_escaped_and_name_nobody(client: FlaskClient) -> None:
    for path in ("/library/quality/doubts", "/library/doubts.csv"):
        assert DECEASED not in client.get(path).text
    html = client.get("/library/quality/doubts").text
    assert "=The family of [name withheld] &lt;b&gt;" in html
    opening = html[: html.index(OPENING.words)]
    assert opening.count("<details>") > opening.count("</details>")


def test_the_list_of_doubts_is_paged(home: Home) -> None:
    many = tuple(Doubt("date", f"{n}/20/2099", "No date could be read.") for n in range(51))
    client = app_over(hold(home, replace(FULL, doubts=many))).test_client()
    first = client.get("/library/quality/doubts?field=date").text
    second = client.get("/library/quality/doubts?field=date&page=2").text
    assert "Page 1 of 2" in first and "49/20/2099" in first and "50/20/2099" not in first
    assert "field=date&amp;page=2" in first
    assert "50/20/2099" in second and "49/20/2099" not in second
    assert "There is no page 3." in client.get("/library/quality/doubts?field=date&page=3").text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("field=weather", 200, "No such doubt is held."),
        ("field=%3Cscript%3E&reason=%00", 200, "No such doubt is held."),
        ("page=none", 400, "cannot be a page"),
        ("page=0", 400, "cannot be a page"),
    ],
)
def test_an_odd_question_about_doubts_is_answered_in_words(
    client: FlaskClient, query: str, status: int, words: str
) -> None:
    answer = client.get(f"/library/quality/doubts?{query}")
    assert answer.status_code == status
    assert words in answer.text and "<script" not in answer.text


def test_the_fields_are_a_file(client: FlaskClient) -> None:
    found = lines(client, "/library/quality.csv")
    assert found[0] == ["kind", "field", "filled", "of"]
    assert ["PFD report", "With text", "1", "2"] in found
    assert ["Response", "Date, whole", "1", "1"] in found
    assert ["Action plan", "Documents", "0", "0"] in found
    assert not [row for row in found if row[:2] == ["Response", "Categories"]]


def test_every_doubt_is_in_a_file_that_runs_nothing(client: FlaskClient) -> None:
    head, *found = lines(client, "/library/doubts.csv")
    assert head == ["document", "kind", "title", "field", "words", "reason"]
    assert [row[0] for row in found] == ["details-only", "full-report", "full-report"]
    assert found[1][3:] == [
        "Recipients",
        "'=The family of [name withheld] <b>",
        "No organisation could be read.",
    ]
    # The opening may tell of the death itself: it stays on the document's page.
    assert found[2][4] == "The opening of the text: open to read"


def test_a_library_without_doubts_or_failures_says_so(home: Home) -> None:
    html = app_over(hold(home, FULL)).test_client().get("/library/quality").text
    assert "Nothing is in doubt." in html and "Every source was read." in html


@pytest.mark.parametrize("path", ["/", "/library"])
def test_the_start_and_the_library_lead_to_data_quality(client: FlaskClient, path: str) -> None:
    assert 'href="/library/quality"' in client.get(path).text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=2096-0004", "1 document"),
        ("q=zebra", "1 passage in 1 document"),
        # One document is found by a passage, the other by its area alone.
        ("q=zebra+lighthouse", "2 passages in 1 document"),
        ("q=okapi", "1 passage in 1 document, and 1 document by details"),
        ("", "3 documents"),
    ],
)
def test_a_document_without_passages_is_not_counted_as_one(
    home: Home, query: str, expected: str
) -> None:
    zoo = document(
        "zoo",
        parts=[
            (
                SectionKind.CONCERNS,
                "CONCERNS",
                [Say("The zebra gate stood open."), Say("The lighthouse gate was lost.")],
            )
        ],
    )
    okapi = document(
        "okapi", parts=[(SectionKind.CONCERNS, "CONCERNS", [Say("The okapi gate fell.")])]
    )
    bare = replace(DETAILS_ONLY, coroner_area="Okapi")
    hold(home, zoo, okapi, bare)
    client = create_app(home, encoder=ModelUnavailable("No model.")).test_client()
    found = re.search(r'<h2 class="count">(.*?)</h2>', client.get(f"/search?{query}").text)
    assert found and found[1] == expected


RECORDS = document(
    "records",
    kind=Kind.RESPONSE,
    date="2099-04-20",
    ref="2099-0001",
    facts={"report_date": "2099-03-03"},
    parts=[(SectionKind.ANSWER, "Answer", [Say("The unbreakable-gate " * 30)])],
)
ACTION = Action(start=10, end=200, late_days=3)
FULL_OF_RECORDS = replace(
    RECORDS,
    actions=(ACTION, ACTION),
    recommendations=(
        Recommendation(number="1", start=10, end=90, wording=None, update=None, actions=(ACTION,)),
        Recommendation(
            number=None, start=10, end=90, wording=None, update=None, actions=(), separated=False
        ),
    ),
    tables=(
        Table(
            number="1",
            caption="Posts",
            header=("", "Posts", *["Long heading"] * 9),
            rows=(("Ward", "12", *["unbreakable"] * 9),),
            start=10,
            end=50,
        ),
    ),
    doubts=(RECIPIENTS, OPENING),
)


@pytest.fixture
def address(home: Home) -> Iterator[str]:
    """The address of a server over documents that state all there is to state."""
    from werkzeug.serving import make_server

    hold(home, RECORDS, replace(FULL_OF_RECORDS, parties=()), *FEW, failed=True)
    changed = replace(FULL_OF_RECORDS, text=FULL_OF_RECORDS.text + "\n")
    hold(home, changed)
    with Store.writing(home, purpose="test") as store, store.db.atomic():
        records.write_correction(
            store.db,
            records.Correction(docno="records", field="date", value="2099", who="E", why="W"),
        )
    with Store.writing(home, purpose="test") as store:
        records.replace_likenesses(store.db, [("records", "full-report", 0.8)])
    server = make_server("127.0.0.1", 0, app_over(home), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 400])
def test_the_pages_are_accessible_and_fit_their_window(address: str, width: int) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    paths = ("documents/records", "documents/records/versions/1", "library/quality",
             "library/quality/doubts", "library/quality/doubts?field=concerns")  # fmt: skip
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        for path in paths:
            page.goto(f"{address}/{path}")
            for details in page.locator("details").all():
                details.evaluate("element => element.open = true")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = axe.Axe().run(page).response["violations"]
            told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
            assert told == [], path
        browser.close()
    assert complaints == []
