"""The commissioner's pages: every number on them equals a count over the raw rows."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

from kb.documents import Document, SectionKind
from kb.intervals import Share
from kb.kinds import KINDS
from kb.settings import Home
from kb.store import Store, clusters
from kb.themes import themes
from tests.across_library import AREAS, KIND_OF, SURGERY, UNKNOWN, Raw, raised, raw, write_across
from tests.library_for_tests import (
    BOARD,
    COUNCIL,
    EVERY,
    RECURRING,
    TRUST,
    Say,
    app_over,
    document,
    sent_to,
    write_library,
)
from tests.test_webui_themes import documents_found

ROLES = ("recipient", "respondent", "mentioned")
KIND_OF_ROLE = {"recipient": "report", "respondent": "response", "mentioned": None}
NAMES = {theme.name: key for key, theme in themes().items()}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A library with every sort of row, and documents that have none."""
    home = Home(Path(tmp_path_factory.mktemp("across")) / "home")
    write_across(home)
    return home


@pytest.fixture
def client(library: Home) -> FlaskClient:
    """A browser before it."""
    return app_over(library).test_client()


def words(node: Node | None) -> str:
    """Return a node's text in one line."""
    return " ".join(node.text().split()) if node else ""


def number(node: Node) -> int:
    """Return the number that a cell begins with."""
    found = re.match(r"[\d,]+", words(node))
    assert found, words(node)
    return int(found[0].replace(",", ""))


def page(client: FlaskClient, path: str, **args: object) -> HTMLParser:
    """Return a page that must be there."""
    answer = client.get(f"{path}?{urlencode(args, doseq=True)}" if args else path)
    assert answer.status_code == 200, answer.text
    return HTMLParser(answer.text)


def table(html: HTMLParser, selector: str) -> Iterator[tuple[str, list[Node]]]:
    """Yield the rows of a table: what heads them, and their cells."""
    rows = html.css(f"{selector} tbody tr, {selector} tfoot tr")
    assert rows, f"no {selector}"
    for row in rows:
        head = row.css_first("th")
        assert head
        for aside in head.css(".of, .weak"):
            aside.decompose()
        yield words(head), row.css("td")


def heads(html: HTMLParser, selector: str) -> list[str]:
    """Return what heads the columns."""
    for aside in html.css(f"{selector} thead .weak, {selector} thead .hidden"):
        aside.decompose()
    return [words(cell) for cell in html.css(f"{selector} thead th")]


def link_of(node: Node) -> str:
    """Return where a number leads."""
    link = node.css_first("a")
    assert link, words(node)
    return str(link.attributes["href"])


def behind(client: FlaskClient, link: str) -> int:
    """Return how many documents a number leads to."""
    if link.startswith("/search"):
        return documents_found(client, link)
    shown, at = 0, 1
    while articles := HTMLParser(client.get(f"{link}&page={at}").text).css("article.found"):
        shown, at = shown + len(articles), at + 1
    lead = words(HTMLParser(client.get(link).text).css_first(".lead"))
    assert re.search(rf"\b{shown} [a-z ]+(?: held)?:", lead), lead
    return shown


def expected(found: Raw, ids: set[int], columns: list[str]) -> list[int]:
    """Return the numbers that a row of these documents must show."""
    middle = [len(found.showing(ids, NAMES[name])) for name in columns[3:-1]]
    return [len(ids), len(found.with_text(ids)), *middle, len(found.tagged(ids))]


@pytest.mark.parametrize("by", ["organisation", "kind", "area", "year"])
@pytest.mark.parametrize("role", ROLES)
def test_every_number_of_the_heat_table_equals_a_count_of_its_own(
    library: Home, client: FlaskClient, by: str, role: str
) -> None:
    found = raw(library)
    ids = found.ids(kind=KIND_OF_ROLE[role])
    rows = found.rows(by, role, ids)
    html = page(client, "/across", by=by, role=role, least=1)
    wanted = {name for name, of in rows.items() if by == "year" or found.with_text(of)}
    if not wanted:
        assert not html.css("table.across") and "so there is no row" in words(html.body)
        return
    columns = heads(html, "table.across")
    assert set(columns[3:-1]) == set(NAMES)
    seen = {}
    for name, cells in table(html, "table.across"):
        of = ids if name.startswith("All ") else rows[name]
        seen[name] = [number(cell) for cell in cells]
        assert seen[name] == expected(found, of, columns), name
        for cell in cells[2:-1]:  # whoever hears the page is told of how many
            if link := cell.css_first("a"):
                spoken = str(link.attributes["aria-label"])
                assert spoken.startswith(f"{number(cell)} of {len(found.with_text(of))}: ")
    assert {name for name in seen if not name.startswith("All ")} == wanted
    assert len(seen) == len(wanted) + 1, "the row of all"


