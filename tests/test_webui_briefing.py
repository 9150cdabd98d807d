"""Briefings: a view as one page to print and as a Word document, quoted by a stated rule."""

import csv
import io
import re
from dataclasses import replace
from html import unescape

import docx
import pytest
from docx.document import Document as Word
from flask import request
from flask.testing import FlaskClient

from kb.documents import Document, Kind, Origin, Party, Role, SectionKind
from kb.library import CONTENT_NOTE, INDEPENDENCE
from kb.queries import Filters
from kb.records import Action, Claim
from kb.settings import Home
from kb.store import Store
from kb.store.briefing import candidates, documents_in
from kb.store.caveats import BY_SOFTWARE, HELD, NO_RESPONSE, NO_SAMPLE
from tests.library_for_tests import (
    BOARD,
    CIRCUMSTANCES,
    COORDINATOR,
    COUNCIL,
    DECEASED,
    EVERY,
    FULL,
    RECURRING,
    TRUST,
    Say,
    app_over,
    document,
    sent_to,
    write_library,
)
from webui import access
from webui.briefed import view_asked
from webui.chosen import MOST
from webui.gathered import briefing_of

WAITED = "Patients waited nineteen weeks for a first appointment with the <b>team</b> & its nurse."
NAMED = "Inventedname was told of the appointment nineteen weeks after the referral had been made."
MENDED = "The rota was mended in May 2099 and two nurses & a doctor <b>now</b> work at night."
LEADING = "The evidence revealed matters giving rise to concern, and in my opinion they may recur."


def concern(docno: str, *said: Say, **values: object) -> Document:
    """Return a report that raises these concerns."""
    given: dict[str, object] = {"parties": sent_to(f"Body of {docno}"), "date": "2099-01-01"}
    parts = [(SectionKind.CONCERNS, "5 CORONER'S CONCERNS", list(said))]
    return document(docno, parts=parts, **(given | values))  # type: ignore[arg-type]


def waited(docno: str, words: str = WAITED, **values: object) -> Document:
    """Return a report of one concern on waiting, unlike that of other reports."""
    text = f"{words} That was at {docno}, as was heard."
    return concern(docno, Say(text, {"access_waits": "nineteen weeks"}, label="1"), **values)


LETTER = document(
    "rota-letter",
    kind=Kind.RESPONSE,
    title="Letter on the rota",
    date="2099-04-20",
    ref="2099-0001",
    parties=(Party(Role.RESPONDENT, TRUST, TRUST),),
    facts={"report_date": "2099-03-03"},
    parts=[(SectionKind.ANSWER, "Answer", [Say(MENDED)])],
)
START = LETTER.text.index(MENDED)
LETTER = replace(
    LETTER,
    actions=(
        Action(
            start=START,
            end=START + len(MENDED),
            status=Claim("done", START, START + len("The rota was mended")),
        ),
    ),
)


def over(home: Home, *held: Document) -> FlaskClient:
    """Hold documents and return a browser before them."""
    write_library(home, *held)
    return app_over(home).test_client()


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library and a letter that answers its first report."""
    return over(home, *EVERY, LETTER)


def words(html: str) -> str:
    """Return what a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def quoted(html: str) -> list[str]:
    """Return the quotations of a page, as they stand."""
    return [unescape(one) for one in re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", html, re.S)]


def word(client: FlaskClient, asked: str = "") -> Word:
    """Return the Word document of a view."""
    return docx.Document(io.BytesIO(client.get(f"/briefing.docx{asked}").data))


def read(document: Word) -> str:
    """Return everything that a Word document says."""
    paragraphs = [one.text for one in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*paragraphs, *cells]).split())


