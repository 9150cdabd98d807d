"""Tables as a careful person reads them: caption, header, rows; and the passages they make."""

import io
import re
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import split_passages
from ingest.clean import clean_text
from ingest.formats_docx import read_docx
from ingest.formats_html import read_html
from ingest.furniture import find_furniture
from ingest.sections import split_sections
from ingest.tables import read_tables
from kb.documents import Kind, Passage
from kb.records import Table

REPORT = (
    Path(__file__).resolve().parents[2]
    / "shared/data/documents/004_9f16f9eb560d8b16.txt"
)  # fmt: skip

PROSE = "The lamps of the harbour were counted by the keepers each month of the year 2099."
STAFF = "Keeper\t4\nNight Watch\t2\nTotal:\t6\nPeople in post on 01/01/2099\t\n"
YEARS = "Year\tNorth\tSouth\tTotal\n2097/98\t12\t8\t20\n2098/99\t15\t1,106\t1,121\n"


def words(text: str) -> int:
    return len(text.split())


def only(text: str) -> Table:
    (table,) = read_tables(text)
    return table


def outline_of(text: str) -> list[tuple[str | None, str | None, int]]:
    return [(table.number, table.caption, len(table.rows)) for table in read_tables(text)]


@pytest.mark.parametrize(
    ("caption", "expected", "why"),
    [
        ("Table 9: Lamps lit", ("9", "Lamps lit"), "a colon"),
        ("**Table 9:** Lamps lit", ("9", "Lamps lit"), "a bold number"),
        ("**Table 9: Lamps lit**", ("9", "Lamps lit"), "all bold"),
        ("## **Table 9: Lamps lit**", ("9", "Lamps lit"), "a caption made a heading"),
        ("Table 9 – Lamps lit.", ("9", "Lamps lit."), "a dash"),
        ("Table 9. Lamps lit", ("9", "Lamps lit"), "a stop"),
        ("Table 9 Lamps lit", ("9", "Lamps lit"), "nothing between"),
        ("TABLE 2a: Lamps lit", ("2a", "Lamps lit"), "a letter in the number"),
        ("Table A1.2: Lamps lit", ("A1.2", "Lamps lit"), "an annex"),
        ("Figure 2 and Table 5: Lamps lit", ("5", "Lamps lit"), "shared with a chart"),
        ("Table 9", ("9", None), "the number alone"),
        ("Table 9 shows that the lamps were lit.", (None, None), "a sentence"),
        ("The lamps are in Table 9: see there.", (None, None), "a reference"),
        ("Tables 9 and 10: Lamps lit", (None, None), "a caption of several"),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_caption_is_known_however_it_is_written(
    caption: str, expected: tuple[str | None, str | None], why: str, above: bool
) -> None:
    parts = [caption, YEARS] if above else [YEARS, caption]
    table = only("\n\n".join([PROSE, *parts, PROSE]))
    assert (table.number, table.caption) == expected, why


def test_captions_go_to_their_tables_on_whichever_side_they_stand() -> None:
    above = f"Table 1: A\n\n{STAFF}\nTable 2: B\n\n{YEARS}\n{STAFF}"
    below = f"{STAFF}\nTable 1: A\n\n{YEARS}\nTable 2: B\n\n{PROSE}\n\n{STAFF}"
    bare_first = f"{STAFF}\nTable 1: A\n\n{PROSE}\n\n{YEARS}\nTable 2: B\n\n{STAFF}"
    assert outline_of(above) == [("1", "A", 4), ("2", "B", 2), (None, None, 4)]
    assert outline_of(below) == [("1", "A", 4), ("2", "B", 2), (None, None, 4)]
    assert outline_of(bare_first) == [("1", "A", 4), ("2", "B", 2), (None, None, 4)]


def test_a_caption_may_be_parted_from_its_table_by_a_paragraph_but_not_by_a_heading() -> None:
    near = f"Table 1: A\n\n{PROSE}\n\n{YEARS}"
    table = only(near)
    assert (table.number, near[table.start : table.end]) == ("1", YEARS.strip())
    assert only(f"Table 1: A\n\n{PROSE}\n\n## Lamps\n\n{YEARS}").number is None
    assert only(f"Table 1: A\n\n{PROSE}\n\n{PROSE}\n\n{PROSE}\n\n{YEARS}").number is None


def test_a_caption_cut_off_and_printed_again_names_one_table() -> None:
    text = f"{PROSE}\n\nTable 4: Lamps lit by\n\n\nTable 4: Lamps lit by all.\n\n{YEARS}"
    assert outline_of(text) == [("4", "Lamps lit by all.", 2)]


def test_a_span_holds_the_caption_that_touches_the_table() -> None:
    for text in (f"Table 1: A\n\n{YEARS.strip()}", f"{YEARS.strip()}\n\nTable 1: A"):
        table = only(f"{PROSE}\n\n{text}\n\n{PROSE}")
        assert f"{PROSE}\n\n{text}\n\n{PROSE}"[table.start : table.end] == text


@pytest.mark.parametrize(
    ("first", "caption", "header", "why"),
    [
        ("\tTable 3: Lamps\t\t\tt\t", "Lamps", ("", "May", "June", "July"), "debris beside it"),
        ("J. S.\tTable 3: Lamps\t\t\t", "Lamps", ("", "May", "June", "July"), "a logo's letters"),
        ("Table 3: Lamps\t\tLamps\t\t", "Lamps", ("", "May", "June", "July"), "said twice"),
        ("Table 3:\t\tLamps\t\t", "Lamps", ("", "May", "June", "July"), "in the next cell"),
        ("Table 3:\t\t\t\t", None, ("", "May", "June", "July"), "the number alone"),
    ],
)
def test_a_caption_in_the_first_row_is_no_row(
    first: str, caption: str | None, header: tuple[str, ...], why: str
) -> None:
    table = only(f"{first}\n\tMay\tJune\tJuly\nNorth\t4\t5\t6\nSouth\t1\t0\t2\n")
    assert (table.number, table.caption, table.header) == ("3", caption, header), why
    assert table.rows == (("North", "4", "5", "6"), ("South", "1", "0", "2"))


def test_the_header_may_stand_in_the_row_of_the_caption() -> None:
    table = only("Table 3: Lamps\tMay\tJune\nNorth\t4\t5\n")
    assert (table.header, table.rows) == (("", "May", "June"), (("North", "4", "5"),))


def test_captions_in_rows_part_tables_that_touch() -> None:
    block = "\tTable {}: Lamps\t\n\tMay\tJune\nNorth\t4\t5\n"
    assert outline_of(block.format(1) + block.format(2)) == [("1", "Lamps", 1), ("2", "Lamps", 1)]


@pytest.mark.parametrize(
    ("head", "expected", "why"),
    [
        ("Year\tMay\tJune", ("Year", "May", "June"), "one row"),
        ("\t2097\t2098", ("", "2097", "2098"), "years are names, not figures"),
        ("Age\t18-64\t65+", ("Age", "18-64", "65+"), "ranges are names, not figures"),
        (
            "\tNORTH\t\n\tLit\tOut",
            ("", "NORTH Lit", "NORTH Out"),
            "a name over two columns is said over each",
        ),
        ("Area\tLit\tLit\nAge\t18-64\t65+", ("Area Age", "Lit 18-64", "Lit 65+"), "two full rows"),
        (
            "\tAge in years\t\n\t0-17 18-25 years years\t",
            ("", "Age in years 0-17 years", "Age in years 18-25 years"),
            "names read as one cell",
        ),
        ("", (), "none"),
    ],
)
def test_header_rows_name_every_column(head: str, expected: tuple[str, ...], why: str) -> None:
    table = only(f"Table 1: A\n\n{head}\nNorth\t4\t5\nSouth\t6\tN/A\n".replace("\n\n\n", "\n\n"))
    assert table.header == expected, why
    assert table.rows == (("North", "4", "5"), ("South", "6", "N/A"))


def test_a_table_of_words_has_its_first_row_as_header() -> None:
    table = only("Reference\tDescription\n1A\tLamps that burn\n1B\tLamps that do not\n")
    assert table.header == ("Reference", "Description")
    assert len(table.rows) == 2


def test_a_title_over_a_table_without_caption_is_its_caption() -> None:
    table = only("Lamps of the harbour\t\t\nYear\tMay\tJune\nNorth\t4\t5\n")
    assert (table.number, table.caption) == (None, "Lamps of the harbour")
    assert table.header == ("Year", "May", "June")


@pytest.mark.parametrize(
    ("rows", "expected", "why"),
    [
        (
            "Approved Lamp Harbour\t18\nKeepers (AHK)\t\nKeeper\t22\n"
            "Student Keeper (Lamps Ahead\t4\nprogramme)\t\nTotal:\t44\n",
            [
                ("Approved Lamp Harbour Keepers (AHK)", "18"),
                ("Keeper", "22"),
                ("Student Keeper (Lamps Ahead programme)", "4"),
                ("Total:", "44"),
            ],
            "labels of two lines",
        ),
        (
            STAFF,
            [
                ("Keeper", "4"),
                ("Night Watch", "2"),
                ("Total:", "6"),
                ("People in post on 01/01/2099", ""),
            ],
            "a note behind the total is a row",
        ),
        (
            "North\t\nKeeper\t4\nMate\t2\nSouth\t\nKeeper\t1\n",
            [("North", ""), ("Keeper", "4"), ("Mate", "2"), ("South", ""), ("Keeper", "1")],
            "sub-headings are rows",
        ),
        (
            "Lamps lit\t4\nin May\t\nLamps out\t1\n",
            [("Lamps lit in May", "4"), ("Lamps out", "1")],
            "a label that goes on in lower case",
        ),
        (
            "East\t6\nNorth\t4\nof which\nlit\t3\n",
            [("East", "6"), ("North", "4 of which"), ("lit", "3")],
            "a line without a tab goes on with the last cell",
        ),
    ],
)
def test_wrapped_cells_are_made_whole_and_other_rows_left_alone(
    rows: str, expected: list[tuple[str, str]], why: str
) -> None:
    assert list(only(f"Table 1: A\n\n{rows}").rows) == expected, why


def test_the_paragraphs_of_a_tall_cell_are_one_cell() -> None:
    text = (
        "No\tAim\tHow did we do?\n\tAim One: more light:\t\n"
        "1.\tLight the lamps on the\tAll of the lamps were\n"
        "\tnorthern pier.\tlit by May 2099.\n"
        "\t\tTwo more lamps were bought in June.\n"
        "\t2. Keep them lit.\tThe keepers were asked.\n2.\t\tThey agreed to the new hours.\n\n"
        "Aim Two: less noise:\t\t\n3.\tMute the bells.\tThe bells were muted.\n\n"
        "Table 3: Aims of the year\n"
    )
    table = only(text)
    assert (table.number, table.header) == ("3", ("No", "Aim", "How did we do?"))
    assert table.rows == (
        ("", "Aim One: more light:", ""),
        (
            "1.",
            "Light the lamps on the northern pier.",
            "All of the lamps were lit by May 2099. Two more lamps were bought in June.",
        ),
        ("2.", "2. Keep them lit.", "The keepers were asked. They agreed to the new hours."),
        ("Aim Two: less noise:", "", ""),
        ("3.", "Mute the bells.", "The bells were muted."),
    )


def test_a_merged_cell_leaves_its_rows_apart() -> None:
    text = "Table 1: A\n\n\t\tPeriod\tShare\nCrew\tNorth Pier\tMay\t4%\n\tSouth Pier\tMay\t5%\n"
    assert only(text).rows == (
        ("Crew", "North Pier", "May", "4%"),
        ("", "South Pier", "May", "5%"),
    )


def test_a_stuck_column_is_kept_as_written() -> None:
    rows = [("May", "5", "360", "1.39%"), ("June", "195", "14575", "1.39%")]
    text = "\tLit\tAll\tShare\n" + "".join("\t".join(row) + "\n" for row in rows)
    assert list(only(text).rows) == rows


def test_empty_columns_rows_and_pictures_debris_go_and_cells_lose_their_markup() -> None:
    text = (
        "Name\t\t**Lit**\tMove\t\n\t\t•\t\t\nS\t\t4\t<b>↑</b>\t\n"
        "North\t\t<ul> <li>2 - May</li> <li>1 - June</li> </ul>\t$\\leftrightarrow$\t\n"
    )
    assert only(text).rows == (("S", "4", "↑"), ("North", "• 2 - May • 1 - June", "↔"))
    upright = "\t\tLit\nS\tNorth\t4\n\tSouth\t5\n\tEast\t6\n"
    assert only(upright).rows == (("North", "4"), ("South", "5"), ("East", "6"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.\tThe lamps were lit.\n2.\tThe bells were rung.\n", "a list"),
        ("1.\tThe\tlamps were lit.\n2.\tThe\tbells were rung.\n", "a list that tabs space out"),
        ("1\tCORONER\nI am Ada Vale\n2\tLEGAL POWERS\nI report\n", "the form in Word"),
        (f"{PROSE}\tof\t\n\tthe piers\n", "a sentence that tabs space out"),
        ("•\tThe lamps were lit.\n•\tThe bells were rung.\n", "bullets"),
        ("\tDear Keeper\n\tThe lamps were lit.\n", "indented lines"),
        ("Telephone:\t01 234\n", "a line with a tab"),
        ("Contents\n\nForeword\t3\nLamps\t4\nBells\t9\n", "a contents page"),
        (PROSE, "prose"),
        ("", "nothing"),
    ],
)
def test_tabs_alone_make_no_table(text: str, why: str) -> None:
    assert read_tables(text) == (), why


CELLS = [("Year", "North", "South"), ("2097/98", "4", "5"), ("2098/99", "", "6")]


def test_a_table_of_a_web_page_is_read_by_the_same_rules() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in CELLS)
    page = clean_text(read_html(f"<body><p>Words.</p><table>{rows}</table><p>Words.</p></body>"))
    table = only(page)
    assert [table.header, *table.rows] == CELLS


def test_a_table_of_a_word_document_is_read_by_the_same_rules() -> None:
    document = docx.Document()
    for number in (1, 2):
        document.add_paragraph(f"Table {number}: Lamps")
        grid = document.add_table(rows=3, cols=3)
        for row, cells in zip(grid.rows, CELLS, strict=True):
            for cell, words_of_cell in zip(row.cells, cells, strict=True):
                cell.text = words_of_cell
    stream = io.BytesIO()
    document.save(stream)
    tables = read_tables(clean_text(read_docx(stream.getvalue())))
    assert [table.number for table in tables] == ["1", "2"]
    assert [[table.header, *table.rows] for table in tables] == [CELLS, CELLS]


BESIDE = (
    "Table 1: Training\t\t\tTraining\t\t\n\t\t\tTime period\tTarget\tPerformance\n"
    "\tHarbour Staff\tHALT (North and South crews)\tAs at end Quarter 4 2098/99\t85%\t74.02%\n"
    "\t\tNorth Pier Council\tAs at May 2099\t100%\t93%\n"
    "\tPier Staff\tSouth Pier Council (Lamp Crew)\tAs at end Quarter 4 2098/99\t>75%\t39% (now)\n"
)  # fmt: skip
FLAT = (
    "**Table 2:** Absence **Absence Time period Target Performance HALT** As at end Quarter 4 "
    "(North and **Harbour Staff** 4.65% 4.90% 2098/99 South crews) Average for 2098/99 North Pier "
    "Council N/A 7.9% **Pier Staff** South 8 days a keeper Pier Council\\* As of May 2099 14.85 "
    "days a keeper (+/- 1 day) (Lamp Crew)"
)


def test_a_table_read_as_one_line_is_put_back_by_the_table_beside_it() -> None:
    table = read_tables(f"{BESIDE}\n\n{FLAT}\n\n{PROSE}\n")[1]
    assert (table.number, table.caption) == ("2", "Absence")
    assert table.header == ("", "", "Time period", "Target", "Performance")
    assert table.rows == (
        (
            "Harbour Staff",
            "HALT (North and South crews)",
            "As at end Quarter 4 2098/99",
            "4.65%",
            "4.90%",
        ),
        ("", "North Pier Council", "Average for 2098/99", "N/A", "7.9%"),
        (
            "Pier Staff",
            "South Pier Council* (Lamp Crew)",
            "As of May 2099",
            "8 days a keeper (+/- 1 day)",
            "14.85 days a keeper",
        ),
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("N/A 7.9%", "7.9%"), "a figure is missing"),
        (("N/A 7.9%", "N/A 7.9% 8.1%"), "a figure too many"),
        (("North Pier Council", "The Pier Council"), "a label is not known"),
    ],
)
def test_a_line_whose_cells_have_no_sure_place_is_kept_whole(
    change: tuple[str, str], why: str
) -> None:
    table = read_tables(f"{BESIDE}\n\n{FLAT.replace(*change)}\n\n{PROSE}\n")[1]
    assert (table.number, table.header, len(table.rows), len(table.rows[0])) == ("2", (), 1, 1), why
    assert table.rows[0][0].endswith("(+/- 1 day) (Lamp Crew)")