@pytest.mark.parametrize("by", ["organisation", "kind", "area", "year"])
def test_every_number_of_the_heat_table_leads_to_as_many_documents(
    client: FlaskClient, by: str
) -> None:
    followed = set()
    for name, cells in table(page(client, "/across", by=by, least=1), "table.across"):
        for at, cell in enumerate(cells):
            if at in (1, len(cells) - 1) or not number(cell):
                assert at in (1, len(cells) - 1) or not cell.css_first("a")
                continue
            link = link_of(cell)
            if link not in followed:
                followed.add(link)
                assert behind(client, link) == number(cell), (name, link)
    assert any(link.startswith("/search") for link in followed)
    own = any(link.startswith("/across/passages") for link in followed)
    assert own is (by in ("kind", "area"))


@pytest.mark.parametrize(
    ("args", "among"),
    [
        ({"organisation": TRUST}, lambda raw: raw.of(TRUST, "recipient")),
        (
            {"organisation": [TRUST, BOARD]},
            lambda raw: raw.of(TRUST, "recipient") | raw.of(BOARD, "recipient"),
        ),
        ({"body": "council"}, lambda raw: raw.of(COUNCIL, "recipient")),
        (
            {"area": AREAS[1]},
            lambda raw: raw.ids(coroner_area=AREAS[0]) | raw.ids(coroner_area=AREAS[1]),
        ),
        (
            {"from": "2095", "to": "2095"},
            lambda raw: {i for i, row in raw.documents.items() if "2095" in str(row["date"])[:4]},
        ),
    ],
)
def test_a_narrowed_trend_counts_what_is_left_and_leads_there(  # type: ignore[no-untyped-def]
    library: Home, client: FlaskClient, args: dict[str, object], among
) -> None:
    found = raw(library)
    ids = among(found) & found.ids(kind="report")
    rows = found.rows("year", "recipient", ids)
    html = page(client, "/across", by="year", **args)
    columns = heads(html, "table.across")
    links = {}
    for name, cells in table(html, "table.across"):
        of = ids if name.startswith("All ") else rows[name]
        assert [number(cell) for cell in cells] == expected(found, of, columns), name
        links |= {link_of(cell): number(cell) for cell in cells if cell.css_first("a")}
    for link, count in links.items():
        assert behind(client, link) == count, link


def test_the_small_charts_draw_what_their_tables_say(library: Home, client: FlaskClient) -> None:
    found = raw(library)
    rows = found.rows("year", "recipient", found.ids(kind="report"))
    html = page(client, "/across", by="year")
    figures = html.css(".multiples figure")
    assert len(figures) == len(NAMES)
    years = [str(year) for year in range(2080, 2100)]
    for figure in figures:
        theme = NAMES[words(figure.css_first("h3"))]
        shown = []
        for row in figure.css("tbody tr"):
            year = words(row.css_first("th"))
            of = rows.get(year, set())
            cells = [number(cell) for cell in row.css("td")]
            counts = [len(found.showing(of, theme)), len(found.with_text(of)), len(of)]
            assert cells == counts, (theme, year)
            shown.append(year)
        assert shown == years, "no year between is left out"
        svg = figure.css_first("svg")
        assert svg and svg.css_first("title") and svg.css_first("desc")
        drawn = [len(found.showing(rows.get(y, set()), theme)) for y in years]
        texts = [words(text) for text in svg.css("text")]
        for count in drawn:
            if count:
                texts.remove(str(count))
        for year in years:
            texts.remove(str(len(found.with_text(rows.get(year, set())))))
            texts.remove(f"’{year[-2:]}")
        assert texts == ["with text", "100%", "0%", "share held with text"]
        assert len(svg.css("rect")) == sum(1 for count in drawn if count)
        assert len(svg.css("circle")) == sum(1 for y in years if rows.get(y))
        total = re.search(r"(\d+) reports?$", words(figure.css_first("figcaption")))
        assert total and int(total[1]) == len(found.showing(found.ids(kind="report"), theme))