def rows(html: str, caption: str) -> list[list[str]]:
    """Return the rows of the table whose caption holds some words."""
    table = next(t for t in re.findall(r"<table.*?</table>", html, re.S) if caption in t)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in table.split("<tr>")[1:])
    return [[words(cell) for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "15 reports held with text."),
        (
            "?theme=training",
            "12 of 15 reports held with text show it (80%, 95% interval 55 to 93%).",
        ),
        ("?theme=staffing&theme=discharge", "3 of 15 reports held with text show it (20%, 95%"),
        (f"?organisation={COUNCIL}", "2 reports held with text."),
        (f"?organisation={COUNCIL}&theme=staffing", "2 of 2 reports held with text show it."),
        (f"?organisation={COUNCIL}&organisation={TRUST}", "15 reports held with text."),
        ("?year=2099", "1 report held with text."),
        ("?from=2097&to=2098", "2 reports held with text."),
        ("?kind=response", "2 responses held with text."),
        ("?role=respondent", "2 responses held with text."),
        ("?section=circumstances", "1 of 15 reports held with text shows it"),
        ("?q=2096-0004", "0 reports held with text."),
        ("?by=organisation&organisation=" + COUNCIL, "2 reports held with text."),
        ("?by=organisation&kind=all&theme=care_coordination", "2 of 15 reports held with text"),
    ],
)
def test_a_briefing_counts_what_was_asked_for(client: FlaskClient, asked: str, found: str) -> None:
    answer = client.get(f"/briefing{asked}")
    assert answer.status_code == 200
    assert found in words(answer.text)
    assert found in read(word(client, asked))


def test_its_numbers_lead_to_as_many_documents(client: FlaskClient) -> None:
    page = client.get(f"/briefing?organisation={TRUST.replace(' ', '+')}").text
    links = re.findall(r'<td class="num"><a href="([^"]+)">(\d+)<span', page)
    assert len(links) == 4
    for link, number in links:
        found = client.get(unescape(link)).text
        said = re.search(r'<h2 class="count">.*?(\d+) documents?</h2>', found)
        assert said and said[1] == number, link


def test_its_table_of_themes_is_the_same_on_the_page_in_word_and_in_both_files(
    client: FlaskClient,
) -> None:
    page = rows(client.get("/briefing").text, "Themes of the")
    table = word(client).tables[1]
    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == [
        [row[0], row[1].split()[0], *row[2:]] for row in page[1:]
    ]
    text = client.get("/briefing/themes.csv").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    file = lines[lines.index([]) + 2 :]
    assert [(row[0], row[1], row[2]) for row in file] == [
        (row[0], row[1].split()[0], row[2]) for row in page[1:]
    ]
    training = next(row for row in page if row[0] == "Training and supervision")
    assert training[1].startswith("12 ") and training[2:] == ["15", "80%", "55 to 93%"]


def test_of_fewer_than_ten_documents_no_share_is_told(client: FlaskClient) -> None:
    page = rows(client.get(f"/briefing?organisation={COUNCIL}").text, "Themes of the")
    assert {tuple(row[3:]) for row in page[1:]} == {("too few", "too few")}
    text = client.get(f"/briefing/themes.csv?organisation={COUNCIL}").data.decode("utf-8-sig")
    assert "Staffing,2,2,,," in text


def test_every_quotation_stands_verbatim_in_both_with_its_citation(client: FlaskClient) -> None:
    asked = "?theme=care_coordination&theme=staffing"
    page = client.get(f"/briefing{asked}").text
    said = quoted(page)
    assert COORDINATOR in said and RECURRING + " Twice." in said
    document = word(client, asked)
    paragraphs = [one.text for one in document.paragraphs]
    assert [one.text for one in document.paragraphs if one.style.name == "Intense Quote"] == said
    for text in (COORDINATOR, RECURRING + " Twice."):
        citation = paragraphs[paragraphs.index(text) + 1]
        assert citation.startswith("Citation: ") and "as held in pfd-kb on" in citation
        assert citation.removeprefix("Citation: ") in words(page)
    assert f'<a href="{FULL.url}" rel="noopener noreferrer">{FULL.url}</a>' in page


def test_words_of_others_are_marked_and_digests_are_not_quoted(client: FlaskClient) -> None:
    page = client.get("/briefing").text
    marked = re.findall(r'<p class="own-words">(.*?)</p>\s*<blockquote[^>]*>(.*?)<', page, re.S)
    assert marked == [("Text lightly rewritten by the export&#39;s maker", RECURRING + " Twice.")]
    assert RECURRING + " Once." not in page and "No key worker was named." not in page


def test_it_quotes_no_circumstances_no_leading_words_and_names_nobody_who_died(
    client: FlaskClient,
) -> None:
    for asked in ("", "?section=circumstances", "?theme=care_coordination", "?q=lighthouse"):
        page, document = client.get(f"/briefing{asked}").text, read(word(client, asked))
        for text in (page, document):
            assert CIRCUMSTANCES not in text and DECEASED not in text, asked