LINES = st.sampled_from(
    [
        *STAFF.split("\n"),
        *YEARS.split("\n"),
        *BESIDE.split("\n"),
        FLAT,
        PROSE,
        "",
        "",
        "\t\tmore words than two\t",
        "2.\t\tx",
        "lower",
        "## Heading",
        "Contents",
        "Table 1: A",
        "Table 2: B",
        "\tTable 3: C\t",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text("ab1.\t\n ", max_size=80), st.lists(LINES, max_size=25).map("\n".join)))
def test_tables_of_any_text_are_square_in_order_and_made_of_its_words(text: str) -> None:
    at = 0
    for table in read_tables(text):
        assert at <= table.start < table.end <= len(text)
        at = table.end
        widths = {len(row) for row in table.rows} | ({len(table.header)} if table.header else set())
        assert len(widths) <= 1
        held = re.findall(r"\w+", text[table.start : table.end])
        for row in table.rows:
            assert set(re.findall(r"\w+", " ".join(row))) <= set(held)


def passages(text: str, limit: int = 60) -> tuple[Passage, ...]:
    sections = split_sections(text, Kind.ANNUAL_REPORT)
    return split_passages(
        text,
        sections,
        kind=Kind.ANNUAL_REPORT,
        count=words,
        tables=read_tables(text),
        furniture=find_furniture(text, sections),
        limit=limit,
    )


