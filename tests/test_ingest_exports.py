"""A row of either export becomes a draft of what it states, no more and no less."""

from pathlib import Path

import pytest

from ingest.categories import CATEGORIES, read_categories
from ingest.exports import Refusal, drafts, is_export, missing_columns, origin_of
from ingest.people import person_name
from ingest.read import read_file
from kb.documents import Draft, Origin, SectionKind
from kb.errors import Unreadable

SHARED = Path(__file__).resolve().parents[2] / "shared"
TRACKER = dict.fromkeys(
    [
        "date_of_report",
        "ref",
        "deceased_name",
        "coroner_name",
        "coroner_area",
        "category",
        "this_report_is_being_sent_to",
        "report_url",
        "pdf_url",
        "reply_urls",
        "circumstances",
        "concerns",
        "inquest",
        "action",
        "response",
        "legal",
    ],
    "",
)
TOOLKIT = dict.fromkeys(
    [
        "url",
        "id",
        "date",
        "coroner",
        "area",
        "receiver",
        "investigation",
        "circumstances",
        "concerns",
    ],
    "",
)
URL = "https://reports.example/prevention/ada-vale/"


def one(origin: Origin, **cells: str) -> Draft:
    """Return the draft of one row, the other cells being empty."""
    row = (TRACKER if origin is Origin.TRACKER else TOOLKIT) | cells
    (draft,) = drafts([row], origin=origin, source="export.csv")
    assert isinstance(draft, Draft)
    return draft


def test_a_full_tracker_row_gives_its_parts_in_the_order_of_the_form() -> None:
    draft = one(
        Origin.TRACKER,
        report_url=URL,
        concerns="No plan &amp; no lead.\r\n\xa0\r\n",
        circumstances="N/A: Not found",
        inquest="An inquest was held.",
        legal="The Act.",
        action="Action is needed.",
        response="Within 56 days.",
    )
    assert [(part.kind, part.text) for part in draft.parts] == [
        (SectionKind.POWERS, "The Act."),
        (SectionKind.INVESTIGATION, "An inquest was held."),
        (SectionKind.CONCERNS, "No plan & no lead."),
        (SectionKind.ACTION, "Action is needed."),
        (SectionKind.RESPONSE_DUE, "Within 56 days."),
    ]


def test_a_tracker_row_states_its_fields() -> None:
    draft = one(
        Origin.TRACKER,
        report_url=URL,
        date_of_report="26 May 2099",
        ref="2099 &#x2013; 0012",
        deceased_name="&#xa0; Ada Vale",
        coroner_name="Mr Professor Bo MARSH OBE",
        coroner_area=": Amber Inner (West)<br>",
        category="Suicide (from 2015)|&#xa0;Other related deaths | Prevention of Future Deaths",
        this_report_is_being_sent_to="Vale Trust | Marsh &amp; Co",
        pdf_url="https://reports.example/vale.pdf",
        reply_urls="https://reports.example/a.pdf | https://reports.example/b-.pdf | ",
    )
    assert dict(draft.fields) == {
        "kind": "report",
        "date": "2099-05-26",
        "date_written": "26 May 2099",
        "ref": "2099-0012",
        "ref_written": "2099 – 0012",
        "deceased": "Ada Vale",
        "coroner": "Bo Marsh",
        "coroner_written": "Mr Professor Bo MARSH OBE",
        "coroner_area": "Amber Inner (West)",
        "categories": ("Suicide (from 2015)", "Other related deaths"),
        "recipients_written": "Vale Trust | Marsh & Co",
        "url": URL,
        "pdf_url": "https://reports.example/vale.pdf",
        "reply_urls": ("https://reports.example/a.pdf", "https://reports.example/b-.pdf"),
    }


def test_a_toolkit_row_states_its_fields_and_parts() -> None:
    draft = one(
        Origin.TOOLKIT,
        url=URL,
        id="2099-0012",
        date="2099-05-26",
        coroner="Bo MARSH, Senior Coroner, for the coroner area of Amber. 2",
        area="Amber and \nVale. 2",
        receiver="Vale Trust; Marsh Trust",
        investigation="An inquest was held.",
        concerns="No plan.",
    )
    assert draft.fields["coroner"] == "Bo Marsh"
    assert draft.fields["coroner_area"] == "Amber and Vale"
    assert draft.fields["date"] == "2099-05-26"
    assert [part.kind for part in draft.parts] == [
        SectionKind.INVESTIGATION,
        SectionKind.CONCERNS,
    ]


@pytest.mark.parametrize(
    "cell", ["", " ", "\xa0", "N/A: Not found", "N/A - Not found", "N/A: Not f", "n/a", "None", "-"]
)
def test_a_cell_that_says_nothing_gives_no_field(cell: str) -> None:
    row = dict.fromkeys(TRACKER, cell) | {"report_url": URL}
    (draft,) = drafts([row], origin=Origin.TRACKER, source="export.csv")
    assert isinstance(draft, Draft)
    assert dict(draft.fields) == {"kind": "report", "url": URL}
    assert not draft.has_text


def test_what_is_redacted_is_not_stated() -> None:
    draft = one(Origin.TRACKER, report_url=URL, deceased_name="[REDACTED]", coroner_name="REDACTED")
    assert "deceased" not in draft.fields
    assert "coroner" not in draft.fields


def test_words_that_cannot_be_read_are_kept_as_written() -> None:
    draft = one(Origin.TRACKER, report_url=URL, ref="20990-12", date_of_report="9 August")
    assert dict(draft.fields) == {
        "kind": "report",
        "ref_written": "20990-12",
        "date_written": "9 August",
        "url": URL,
    }