def test_what_leads_up_to_the_concerns_is_not_quoted(home: Home) -> None:
    report = waited("one")
    parts = [(SectionKind.CONCERNS, "CONCERNS", [Say(LEADING), Say(WAITED)])]
    led = document("two", parts=parts, parties=sent_to(BOARD))
    led = replace(led, concerns=led.concerns[1:])
    assert LEADING not in client_words(over(home, report, led))


def client_words(client: FlaskClient) -> str:
    """Return what the briefing on everything says."""
    return words(client.get("/briefing").text)


def test_words_that_name_who_died_are_quoted_only_where_there_are_no_others(home: Home) -> None:
    both = concern(
        "both",
        Say(NAMED, {"access_waits": "nineteen weeks"}),
        Say(WAITED, {"access_waits": "nineteen weeks"}),
        deceased=DECEASED,
    )
    said = quoted(over(home, both).get("/briefing").text)
    assert said == [WAITED]


def test_the_documents_own_words_come_first_then_other_organisations_then_the_newest(
    home: Home,
) -> None:
    own = [waited(f"own-{n}", date=f"20{80 + n}-01-01") for n in range(6)]
    shared = waited("shared", parties=sent_to("Body of own-0"), date="2099-12-31")
    rewritten = waited("rewritten", origin=Origin.TOOLKIT, date="2099-12-31")
    page = over(home, *own, shared, rewritten).get("/briefing?theme=access_waits").text
    order = re.findall(r"That was at ([\w-]+),", words(page))
    assert order == ["rewritten", "shared", "own-5", "own-4", "own-3", "own-2", "own-1"]
    # own-0 and shared have one organisation: the newer of two as clear was taken.


def test_it_quotes_no_more_than_it_says_and_each_document_once(home: Home) -> None:
    many = [waited(f"r{n:02}") for n in range(12)]
    said = quoted(over(home, *many).get("/briefing").text)
    assert len(said) == len(set(said)) == MOST


def test_a_view_of_one_organisation_quotes_several_of_its_reports(home: Home) -> None:
    mine = [waited(f"r{n}", parties=sent_to(TRUST)) for n in range(4)]
    said = quoted(over(home, *mine).get(f"/briefing?organisation={TRUST}").text)
    assert len(said) == 4


def test_a_search_is_briefed_on_the_passages_that_it_found(client: FlaskClient) -> None:
    page = client.get("/briefing?q=coordinator+allocated").text
    assert quoted(page)[0] == COORDINATOR and "zebra" not in words(page)
    assert "The documents are those that the search found" in page
    assert "<dt>Search</dt><dd>coordinator allocated</dd>" in page


def test_what_the_words_of_a_search_ask_for_counts(client: FlaskClient) -> None:
    page = words(client.get("/briefing?q=theme:staffing+nurse").text)
    assert "3 of 3 reports held with text show it" in page


def test_how_recipients_answered_is_told_where_it_is_held(client: FlaskClient) -> None:
    page = client.get("/briefing").text
    assert "1 of 15 reports has a response in the material held. " + NO_RESPONSE in words(page)
    assert MENDED in quoted(page)
    said = words(page)
    assert (
        f"From {TRUST}. Dated 20 April 2099. Answers “Nobody held the plan”, known by the ref."
        in said
    )
    assert "Read by software as: done." in said and "computed: 48 days after" in said
    assert MENDED in read(word(client))
    other = words(client.get(f"/briefing?organisation={BOARD}").text)
    assert "0 of 6 reports have a response in the material held." in other
    assert "overdue" not in said + other


def test_recurring_concerns_count_the_reports_of_the_view(client: FlaskClient) -> None:
    page = client.get("/briefing?theme=staffing").text
    (row,) = rows(page, "of this view raise")[1:]
    assert row[1:3] == ["3", "3"]
    none = words(client.get("/briefing?year=2099").text)
    assert "No concern was found to recur within this view." in none


def test_both_tell_date_library_method_and_caveats(client: FlaskClient) -> None:
    for said in (words(client.get("/briefing?theme=training").text), read(word(client))):
        for sentence in (HELD, NO_SAMPLE, BY_SOFTWARE, NO_RESPONSE, CONTENT_NOTE, INDEPENDENCE):
            assert sentence in said
        assert "(generation 18)" in said and "Made by pfd-kb on" in said
        assert "Quotations are chosen by rule." in said and "Method" in said
        assert "The tagger was measured on" in said