def test_a_table_is_one_passage_with_its_number() -> None:
    text = f"{PROSE}\n\nTable 9: Lamps\n\n{YEARS}\n{PROSE}\n"
    assert [(p.label, p.text) for p in passages(text)] == [
        (None, PROSE),
        ("Table 9", f"Table 9: Lamps\n\n{YEARS.strip()}"),
        (None, PROSE),
    ]


def test_a_long_table_is_divided_between_its_rows_evenly() -> None:
    rows = [f"Pier {n}\t{n}\t{n * 2}" for n in range(30)]
    found = passages("Table 9: Lamps\n\n\tLit\tOut\n" + "\n".join(rows))
    assert {p.label for p in found} == {"Table 9"}
    assert [words(p.text) for p in found] == [45, 44, 36]
    assert "\n".join(p.text for p in found).split() == "\n".join(
        ["Table 9: Lamps Lit Out", *rows]
    ).split()  # fmt: skip


def test_rows_fill_a_passage_by_what_they_count_together() -> None:
    text = "Table 9: Lamps\n\n\tLit\n" + "".join(f"Pier\t{n}\n" for n in range(24))
    (section,) = split_sections(text, Kind.ANNUAL_REPORT)
    found = split_passages(
        text,
        [section],
        kind=Kind.ANNUAL_REPORT,
        count=lambda some: len(some.split()) + 2,  # a model adds two tokens to every text
        tables=read_tables(text),
        limit=30,
    )
    assert [words(passage.text) for passage in found] == [28, 24]


