"""The table of themes by organisation and by year."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from kb.settings import Home
from tests.library_for_tests import BOARD, COUNCIL, EVERY, TRUST, app_over, write_library
from tests.test_webui_themes import documents_found


@pytest.fixture
def client(home: Home) -> FlaskClient:
    """A browser before the library."""
    write_library(home, *EVERY)
    return app_over(home).test_client()


@pytest.mark.parametrize(("by", "least"), [("organisation", 12), ("year", 20)])
def test_every_number_in_the_table_leads_to_as_many_documents(
    client: FlaskClient, by: str, least: int
) -> None:
    html = client.get(f"/organisations?by={by}").text
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    numbers = re.findall(r'<td class="num[^"]*"><a href="([^"]+)"[^>]*>([\d,]+)</a>', body)
    assert len(numbers) >= least
    for link, number in numbers:
        assert documents_found(client, link) == int(number), link


def test_each_column_has_its_denominator(client: FlaskClient) -> None:
    html = client.get("/organisations").text
    heads = re.findall(r'<th scope="col" class="num">.*?</th>', html)
    assert len(heads) == 3
    # Details-only reports cannot show a theme, so they are not in the denominator either.
    for name, held in ((TRUST, 14), (COUNCIL, 2), (BOARD.replace("&", "&amp;"), 6)):
        assert any(f'>{name}</a> <span class="of">of {held}</span>' in head for head in heads)
    assert 'All reports <span class="of">of 15</span>' in html


def test_a_report_with_two_recipients_counts_once_in_the_total(client: FlaskClient) -> None:
    lines = table(client, "/organisations.csv")
    assert lines[0] == ["theme", TRUST, BOARD, COUNCIL, "all reports"]
    assert lines[1] == ["reports held with text", "14", "6", "2", "15"]
    assert ["Care coordination", "2", "0", "1", "2"] in lines
    assert ["Training and supervision", "12", "6", "0", "12"] in lines


def test_the_years_have_a_file_of_their_own(client: FlaskClient) -> None:
    head = table(client, "/organisations.csv?by=year")[0]
    assert head == [
        "theme",
        *(str(2080 + n) for n in range(12)),
        "2097",
        "2098",
        "2099",
        "all reports",
    ]


def test_the_file_carries_its_caveats_and_its_library(client: FlaskClient) -> None:
    about = client.get("/organisations.csv").data.decode("utf-8-sig").split("\r\n\r\n")[0]
    assert "once in the total" in about
    assert "generation 17" in about


def test_the_table_can_be_scrolled_by_keyboard(client: FlaskClient) -> None:
    html = client.get("/organisations").text
    assert 'role="region" aria-labelledby="table-caption" tabindex="0"' in html


def test_another_division_is_refused(client: FlaskClient) -> None:
    answer = client.get("/organisations?by=coroner")
    assert answer.status_code == 400
    assert "by organisation or by year" in answer.text


def table(client: FlaskClient, path: str) -> list[list[str]]:
    """Return the rows of a file below what it says about itself."""
    lines = list(csv.reader(io.StringIO(client.get(path).data.decode("utf-8-sig"))))
    return lines[lines.index([]) + 1 :]