def test_every_page_of_figures_shows_how_much_of_each_year_is_held_with_text(
    library: Home, client: FlaskClient
) -> None:
    found = raw(library)
    rows = found.rows("year", "recipient", found.ids(kind="report"))
    html = page(client, "/across", by="kind")
    years = heads(html, "table.coverage")[1:]
    assert set(years) == set(rows)
    (_, held), (_, text) = table(html, "table.coverage")
    assert [number(cell) for cell in held] == [len(rows[year]) for year in years]
    assert [number(cell) for cell in text] == [len(found.with_text(rows[year])) for year in years]


def test_the_shade_tells_the_share_and_only_of_ten_documents_or_more(
    library: Home, client: FlaskClient
) -> None:
    bounds = (0.05, 0.1, 0.2, 0.4)
    small = large = 0
    for name, cells in table(page(client, "/across", least=1), "table.across"):
        if name.startswith("All "):
            continue
        of = number(cells[1])
        for cell in cells[2:-1]:
            shade = int((re.search(r"heat-(\d)", cell.attributes["class"] or "") or "00")[1])
            count = number(cell)
            if of < 10:
                small += count
                assert shade == 0
            elif count:
                large += 1
                assert shade == 1 + sum(count / of >= bound for bound in bounds)
    assert small and large