def test_a_table_without_number_is_a_passage_of_its_own() -> None:
    found = passages(f"{PROSE}\n\n{YEARS}\n{STAFF}\n{PROSE}\n")
    assert [(p.label, p.text) for p in found] == [
        (None, PROSE),
        (None, YEARS.strip()),
        (None, STAFF.strip()),
        (None, PROSE),
    ]


def test_a_sub_heading_begins_a_passage_and_leads_its_table() -> None:
    long = " ".join(["word"] * 41)
    text = f"## One\n\nA.\n\n## Two\n\nB.\n\n## Three\n\n{long}\n\n## Four\n\n{YEARS}"
    listed = "# Contents\n\nAll\t1\nOther\t2\nRest\t3\n\n# All\n\n"
    found = passages(f"{listed}{text}\n# Other\n\nC.\n\n# Rest\n\nD.\n")
    assert [p.text for p in found][1:] == [
        f"# All\n\n## One\n\nA.\n\n## Two\n\nB.\n\n## Three\n\n{long}",
        f"## Four\n\n{YEARS.strip()}",
        "# Other\n\nC.",
        "# Rest\n\nD.",
    ]


@pytest.fixture(scope="module")
def real() -> str:
    if not REPORT.exists():
        pytest.skip("the public documents do not stand beside the checkout")
    return clean_text(REPORT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def numbered(real: str) -> dict[str | None, Table]:
    return {table.number: table for table in read_tables(real)}


@pytest.mark.real_data
def test_every_numbered_table_of_the_real_report_is_found(real: str) -> None:
    shapes = {
        table.number: (len(table.header), len(table.rows), len(table.rows[0]))
        for table in read_tables(real)
    }
    assert shapes == {
        "1": (0, 12, 2),
        "2": (0, 9, 2),
        "3": (3, 12, 3),
        "4": (5, 3, 5),
        "5": (5, 3, 5),
        "6": (4, 15, 4),
        "7": (7, 6, 7),
        "8": (7, 6, 7),
        "9": (4, 2, 4),
        "10": (5, 5, 5),
        "11": (2, 2, 2),
        "12": (7, 24, 7),
        "13": (7, 24, 7),
        "14": (5, 3, 5),
        "15": (5, 3, 5),
        "16": (5, 3, 5),
        "17": (5, 6, 5),
        "18": (5, 6, 5),
        "19": (5, 6, 5),
        "20": (4, 3, 4),
        "21": (4, 3, 4),
        "22": (2, 6, 2),
    }


def figures(table: Table, column: int) -> list[int]:
    cells = [row[column].replace(",", "") for row in table.rows]
    return [int(cell) for cell in cells if cell.isdecimal()]


@pytest.mark.real_data
def test_the_totals_of_the_real_tables_hold(numbered: dict[str | None, Table]) -> None:
    for number in ("1", "2"):
        *posts, total = figures(numbered[number], 1)
        assert sum(posts) == total
    for number in ("20", "21"):
        table = numbered[number]
        both = zip(figures(table, 1), figures(table, 2), strict=True)
        assert [north + south for north, south in both] == figures(table, 3)
    for number in ("17", "18", "19"):
        quarters, year = numbered[number].rows[:2]
        assert sum(map(int, quarters[1:])) == int(year[1])
    for contacts, people, rate in (row[1:] for row in numbered["9"].rows):
        ratio = int(contacts.replace(",", "")) / int(people.replace(",", ""))
        assert round(100_000 * ratio) == int(rate.replace(",", ""))


@pytest.mark.real_data
def test_the_long_real_tables_are_exact(numbered: dict[str | None, Table]) -> None:
    sums = {"12": ([2305, 13835, 55], 3925), "13": ([14150, 13835, 55], 18375)}
    for number, table in ((number, numbered[number]) for number in sums):
        assert table.header[1].endswith("No. people in employment")
        assert table.header[1].split()[0] != table.header[4].split()[0] == "WARWICKSHIRE"
        assert [row[0] for row in table.rows][::23] == ["Apr-22", "Mar-24"]
        for row in table.rows[:-1]:
            for lit, everyone, share in ((1, 2, 3), (4, 5, 6)):
                stuck = number == "12" and share == 3 and row[3] == "1.39%"
                exact = 100 * int(row[lit]) / int(row[everyone])
                assert stuck or abs(exact - float(row[share].rstrip("%"))) < 0.006, row
        assert table.rows[-1][1:] == ("Unavailable", "Unavailable", "N/A") * 2
    assert [row[3] for row in numbered["12"].rows].count("1.39%") == 14


@pytest.mark.real_data
def test_the_three_real_tables_of_one_form_are_exact(numbered: dict[str | None, Table]) -> None:
    captions = {"14": "Appraisals", "15": "Sickness", "16": "Turnover"}
    values = {
        "14": [("85%", "74.02%"), ("100%", "93%"), (">75%", "39% (rolling 12 months)")],
        "15": [
            ("4.65%", "4.90%"),
            ("N/A", "7.9%"),
            ("8 days per FTE (+/- 1 day)", "14.85 days per FTE"),
        ],
        "16": [("N/A", "12.72%"), ("N/A", "12.0%"), ("Retention rate is 87%", "15.8%")],
    }
    periods: dict[str, list[str | None]] = {
        "14": ["As at end Quarter 4 FY2023/24", None, "As at end Quarter 4 FY2023/24"],
        "15": ["As at end Quarter 4 FY2023/24", "Average for FY2023/24", "As of May 2024"],
        "16": ["As at end Quarter 4 FY2023/24", "FY2023/24", "Quarter 4, FY2023/24"],
    }
    for number, caption in captions.items():
        table = numbered[number]
        assert table.caption == caption
        assert table.header[2:] == ("Time period", "Target", "Performance")
        assert [row[0] for row in table.rows] == ["Health Staff", "", "Social Care Staff"]
        assert [row[1].split()[0] for row in table.rows] == ["CWPT", "Coventry", "Warwickshire"]
        assert [row[-2:] for row in table.rows] == values[number]
        for row, period in zip(table.rows, periods[number], strict=True):
            assert period in (None, row[2])


@pytest.mark.real_data
def test_every_real_table_is_a_passage_or_runs_of_its_rows(real: str) -> None:
    found = passages(real, limit=150)
    labels = {p.label for p in found if p.label}
    assert labels == {f"Table {number}" for number in range(1, 23)}
    for table in read_tables(real):
        runs = [p for p in found if table.start <= p.start < table.end]
        assert {p.label for p in runs} == {f"Table {table.number}"}
        assert "".join(real[table.start : table.end].split()) == "".join(
            "".join(p.text.split()) for p in runs
        )
