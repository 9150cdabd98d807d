"""Furniture is left out of passages, never out of the text."""

from pathlib import Path

import pytest

from ingest.chunk import split_passages
from ingest.clean import clean_text
from ingest.furniture import find_furniture
from ingest.sections import split_sections
from ingest.tables import read_tables
from kb.documents import Kind, Passage

REPORT = (
    Path(__file__).resolve().parents[2]
    / "shared/data/documents/004_9f16f9eb560d8b16.txt"
)  # fmt: skip

PROSE = "The lamps of the harbour were counted by the keepers each month of the year 2099. " * 6
CONTENTS = "# Contents\n\nForeword\t3\nLamps\t4\nBells\t8\n\n"


def words(text: str) -> int:
    return len(text.split())


def furniture(text: str) -> list[str]:
    spans = find_furniture(text, split_sections(text, Kind.ANNUAL_REPORT))
    assert list(spans) == sorted(spans)
    return [text[start:end] for start, end in spans]


def passages(text: str) -> tuple[Passage, ...]:
    sections = split_sections(text, Kind.ANNUAL_REPORT)
    return split_passages(
        text,
        sections,
        kind=Kind.ANNUAL_REPORT,
        count=words,
        tables=read_tables(text),
        furniture=find_furniture(text, sections),
    )


def test_a_chapters_heading_on_its_later_pages_is_furniture_and_sub_headings_are_not() -> None:
    text = (
        f"{CONTENTS.replace('Lamps', 'The lamps')}# Foreword\n\n{PROSE}\n\n# The lamps of ours\n\n"
        "### What next?\n\nA.\n\n## **The lamps of ours:**\n\nB.\n\n#### The lamps\n\nC.\n\n"
        "# Bells\n\n### What next?\n\nD.\n\n### What next?\n\nE.\n"
    )
    assert furniture(text) == ["## **The lamps of ours:**", "#### The lamps"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("![](page_3_picture_1.jpeg)", "Markdown"),
        ("![A lamp](images/lamp.png)", "with a name"),
        ("<!-- image -->", "a comment"),
        ("[image 4 omitted]", "in words"),
    ],
)
def test_the_place_of_a_lost_picture_is_furniture(line: str, why: str) -> None:
    text = f"{PROSE}\n\n{line}\n\nThe image was {line} then.\n"
    assert furniture(text) == [line], why


def test_numbers_that_count_up_through_the_text_are_page_numbers() -> None:
    text = "\n\n".join(f"{PROSE}\n\n{number}" for number in (1, 2, 4, 5))
    assert furniture(text) == ["1", "2", "4", "5"]
    assert furniture(text.replace("\n\n4\n\n", "\n\nPage 4 of 5\n\n")) == [
        "1",
        "2",
        "Page 4 of 5",
        "5",
    ]


@pytest.mark.parametrize(
    ("numbers", "page", "why"),
    [
        ((1, 2), PROSE, "two are too few"),
        ((7, 3, 1), PROSE, "they do not count up"),
        ((1, 20, 300), PROSE, "they leap"),
        ((1, 2, 3, 4), "Lamp.", "no page is so short"),
    ],
)
def test_other_lone_numbers_are_not(numbers: tuple[int, ...], page: str, why: str) -> None:
    assert furniture("\n\n".join(f"{page}\n\n{number}" for number in numbers)) == [], why


def test_what_stands_beside_page_numbers_again_and_again_is_a_running_line() -> None:
    text = "\n\n".join(
        f"{PROSE}\n\nHarbour report\n\n{number}\n\nOnce {number}" for number in (1, 2, 3)
    )
    assert furniture(text) == [part for n in "123" for part in ("Harbour report", n)]
    assert furniture(f"{PROSE}\n\nSee the report.\n\n" * 5) == []


def test_no_passage_holds_furniture_and_nothing_is_joined_over_it() -> None:
    text = (
        f"{CONTENTS}# Foreword\n\nA few words.\n\n# Foreword\n\nA few more.\n\n<!-- image -->\n\n"
        "Again a few.\n\nAnd a few.\n\n# Lamps\n\n# Lamps\n\nLit.\n\n# Bells\n\nRung.\n"
    )
    assert [passage.text for passage in passages(text)][1:] == [
        "# Foreword\n\nA few words.",
        "A few more.",
        "Again a few.\n\nAnd a few.",
        "# Lamps",
        "Lit.",
        "# Bells\n\nRung.",
    ]


@pytest.mark.real_data
def test_the_real_report_loses_only_its_repeated_headings() -> None:
    if not REPORT.exists():
        pytest.skip("the public documents do not stand beside the checkout")
    text = clean_text(REPORT.read_text(encoding="utf-8"))
    spans = find_furniture(text, split_sections(text, Kind.ANNUAL_REPORT))
    assert len(spans) == 9
    assert all(text[start] == "#" for start, _ in spans)
    held = bytearray(len(text))
    for passage in passages(text):
        assert text[passage.start : passage.end] == passage.text
        held[passage.start : passage.end] = b"1" * len(passage.text)
    for start, end in spans:
        assert not any(held[start:end])
        held[start:end] = b"1" * (end - start)
    lost = "".join(character for at, character in enumerate(text) if not held[at])
    assert not any(map(str.isalpha, lost))