def test_rows_stand_by_name_and_a_ranking_is_offered_nowhere(client: FlaskClient) -> None:
    names = [name for name, _ in table(page(client, "/across", least=1), "table.across")][:-1]
    assert names == sorted(names, key=str.casefold) and len(names) == 5
    for path in ("/across", "/across?by=year", "/organisations", "/organisations?role=mentioned"):
        html = client.get(path).text
        assert "this is no ranking" in html and "sort=" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/across", "/across?by=kind", "/across?by=area", "/across?by=year",
        "/across?role=mentioned",
        f"/organisations/{quote(TRUST)}",
        f"/across/compare?{urlencode({'organisation': [TRUST, COUNCIL]}, doseq=True)}",
        "/across.csv", "/across.csv?by=year", "/across.svg", "/across/trend.svg?theme=staffing",
        f"/organisations/themes.csv?name={quote(TRUST)}",
        f"/organisations/themes.svg?name={quote(TRUST)}",
        f"/organisations/years.csv?name={quote(TRUST)}",
        f"/organisations/years.svg?name={quote(TRUST)}",
        f"/across/compare.csv?{urlencode({'organisation': [TRUST, COUNCIL]}, doseq=True)}",
        f"/across/compare.svg?{urlencode({'organisation': [TRUST, COUNCIL]}, doseq=True)}",
    ],
)  # fmt: skip
def test_every_view_and_every_file_carries_the_caveats(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    told = " ".join(re.sub(r"<[^>]+>", " ", answer.data.decode("utf-8-sig")).split())
    told = told.replace("&#39;", "'").replace('""', '"')
    for caveat in (
        "distinct documents held in this library, not of events",
        "reports are not a sample of all care",
        "depends on its size, on the coroner areas it works in and on what was published",
        "are held with text, and only these can show a theme",
        "no person labelled them",
        "No response in the material held does not mean that none was sent.",
    ):
        assert caveat in told, caveat


@pytest.mark.parametrize("by", ["organisation", "kind", "area", "year"])
def test_the_numbers_in_the_sentences_are_counts_too(
    library: Home, client: FlaskClient, by: str
) -> None:
    found = raw(library)
    ids = found.ids(kind="report")
    rows = found.rows(by, "recipient", ids)
    told = words(page(client, "/across", by=by, least=2).body)
    if by != "year":
        names = {"organisation": "organisations", "kind": "kinds of organisation"}
        many = sum(len(found.with_text(of)) >= 2 for of in rows.values())
        assert f"{many} of {len(rows)} {names.get(by, 'coroner areas')}: those with" in told
    assert f"Of {len(ids)} reports held here {len(found.with_text(ids))} are held" in told
    for year, of in found.rows("year", "recipient", ids).items():
        assert f"{year}: {len(found.with_text(of))} of {len(of)}" in told
    nowhere = ids.difference(*rows.values())
    assert f"{len(nowhere)} ({len(found.with_text(nowhere))} with text)" in told
    commonest = max(len(found.showing(ids, theme)) for theme in themes())
    assert f"({Share(commonest, len(found.with_text(ids))).words})" in told


def test_the_files_hold_the_numbers_of_the_page(library: Home, client: FlaskClient) -> None:
    found = raw(library)
    ids = found.ids(kind="report")
    for by in ("organisation", "kind", "area", "year"):
        rows = found.rows(by, "recipient", ids)
        lines = rows_of(client, f"/across.csv?by={by}&least=1")
        head = lines[0]
        first = head.index("with any theme") + 1
        assert [NAMES[name] for name in head[first:]] == list(themes())
        for line in lines[1:]:
            of = rows.get(line[0], ids)
            counts = [len(of), len(found.with_text(of)), len(found.tagged(of))]
            counts += [len(found.showing(of, theme)) for theme in themes()]
            assert list(map(int, line[first - 3 :])) == counts, (by, line[0])
            if by == "organisation" and line[0] in KIND_OF:
                assert line[1] == KIND_OF[line[0]]
        assert len(lines) == 2 + sum(
            1 for of in rows.values() if by == "year" or found.with_text(of)
        )


def rows_of(client: FlaskClient, path: str) -> list[list[str]]:
    """Return the rows of a CSV file below what it says about itself."""
    lines = list(csv.reader(io.StringIO(client.get(path).data.decode("utf-8-sig"))))
    return lines[lines.index([]) + 1 :]


def test_the_spreadsheet_holds_the_same_rows_as_the_csv(client: FlaskClient) -> None:
    answer = client.get("/across.xlsx?least=1")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = HTMLParser(book.read("xl/worksheets/sheet1.xml").decode())
    numbers = [[int(v.text()) for v in row.css("c v") if v.text().isdigit()
                and (v.parent and v.parent.attributes.get("t") in (None, "n"))]
               for row in sheet.css("row")]  # fmt: skip
    csv_numbers = [
        [int(c) for c in row if c.isdigit()] for row in rows_of(client, "/across.csv?least=1")
    ]
    assert numbers[1:] == csv_numbers[1:] and len(numbers) > 3


def test_the_drawn_table_holds_the_numbers_of_the_page(client: FlaskClient) -> None:
    html = page(client, "/across", least=1)
    svg = HTMLParser(client.get("/across.svg?least=1").text)
    drawn = [words(text) for text in svg.css("svg svg text, svg g text")] or [
        words(text) for text in svg.css("text")
    ]
    for name, cells in table(html, "table.across"):
        if not name.startswith("All "):
            at = drawn.index(name)
            shown = [words(cell) for cell in cells[1:-1]]
            assert drawn[at + 1 : at + 1 + len(shown)] == shown


@pytest.mark.parametrize("name", [TRUST, COUNCIL, UNKNOWN, SURGERY])
@pytest.mark.parametrize("role", ROLES)
def test_every_number_on_an_organisation_s_page_equals_a_count_of_its_own(
    library: Home, client: FlaskClient, name: str, role: str
) -> None:
    found = raw(library)
    html = page(client, f"/organisations/{quote(name)}", role=role)
    _timeline(found, html, name)
    kind = KIND_OF_ROLE[role]
    mine = found.of(name, role) & found.ids(kind=kind)
    alike = [one for one, of in KIND_OF.items() if of == KIND_OF[name]]
    among = {i for one in alike for i in found.of(one, role)} & found.ids(kind=kind)
    if name == UNKNOWN:  # its kind is not known: beside all that is held
        among = found.ids(kind=kind)
    if not found.with_text(mine):
        assert not html.css("#themes ~ div table.compare")
        return
    for head, cells in table(html, "table.compare"):
        for cell, ids in zip(cells, (mine, among), strict=True):
            if head == "Held":
                assert words(cell) == f"{len(ids)}, {len(found.with_text(ids))} with text"
            else:
                share = Share(len(found.showing(ids, NAMES[head])), len(found.with_text(ids)))
                assert words(cell) == _told(share), head
    shown = {head for head, _ in table(html, "table.compare")} - {"Held"}
    assert {NAMES[head] for head in shown} == {
        theme for theme in themes() if found.showing(mine | among, theme)
    }


def _told(share: Share) -> str:
    """Return a share in the words of the page: by the plain formula, not by the product's."""
    if share.of < 10:
        return f"{share.count} of {share.of}"
    n, p, z = share.of, share.count / share.of, 1.959964
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    low, high = round(100 * max(0, middle - half)), round(100 * min(1, middle + half))
    return f"{share.count} of {share.of} {round(100 * p)}% ({low} to {high}%)"


def _timeline(found: Raw, html: HTMLParser, name: str) -> None:
    """Check the years of an organisation's page."""
    received = found.of(name, "recipient") & found.ids(kind="report")
    responses = found.of(name, "respondent") & found.ids(kind="response")
    columns = (received, found.with_text(received), responses, found.of(name, "mentioned"))
    for year, cells in table(html, "table.timeline"):
        of = [[i for i in ids if str(found.documents[i]["date"])[:4] == year] for ids in columns]
        assert [number(cell) for cell in cells] == [len(ids) for ids in of], year
    undated = {
        label: sum(found.documents[i]["date"] is None for i in ids)
        for label, ids in zip(("received",), (received,), strict=True)
    }
    assert (f"reports received {undated['received']}" in words(html.body)) is bool(
        undated["received"]
    )


def test_the_numbers_of_an_organisation_lead_to_as_many_documents(client: FlaskClient) -> None:
    html = page(client, f"/organisations/{quote(TRUST)}")
    links = {
        str(a.attributes["href"]): number(a)
        for a in html.css("table.timeline td a, table.compare td a")
    }
    assert len(links) > 20
    for link, count in links.items():
        assert behind(client, link) == count, link


def test_an_organisation_s_page_tells_what_was_answered_as_far_as_is_held(
    library: Home, client: FlaskClient
) -> None:
    mine = len(raw(library).of(COUNCIL, "recipient"))
    shown = words(page(client, f"/organisations/{quote(COUNCIL)}").body)
    assert (
        f"Of {mine} reports sent to it and held here, 1 has a response of its own in the material "
        f"held; for {mine - 1} there is no response in the material held, which does not mean that "
        "none was sent." in shown
    )
    assert "overdue" not in shown


def test_an_organisation_s_recurring_concerns_are_counted_by_its_reports(
    library: Home, client: FlaskClient
) -> None:
    found = raw(library)
    mine = found.of(TRUST, "recipient")
    with Store.reading(library) as store:
        reports = {one.id: one.reports for one in clusters.held(store.db)}
    html = page(client, f"/organisations/{quote(TRUST)}")
    rows = html.css("table.spaced tbody tr")
    assert rows
    for row in rows:
        cluster = link_of(row).rpartition("/")[2]
        own = {document for one, document in found.members if one == cluster} & mine
        assert [number(cell) for cell in row.css("td")[:2]] == [len(own), reports[cluster]]


@pytest.mark.parametrize("names", [[TRUST], [TRUST, COUNCIL], [SURGERY, BOARD, TRUST, UNKNOWN]])
@pytest.mark.parametrize("role", ROLES)
def test_every_number_of_a_comparison_equals_a_count_of_its_own(
    library: Home, client: FlaskClient, names: list[str], role: str
) -> None:
    found = raw(library)
    sides = [found.of(one, role) & found.ids(kind=KIND_OF_ROLE[role]) for one in names]
    html = page(client, "/across/compare", organisation=names, role=role)
    assert heads(html, "div:nth-of-type(1) > table.compare")[1 : 1 + len(names)] == names
    first = html.css("table.compare")[0]
    for row in first.css("tbody tr"):
        head = row.css_first("th")
        for aside in head.css(".weak") if head else ():
            aside.decompose()
        for cell, ids in zip(row.css("td"), sides, strict=True):
            if words(head).endswith(" held"):
                assert words(cell) == f"{len(ids)}, {len(found.with_text(ids))} with text"
                continue
            count = len(found.showing(ids, NAMES[words(head)]))
            assert words(cell) == _told(Share(count, len(found.with_text(ids)))), words(head)
            if count:
                assert behind(client, link_of(cell)) == count
    for table_of_years in html.css("table.compare")[1:]:
        for row in table_of_years.css("tbody tr"):
            year = words(row.css_first("th"))
            for cell, ids in zip(row.css("td"), sides, strict=True):
                of = {i for i in ids if str(found.documents[i]["date"])[:4] == year}
                assert words(cell) == f"{len(found.with_text(of))} of {len(of)}"


def test_the_comparison_s_file_has_a_row_for_every_theme_and_organisation(
    library: Home, client: FlaskClient
) -> None:
    found = raw(library)
    asked = urlencode({"organisation": [TRUST, SURGERY]}, doseq=True)
    lines = rows_of(client, f"/across/compare.csv?{asked}")
    assert len(lines) == 1 + 2 * len(NAMES)
    for theme, name, count, of, held, *share in lines[1:]:
        ids = found.of(name, "recipient") & found.ids(kind="report")
        text = len(found.with_text(ids))
        assert [int(count), int(of), int(held)] == [
            len(found.showing(ids, NAMES[theme])),
            text,
            len(ids),
        ]
        assert any(share) is (text >= 10), "of few documents no share is told"


def test_organisations_are_found_and_added_by_a_part_of_a_name(client: FlaskClient) -> None:
    html = page(client, "/across/compare", organisation=TRUST, add="westerby")
    (link,) = [str(a.attributes["href"]) for a in html.css("ul a") if words(a) == COUNCIL]
    assert parse_qs(urlsplit(link).query)["organisation"] == [TRUST, COUNCIL]
    assert "No other organisation" in client.get("/across/compare?add=xyzzy").text


def test_the_list_of_organisations_goes_by_name_and_kind(
    library: Home, client: FlaskClient
) -> None:
    found = raw(library)
    html = page(client, "/organisations")
    seen = []
    for name, (kind, *cells) in table(html, "table.roles"):
        seen.append(name)
        assert words(kind) == KIND_OF[name]
        for cell, role in zip(
            cells, ("recipient", "respondent", "owner", "author", "mentioned"), strict=True
        ):
            assert number(cell) == len(found.of(name, role))
            if number(cell):
                assert behind(client, link_of(cell)) == number(cell)
    assert seen == sorted(seen, key=str.casefold) and len(seen) == 5
    only = [
        name for name, _ in table(page(client, "/organisations", body="council"), "table.roles")
    ]
    assert only == [COUNCIL]
    lines = rows_of(client, "/organisations.csv")
    assert [line[0] for line in lines[1:]] == seen
    for name, _, *counts in lines[1:]:
        assert int(counts[0]) == len(found.of(name, "recipient"))


def test_the_table_s_old_address_leads_to_the_new_one(client: FlaskClient) -> None:
    answer = client.get("/organisations?by=year&role=mentioned")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/across?by=year&role=mentioned"
    assert client.get("/organisations/list?name=x").headers["Location"] == "/organisations?name=x"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/across?by=coroner", 400),
        ("/across?role=friend", 400),
        ("/across?kind=friend", 400),
        ("/across?body=friend", 400),
        ("/across?theme=friend", 400),
        ("/across?from=soon", 400),
        ("/across?area=Atlantis", 400),
        ("/across?least=0", 400),
        ("/across?least=x", 400),
        ("/across?page=0", 400),
        ("/across?page=99", 200),
        ("/across?organisation=Nobody%20at%20All", 404),
        ("/across?organisation=" + "x" * 400, 400),
        ("/across?organisation=" + "&organisation=".join(["a"] * 61), 400),
        ("/across/compare?" + "&".join(f"organisation={quote(n)}" for n in KIND_OF), 200),
        ("/across/compare?organisation=Nobody", 404),
        ("/across/trend.svg?theme=friend", 404),
        ("/across/trend.svg", 404),
        ("/across/passages?by=kind&row=friend", 400),
        ("/across/passages?by=year&row=1900&theme=staffing", 200),
        ("/across/passages?theme=friend", 404),
        ("/across.pdf", 404),
        ("/organisations?body=friend", 400),
        ("/organisations/themes.csv?name=Nobody", 404),
        ("/across?by=%00&role=", 200),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text


SAME = tuple(
    document(
        f"same-{n}",
        date=f"209{n}-01-01",
        parties=sent_to(TRUST),
        parts=[(SectionKind.CONCERNS, "CONCERNS", [Say(RECURRING, {"staffing": "rota"})])],
    )
    for n in range(5)
)  # fmt: skip
LIBRARIES: dict[str, tuple[Document, ...]] = {
    "nothing": (),
    "one document": (EVERY[0],),
    "five documents": EVERY[:5],
    "one organisation": SAME,
    "all passages the same": SAME,
    "no organisation": tuple(raised(f"r{n}", "staffing", date="2099") for n in range(3)),
    "no date": tuple(raised(f"r{n}", "staffing", parties=sent_to(TRUST)) for n in range(3)),
    "no date, no body, no area": (raised("r", "staffing"),),
    "no theme": (raised("r", date="2099", parties=sent_to(TRUST)),),
    "no text": (document("bare", date="2099-01-01", parties=sent_to(TRUST)),),
    "no report": (EVERY[3],),
    "far years": tuple(
        raised(f"r{year}", "staffing", date=year, parties=sent_to(TRUST))
        for year in ("0999", "1890", "2099")
    ),
}


@pytest.mark.parametrize("case", LIBRARIES)
def test_a_small_or_broken_library_says_what_is_missing(home: Home, case: str) -> None:
    write_library(home, *LIBRARIES[case])
    client = app_over(home).test_client()
    found = raw(home)
    names = sorted({name for _, _, name in found.parties})
    for by in ("organisation", "kind", "area", "year"):
        for role in ROLES:
            html = page(client, "/across", by=by, role=role)
            ids = found.ids(kind=KIND_OF_ROLE[role])
            rows = found.rows(by, role, ids)
            shown = {n: of for n, of in rows.items() if by == "year" or found.with_text(of)}
            if shown:
                columns = heads(html, "table.across")
                for name, cells in table(html, "table.across"):
                    of = shown.get(name, ids)
                    assert [number(cell) for cell in cells] == expected(found, of, columns)
            else:
                told = words(html.body)
                assert re.search(
                    r"so there is no row to show|so there is nothing to count|held with text\.?",
                    told,
                ), told
            for extension in ("csv", "xlsx", "svg", "png"):
                answer = client.get(f"/across.{extension}?by={by}&role={role}")
                missing = extension in ("svg", "png") and not shown
                assert answer.status_code == (404 if missing else 200)
    for path in (
        "/organisations",
        "/across/compare",
        "/across/passages?by=year",
        "/across/trend.svg",
    ):
        assert client.get(path).status_code in (200, 404)
    for name in names:
        html = page(client, f"/organisations/{quote(name)}")
        assert html.css("h1") and "NaN" not in words(html.body)
        page(client, "/across/compare", organisation=name)
        for file in ("themes", "years"):
            for extension in ("csv", "xlsx", "svg"):
                answer = client.get(f"/organisations/{file}.{extension}?name={quote(name)}")
                assert answer.status_code in (200, 404)


@pytest.mark.parametrize(
    ("case", "path", "why"),
    [
        ("nothing", "/across", "No report is held here, so there is nothing to count."),
        ("no organisation", "/across", "3 reports are held, but none names an organisation"),
        ("no date", "/across?by=year", "3 reports are held, but none has a date"),
        ("no date", "/across?by=area", "3 reports are held, but none has a coroner area"),
        ("no date", "/across", "No report counted here has a date."),
        ("no text", "/across", "none of the 1 held here has text, so no theme can be counted"),
        ("no report", "/across", "No report is held here"),
        ("no text", f"/organisations/{quote(TRUST)}", "without the text no theme can be seen"),
        ("no date", f"/organisations/{quote(TRUST)}", "None of its documents has a date."),
        ("no theme", f"/organisations/{quote(TRUST)}", "No theme is tagged in any of them."),
        (
            "all passages the same",
            f"/organisations/{quote(TRUST)}",
            "Of 5 reports sent to it and held here",
        ),
    ],
)
def test_a_page_says_why_something_is_missing(home: Home, case: str, path: str, why: str) -> None:
    write_library(home, *LIBRARIES[case])
    assert why in words(page(app_over(home).test_client(), path).body)


def test_without_a_library_the_pages_say_so(home: Home) -> None:
    client = app_over(home).test_client()
    for path in ("/across", "/across.csv", "/across/compare", "/organisations", "/across.svg"):
        answer = client.get(path)
        assert answer.status_code == 503 and "pfdkb ingest" in answer.text


def test_every_kind_can_be_chosen(client: FlaskClient) -> None:
    html = page(client, "/across")
    assert [o.attributes["value"] for o in html.css("#body option")] == ["", *KINDS]