@pytest.mark.parametrize(
    "url",
    [
        URL,
        URL.rstrip("/"),
        URL.upper(),
        f"{URL}?utm=1",
        f"{URL}#top",
        f" {URL} ",
    ],
)
def test_one_report_has_one_key_however_its_address_is_written(url: str) -> None:
    draft = one(Origin.TOOLKIT, url=url)
    assert draft.key == "url:https://reports.example/prevention/ada-vale"
    assert draft.docno == "ada-vale"
    assert draft.key == one(Origin.TRACKER, report_url=URL).key


@pytest.mark.parametrize("url", ["", "N/A: Not found", "https://reports.example/"])
def test_a_row_without_an_address_is_refused_by_its_row_in_the_sheet(url: str) -> None:
    rows = [TOOLKIT | {"url": URL}, TOOLKIT | {"url": url}]
    good, bad = drafts(rows, origin=Origin.TOOLKIT, source="export.csv")
    assert isinstance(good, Draft)
    assert isinstance(bad, Refusal)
    assert (bad.line, bad.reason) == (3, "no_url")


def test_two_rows_of_one_report_are_both_given() -> None:
    rows = [TOOLKIT | {"url": URL, "concerns": words} for words in ("First.", "Second.")]
    first, second = drafts(rows, origin=Origin.TOOLKIT, source="export.csv")
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert first.docno == second.docno
    assert first.sha256 != second.sha256


def test_a_row_hashes_the_same_whatever_the_order_of_its_columns() -> None:
    row = TOOLKIT | {"url": URL, "concerns": "No plan."}
    turned = dict(reversed(row.items()))
    first, second = drafts([row, turned], origin=Origin.TOOLKIT, source="export.csv")
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (list(TRACKER), Origin.TRACKER),
        ([*TOOLKIT, "added later"], Origin.TOOLKIT),
        (list(TOOLKIT)[1:], None),
        ([], None),
    ],
)
def test_an_export_is_known_by_its_columns(header: list[str], expected: Origin | None) -> None:
    assert is_export(header) == expected


def test_an_unknown_table_is_refused_by_naming_what_the_nearest_layout_lacks() -> None:
    header = [column for column in TRACKER if column not in ("report_url", "legal")]
    assert missing_columns(header) == ("report_url", "legal")
    with pytest.raises(Unreadable, match=r"tracker layout.*: report_url, legal") as caught:
        origin_of(header)
    assert caught.value.reason == "unknown_columns"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ()),
        (" | ".join(CATEGORIES), CATEGORIES),
        ("Suicide; Other related deaths;", ("Suicide (from 2015)", "Other related deaths")),
        ("Prevention of Future Deaths", ()),
        ("Suicide | Suicide (from 2015)", ("Suicide (from 2015)",)),
        ("Accident at Work & Health & Safety related deaths", CATEGORIES[:1]),
        ("alcohol, drugs and medication Related Death", CATEGORIES[1:2]),
        (
            "Care home health related deaths, Police related deaths and Suicide",
            ("Care Home Health related deaths", "Police related deaths", "Suicide (from 2015)"),
        ),
        ("Emergency Services related deaths", CATEGORIES[5:6]),
        ("Ballooning related deaths", ("Ballooning related deaths",)),
        ("Suicide and ballooning", ("Suicide and ballooning",)),
    ],
)
def test_categories_are_found_by_the_judiciarys_own_names(
    written: str, expected: tuple[str, ...]
) -> None:
    assert read_categories(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Ms Ada Bo Vale OBE", "Ada Bo Vale"),
        ("HH Judge Vale KC. Recorder of Amber.", "Vale"),
        ("HM Senior Coroner Dr. Ada Vale", "Ada Vale"),
        ("Ada VALE, assistant coroner, for Amber", "Ada Vale"),
        ("Ada Vale Coroner Area: Amber", "Ada Vale"),
        ("Ada VALE-MARSH", "Ada Vale-Marsh"),
        ("ADA MCVALE", "Ada McVale"),
        ("Ada McVALE", "Ada McVale"),
        ("ADA O’VALE", "Ada O’Vale"),
        ("Dr ada van der vale", "Ada van der Vale"),
        ("AB Vale", "AB Vale"),
        ("Dr Ada A Vale", "Ada A Vale"),
        ("[REDACTED]", None),
        ("2099-0012", None),
        ("under a duty to send the Chief Coroner a copy", None),
        ("", None),
    ],
)
def test_a_coroners_name_stands_without_titles_and_honours(
    written: str, expected: str | None
) -> None:
    assert person_name(written) == expected


@pytest.mark.real_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the public exports are not beside the checkout")
def test_the_published_exports_are_read_whole() -> None:
    held = {}
    for name, origin in (("tracker", Origin.TRACKER), ("toolkit", Origin.TOOLKIT)):
        reading = read_file(SHARED / "data" / "reports" / f"{name}_reports.csv")
        assert is_export(reading.rows[0]) is origin
        held[origin] = list(drafts(reading.rows, origin=origin, source=name))
    found = {origin: [d for d in items if isinstance(d, Draft)] for origin, items in held.items()}
    assert [len(held[origin]) for origin in found] == [4996, 1514]
    assert [len(items) for items in found.values()] == [4996, 1514]
    assert len({draft.docno for items in found.values() for draft in items}) == 5516
    assert [sum(d.has_text for d in items) for items in found.values()] == [732, 1513]
    assert [sum("date" in d.fields for d in items) for items in found.values()] == [4982, 1512]
    assert [sum("ref" in d.fields for d in items) for items in found.values()] == [4880, 1487]
    named = {c for d in found[Origin.TRACKER] for c in d.fields.get("categories", ())}
    assert len(named & set(CATEGORIES)) == 17
    assert len(named - set(CATEGORIES)) == 3