@pytest.mark.parametrize("number", [0, 1, 5])
def test_a_library_of_little_or_nothing_gives_both(home: Home, number: int) -> None:
    browser = over(home, *(waited(f"r{n}") for n in range(number)))
    page = browser.get("/briefing")
    assert page.status_code == 200 and len(quoted(page.text)) == number
    assert len(re.findall("Citation: ", read(word(browser)))) == number
    chart = browser.get("/briefing/years.png").status_code
    assert chart == (200 if number else 404)


def test_a_view_of_nothing_says_so_and_helps_on(client: FlaskClient) -> None:
    page = client.get("/briefing?year=1999").text
    assert "Nothing held here answers to what was asked." in page
    assert "No theme is tagged" in page and "No passage of this view can be quoted" in page
    assert "No passage of this view can be quoted" in read(word(client, "?year=1999"))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?theme=nonsense", 400),
        ("?organisation=nobody+at+all", 400),
        ("?kind=poem", 400),
        ("?from=soon", 400),
        ("?section=verse", 400),
        ("?q=%00%22+OR+NEAR(", 200),
        ("?q=" + "x" * 3_000, 200),
        ("?" + "&".join(f"theme={n}" for n in range(100)), 400),
        ("?page=abc", 200),
        ("?_external=1&extension=exe&_anchor=x", 200),
        ("?by=poem", 400),
    ],
)
def test_hostile_addresses_get_an_answer_or_a_sentence(
    client: FlaskClient, asked: str, status: int
) -> None:
    for path in ("/briefing", "/briefing.docx", "/briefing/themes.csv"):
        answer = client.get(path + asked)
        assert answer.status_code == status, path
        assert b"Traceback" not in answer.data


def test_text_of_documents_is_escaped(home: Home) -> None:
    page = over(home, waited("one")).get("/briefing").text
    assert "<b>team" not in page and "&lt;b&gt;team&lt;/b&gt; &amp; its nurse" in page


def test_the_word_document_can_be_read_by_everyone(client: FlaskClient) -> None:
    document = word(client)
    headings = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert document.paragraphs[0].style.name == "Title" and headings[0] == "Heading 1"
    for table in document.tables:
        assert 'w:tblHeader w:val="true"' in table.rows[0]._tr.xml
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(document.tables) + len(document.inline_shapes) == 4
    (picture,) = document.inline_shapes
    assert "2080: 1 of 1" in picture._inline.docPr.get("descr")
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert 'w:lang w:val="en-GB"' in document.styles["Normal"].element.xml
    foot = page.footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot
    facts = document.core_properties
    assert (facts.author, facts.last_modified_by, facts.language) == ("pfd-kb", "pfd-kb", "en-GB")


def test_equal_views_are_equal_bytes(client: FlaskClient) -> None:
    for path in ("/briefing.docx", "/briefing/themes.xlsx", "/briefing/years.png"):
        assert client.get(path).data == client.get(path).data, path


def test_a_search_leads_to_its_briefing(client: FlaskClient) -> None:
    page = client.get("/search?q=coordinator&kind=report").text
    assert 'href="/briefing?q=coordinator&amp;kind=report"' in page


def test_nothing_is_a_candidate_that_is_a_heading_or_a_digest(home: Home) -> None:
    write_library(home, *EVERY)
    with Store.reading(home) as store:
        found = candidates(store.db, documents_in(store.db, Filters()), shortest=60)
        texts = dict(store.db.execute("SELECT id, text FROM passages").fetchall())
    assert {texts[one.passage] for one in found if one.theme} >= {COORDINATOR, RECURRING}
    assert all(len(texts[one.passage]) >= 60 for one in found)
    assert RECURRING + " Once." not in {texts[one.passage] for one in found}
    assert CIRCUMSTANCES not in {texts[one.passage] for one in found}


def test_the_view_is_gathered_once_for_all_its_forms(home: Home) -> None:
    write_library(home, *EVERY)
    with app_over(home).test_request_context("/briefing?theme=training"):
        store = access.store()
        found = briefing_of(store, view_asked(store, request.args), accessed="2099-01-01")
    assert found.shown == 12 and found.held == 15
    assert found.title == "Briefing: Training and supervision"
