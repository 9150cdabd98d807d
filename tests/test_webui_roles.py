"""Roles kept apart on every page: who is only named counts nowhere unless asked for."""

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from index.facets import facets
from kb.documents import Document, Kind, Party, Role, SectionKind
from kb.queries import Filters
from kb.settings import Home
from kb.statements import record_json
from kb.store import Store, facts, finding, passages, tables
from kb.store.documents import read_document
from kb.store.roles import organisation_count, organisation_counts, standings
from tests.library_for_tests import (
    BOARD,
    COUNCIL,
    EVERY,
    TRUST,
    Parts,
    Say,
    app_over,
    document,
    key_of,
    write_library,
)
from tests.test_webui_documents import is_closed, words_of
from tests.test_webui_themes import documents_found

NAMED = f"The zebra protocol of {COUNCIL} was never read by the team."
CLOSED_NAMED = f"A neighbour rang {COUNCIL} in the morning."


def naming(docno: str, words: str, section: SectionKind, *parties: Party, kind: Kind) -> Document:
    """Return a document that only names the council, with other parties of its own."""
    parts: Parts = [(section, "PART", [Say(words, {"training": words.split()[1]})])]
    at = document(docno, parts=parts).text.index(COUNCIL)
    named = Party(Role.MENTIONED, COUNCIL, COUNCIL, at, at + len(COUNCIL))
    return document(docno, kind=kind, date="2099-06-01", parts=parts, parties=(*parties, named))


PLAN = naming(
    "the-plan",
    NAMED,
    SectionKind.RECOMMENDATIONS,
    Party(Role.OWNER, TRUST, TRUST),
    kind=Kind.ACTION_PLAN,
)
STORY = naming(
    "the-story",
    CLOSED_NAMED,
    SectionKind.CIRCUMSTANCES,
    Party(Role.RECIPIENT, BOARD, BOARD),
    kind=Kind.REPORT,
)
WITH_ROLES = (*EVERY, PLAN, STORY)


@pytest.fixture
def library(home: Home) -> Home:
    """The library with two documents that only name the council."""
    write_library(home, *WITH_ROLES)
    return home


@pytest.fixture
def client(library: Home) -> FlaskClient:
    """A browser before it."""
    return app_over(library).test_client()


@pytest.mark.parametrize(
    ("organisation", "role", "documents"),
    [
        (COUNCIL, None, {"full-report", "rewritten-report"}),
        (COUNCIL, "recipient", {"full-report", "rewritten-report"}),
        (COUNCIL, "mentioned", {"the-plan", "the-story"}),
        (COUNCIL, "respondent", set()),
        (TRUST, "respondent", {"trust-letter"}),
        (TRUST, "owner", {"the-plan"}),
        (None, "owner", {"the-plan"}),
        (None, "mentioned", {"the-plan", "the-story"}),
    ],
)
def test_a_filter_keeps_the_role_asked_for_and_never_who_is_only_named(
    library: Home, organisation: str | None, role: str | None, documents: set[str]
) -> None:
    with Store.reading(library) as store:
        rows = finding.browse(store.db, Filters(organisation=organisation, role=role))
        held = passages.documents_of(store.db, {document for _, document in rows})
    assert {row.docno for row in held.values()} == documents


def test_no_count_has_who_is_only_named(library: Home) -> None:
    with Store.reading(library) as store:
        table = tables.theme_table(store.db, by="organisation", kind=None)
        rows = finding.browse(store.db, Filters())
        held = facts.of_documents(store.db, [row[1] for row in rows])
        found = facets([], list(held.values()), book={})
        shown = passages.documents_of(store.db, {row[1] for row in rows})
    assert table.held[COUNCIL] == 2
    assert {v.value: v.count for v in found["organisation"]}[COUNCIL] == 2
    organisations = {row.docno: row.organisations for row in shown.values()}
    assert organisations["the-plan"] == (TRUST,)
    assert organisations["the-story"] == (BOARD,)


