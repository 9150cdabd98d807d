"""The case list: kept in the cookie, in order, with citations in every download."""

import io
import re

import docx
import pytest
from flask.testing import FlaskClient

from kb.citations import Quotation
from kb.library import CaseEntry, CasePack
from kb.settings import Home
from tests.library_for_tests import (
    COORDINATOR,
    DECEASED,
    DIGEST,
    EVERY,
    FULL,
    HOSTILE,
    REWRITTEN,
    SMALL,
    add_to_case,
    app_over,
    key_of,
    remove,
    token,
    write_library,
)
from webui.case_docx import case_docx

FIRST = key_of(FULL, COORDINATOR)
SECOND = key_of(DIGEST, "No key worker was named.")
THIRD = key_of(REWRITTEN, "The discharge summary was late.")


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


def post(client: FlaskClient, path: str, **data: str) -> int:
    """Send a form with the right token; return the status."""
    return client.post(path, data={"csrf": token(client), **data}).status_code


def listed(client: FlaskClient) -> list[str]:
    """Return the keys on the page, in order."""
    return re.findall(r'<li id="p-([0-9a-f]{12})">', client.get("/case").text)


def word(client: FlaskClient) -> list[str]:
    """Return the paragraphs of the Word download."""
    document = docx.Document(io.BytesIO(client.get("/case.docx").data))
    return [paragraph.text for paragraph in document.paragraphs]


def test_a_case_list_keeps_its_order_in_every_download(client: FlaskClient) -> None:
    add_to_case(client, FIRST, SECOND, THIRD)
    post(client, "/case/move", key=THIRD, way="up")
    post(client, "/case/move", key=THIRD, way="up")
    post(client, "/case/move", key=THIRD, way="up")  # already first: stays
    assert listed(client) == [THIRD, FIRST, SECOND]
    expected = [
        "1. Discharged without a summary",
        "2. Nobody held the plan",
        "3. A digest of nobody's plan",
    ]
    markdown = client.get("/case.md").text
    assert re.findall(r"^## (.*)$", markdown, re.MULTILINE) == expected
    assert [line for line in word(client) if re.match(r"\d\. ", line)] == expected


def test_a_passage_is_added_once_and_taken_out(client: FlaskClient) -> None:
    add_to_case(client, FIRST, FIRST, SECOND)
    assert listed(client) == [FIRST, SECOND]
    assert "Case list (2)" in client.get("/").text
    post(client, "/case/remove", key=FIRST)
    assert listed(client) == [SECOND]
    post(client, "/case/clear")
    assert listed(client) == []
    assert "Nothing is in the list yet." in client.get("/case").text


def test_adding_leads_back_to_the_passage(client: FlaskClient) -> None:
    sent = {"csrf": token(client), "key": FIRST, "back": "/search?q=plan&page=2"}
    answer = client.post("/case/add", data=sent)
    assert answer.headers["Location"] == f"/search?q=plan&page=2#p-{FIRST}"
    html = client.get("/search?q=allocated+eleven+weeks").text
    assert "Added. The case list holds 1 passage." in html
    assert f'<a href="/case#p-{FIRST}">In the case list' in html


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.invalid/",
        "//elsewhere.invalid/",
        "/\\elsewhere.invalid",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_adding_never_leads_elsewhere(client: FlaskClient, back: str) -> None:
    answer = client.post("/case/add", data={"csrf": token(client), "key": FIRST, "back": back})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/case"
    assert "a=b" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("key", ["", "0123456789ab", "x' OR 1=1", "\x00"])
def test_a_passage_that_is_not_held_cannot_be_added(client: FlaskClient, key: str) -> None:
    assert post(client, "/case/add", key=key) == 404
    assert listed(client) == []


def test_a_full_list_says_so_and_keeps_what_it_has(client: FlaskClient) -> None:
    add_to_case(client, FIRST)
    with client.session_transaction() as session:
        session["case"] = [f"{n:012x}" for n in range(60)]
    post(client, "/case/add", key=FIRST)
    assert "The case list holds 60 passages. Remove one, then add this one." in client.get("/").text
    assert len(listed(client)) == 60


def test_a_full_list_fits_the_cookie(client: FlaskClient) -> None:
    csrf = token(client)
    with client.session_transaction() as session:
        session["case"] = [key_of(SMALL[0], str(n)) for n in range(60)]
    answer = client.post("/case/title", data={"csrf": csrf, "title": "“Ünïcödé” 🦓" * 50})
    assert len(answer.headers["Set-Cookie"]) < 4_000


def test_a_passage_no_longer_held_is_said_so_in_its_place(client: FlaskClient, home: Home) -> None:
    add_to_case(client, FIRST, THIRD, SECOND)
    remove(home, REWRITTEN.docno)
    assert listed(client) == [FIRST, THIRD, SECOND]
    for text in (client.get("/case").text, client.get("/case.md").text, "\n".join(word(client))):
        assert THIRD in text and "no longer held" in text


def test_downloads_name_their_licence_note_and_independence(client: FlaskClient) -> None:
    add_to_case(client, FIRST)
    for text in (client.get("/case.md").text, "\n".join(word(client))):
        assert "Open Government Licence v3.0" in text
        assert "116 123" in text
        assert "Not part of the NHS, the judiciary or any coroner's office." in text
        assert "as held in pfd-kb on" in text
        assert DECEASED not in text


def test_in_word_quotations_have_a_style_of_their_own(client: FlaskClient) -> None:
    add_to_case(client, FIRST, key_of(FULL, HOSTILE))
    document = docx.Document(io.BytesIO(client.get("/case.docx").data))
    quoted = [p.text for p in document.paragraphs if p.style and p.style.name == "Intense Quote"]
    assert quoted == [COORDINATOR, HOSTILE]
    assert document.core_properties.author == "pfd-kb"


def test_characters_that_word_cannot_write_do_not_break_the_file() -> None:
    quoted = Quotation(
        key=FIRST,
        docno="x",
        text="A form feed\x0c and a NUL\x00.",
        kind=FULL.kind,
        title="T\x01",
        origin=FULL.origin,
        recipients=(),
        authors=(),
        ref=None,
        date=None,
        coroner_area=None,
        section="S",
        label=None,
        page=None,
        url=None,
        source="s",
        licence=None,
        themes=(),
    )
    pack = CasePack(title="A\x0bB", entries=(CaseEntry(FIRST, quoted),), accessed="2099")
    document = docx.Document(io.BytesIO(case_docx(pack)))
    assert document.paragraphs[0].text == "A\ufffdB"


def test_the_title_names_the_list_and_its_files(client: FlaskClient) -> None:
    add_to_case(client, FIRST)
    post(client, "/case/title", title='Plans & <b>people</b>\r\n"x"')
    assert "<h1>Plans &amp; &lt;b&gt;people&lt;/b&gt; &#34;x&#34;</h1>" in client.get("/case").text
    named = client.get("/case.docx").headers["Content-Disposition"]
    assert named == 'attachment; filename="plans-b-people-b-x.docx"'


def test_a_move_that_is_none_is_refused(client: FlaskClient) -> None:
    add_to_case(client, FIRST)
    assert post(client, "/case/move", key=FIRST, way="sideways") == 400
    assert post(client, "/case/move", key="unknown", way="up") == 302
    assert listed(client) == [FIRST]


def test_a_forged_cookie_is_an_empty_list(client: FlaskClient) -> None:
    client.set_cookie("pfdkb", "eyJjYXNlIjpbIjxzY3JpcHQ-Il19.forged.forged")
    assert "Nothing is in the list yet." in client.get("/case").text