def test_a_body_that_is_only_named_does_not_make_the_library_larger(
    library: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    alone = Home(tmp_path_factory.mktemp("alone") / "home")
    write_library(alone, PLAN)
    with Store.reading(alone) as store:
        assert tables.status(store.db)["organisations"] == 1
        assert finding.by_names(store.db, ["Westerby"], Filters()) == []


def test_a_role_that_is_asked_for_is_counted(library: Home) -> None:
    with Store.reading(library) as store:
        table = tables.theme_table(store.db, kind=None, role=Role.MENTIONED)
    assert (table.columns, table.held) == ((COUNCIL,), {COUNCIL: 2})
    assert table.counts["training"] == {COUNCIL: 2}


def test_an_organisation_s_roles_count_distinct_documents(library: Home) -> None:
    with Store.reading(library) as store:
        trust = organisation_count(store.db, TRUST).counts
        named = standings(store.db, COUNCIL, Role.MENTIONED, limit=10)
        listed, total = organisation_counts(store.db, role=Role.MENTIONED)
    assert trust == {"recipient": 14, "respondent": 1, "owner": 1, "author": 0, "mentioned": 0}
    assert ([one.name for one in listed], total) == ([COUNCIL], 1)
    assert [(one.docno, one.passage) for one in named] == [
        ("the-plan", key_of(PLAN, NAMED)),
        ("the-story", key_of(STORY, CLOSED_NAMED)),
    ]
    assert named[0].words is not None and COUNCIL in named[0].words


@pytest.mark.parametrize(
    ("role", "kind", "column", "noun"),
    [
        ("recipient", "report", TRUST, "reports"),
        ("respondent", "response", TRUST, "responses"),
        ("owner", "action_plan", TRUST, "action plans"),
        ("mentioned", "", COUNCIL, "documents"),
    ],
)
def test_the_table_says_which_role_it_counts_and_every_number_leads_to_as_many(
    client: FlaskClient, role: str, kind: str, column: str, noun: str
) -> None:
    html = client.get(f"/across?role={role}").text
    assert f"<strong>{Role(role).label}</strong>" in html
    assert f"{noun.capitalize()} by theme and organisation" in html
    assert f">{column}</a>" in unescape(html)
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    numbers = re.findall(r'<td class="num[^"]*"><a href="([^"]+)"[^>]*>([\d,]+)</a>', body)
    assert numbers
    for link, number in numbers:
        assert documents_found(client, link) == int(number), link
        assert f"kind={kind}" in link if kind else "kind=" not in link


def test_the_table_s_file_says_which_role_it_counts(client: FlaskClient) -> None:
    answer = client.get("/across.csv?role=owner")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert ["Organisations counted as", "owner of a plan"] in rows
    assert [TRUST, "NHS trusts", "1", "1"] in [row[:4] for row in rows]
    assert "by-organisation-owner.csv" in answer.headers["Content-Disposition"]


def test_the_page_of_an_organisation_lists_what_it_received_answered_owns_and_is_named_in(
    client: FlaskClient,
) -> None:
    shown = words_of(client.get(f"/organisations/{TRUST}").text)
    assert "Received 14 PFD reports, wrote 1 response, owns 1 action plan," in shown
    html = client.get(f"/organisations/{COUNCIL}").text
    assert f'href="/documents/the-plan#p-{key_of(PLAN, NAMED)}"' in html
    assert NAMED in words_of(html)
    for link, number in re.findall(r'<a href="(/search[^"]+)">Search in (these|this)', html):
        assert documents_found(client, unescape(link)) == {"this": 1, "these": 2}[number]


def test_the_story_of_a_death_is_closed_on_the_page_of_an_organisation(
    client: FlaskClient,
) -> None:
    html = client.get(f"/organisations/{COUNCIL}").text
    assert is_closed(html, CLOSED_NAMED)
    assert not is_closed(html, NAMED)


def test_the_list_of_organisations_has_a_number_for_every_role(client: FlaskClient) -> None:
    html = client.get("/organisations").text
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    numbers = re.findall(r'<td class="num"><a href="([^"]+)"[^>]*>([\d,]+)</a>', body)
    assert len(numbers) == 6  # the trust has three roles, the council two, the board one
    for link, number in numbers:
        assert documents_found(client, link) == int(number), link
    assert "1 organisation counted as: only named in the text" in words_of(
        client.get("/organisations?role=mentioned").text
    )


def test_the_list_of_organisations_is_narrowed_by_a_name(client: FlaskClient) -> None:
    html = unescape(client.get("/organisations?name=westerby").text)
    assert COUNCIL in html and TRUST not in html
    assert "No organisation held here" in client.get("/organisations?name=xyz").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/organisations/Nobody%20at%20All", 404),
        ("/organisations?role=friend", 400),
        ("/across?role=friend", 400),
        ("/organisations?page=0", 400),
        ("/search?role=friend", 400),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_search_says_as_what_an_organisation_is_counted_and_shows_the_rest_on_demand(
    client: FlaskClient,
) -> None:
    html = client.get("/search", query_string={"organisation": COUNCIL}).text
    assert "recipient, respondent, owner of a plan or author" in html
    (link,) = re.findall(r'<a href="([^"]+)">show those</a>', html)
    named = client.get(unescape(link)).text
    assert "counted as: only named in the text" in named
    assert "2 documents" in named
    assert f'href="/documents/the-plan#p-{key_of(PLAN, NAMED)}">{COUNCIL}</a>' in named
    assert "Counted as: Only named in the text" in words_of(named)


def test_a_search_that_finds_nothing_in_a_role_offers_the_documents_that_name_it(
    client: FlaskClient,
) -> None:
    html = client.get("/search", query_string={"organisation": COUNCIL, "role": "owner"}).text
    assert "Nothing was found" in html
    assert "Documents that only name it" in html


def test_the_file_of_a_search_says_as_what_organisations_are_counted(client: FlaskClient) -> None:
    data = client.get("/search.csv", query_string={"organisation": COUNCIL}).data
    about = data.decode("utf-8-sig").split("\r\n\r\n")[0]
    assert "Counted as" in about and "recipient, respondent" in about


def test_a_document_shows_who_is_only_named_apart_and_leads_to_the_words(
    client: FlaskClient,
) -> None:
    html = client.get("/documents/the-plan").text
    shown = words_of(html)
    assert f"Owner of the plan {TRUST}" in shown
    assert f"Only named {COUNCIL}" in shown
    details = html[html.index('<dl class="details">') : html.index("</dl>")]
    assert f'href="#p-{key_of(PLAN, NAMED)}"' in details


def test_a_record_prints_every_role_with_the_place_of_a_mention(library: Home) -> None:
    with Store.reading(library) as store:
        record = record_json(read_document(store.db, "the-plan"))
    at = PLAN.text.index(COUNCIL)
    assert record["organisations"] == [
        {"role": "owner", "written": TRUST, "name": TRUST, "start": None, "end": None},
        {
            "role": "mentioned",
            "written": COUNCIL,
            "name": COUNCIL,
            "start": at,
            "end": at + len(COUNCIL),
        },
    ]
    assert record["fields"]["owners"] == [TRUST]
    assert record["fields"]["mentioned"] == [COUNCIL]
