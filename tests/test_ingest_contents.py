"""Chapters begin where a reader who holds the contents page would say they begin."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean_text
from ingest.contents import chapters, contents_span
from ingest.headings import outline
from ingest.sections import split_sections
from kb.documents import Kind, SectionKind

REPORT = (
    Path(__file__).resolve().parents[2]
    / "shared/data/documents/004_9f16f9eb560d8b16.txt"
)  # fmt: skip

PROSE = (
    "The lamps of the harbour were counted by the keepers each month of the year 2099, and all of "
    "the counts were kept in the long book at the northern pier.\n\n"
)
CONTENTS = "# Contents\n\nForeword\t3\nLamps and bells\t4\nThe keepers\t8\nSummary\t9\n\n"


def titles(text: str) -> list[tuple[str, str]]:
    """Return each chapter's title with the heading at which it begins."""
    found = chapters(text, outline(text))
    return [(one.title, text[one.start :].split("\n")[0]) for one in found]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("# Contents\n\nLamps\t3\nBells\t4\nPiers\t9\n", "tabs"),
        ("**Contents**\nLamps ........ 3\nBells ...... 4\nPiers ... 9\n", "leaders"),
        ("Table of contents\n\nLamps 3\n\nBells 4\n\nPiers 9\n", "blank lines"),
        ("CONTENTS:\n1. Lamps\t3\n2. Bells\t4\n3. Piers\t9\n", "numbered"),
        ("## Contents\n- Lamps … 3\n- Bells … 4\n- Piers … page 9\n", "bullets"),
    ],
)
def test_a_contents_page_is_known_however_it_is_set(page: str, why: str) -> None:
    text = f"Opening.\n\n{page}\n# Lamps\n\n{PROSE}# Bells\n\n{PROSE}# Piers\n\n{PROSE}"
    assert [title for title, _ in titles(text)] == ["Lamps", "Bells", "Piers"], why
    assert text[slice(*contents_span(text))] == page.strip()


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("# Contents\n\nLamps\t3\nBells\t4\n", "two lines are too few"),
        ("# Contents\n\nLamps\t9\nBells\t4\nPiers\t3\n", "pages fall"),
        ("# Contents\n\nChapter 1\nChapter 2\nChapter 3\n", "numbers of chapters, not pages"),
        ("Lamps\t3\nBells\t4\nPiers\t9\n", "no heading says that it is one"),
        ("The contents of the box\nLamps\t3\nBells\t4\nPiers\t9\n", "a sentence"),
    ],
)
def test_other_lists_are_no_contents_page(page: str, why: str) -> None:
    assert contents_span(f"{page}\n# Lamps\n\n{PROSE}") == (0, 0), why


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("# Lamps and bells", "the same words"),
        ("## **Lamps and Bells:**", "other marks"),
        ("# 2. Lamps and bells", "a number"),
        ("# Lamps and bells of the harbour", "more words"),
        ("# Lamps and", "fewer words"),
        ("# Our bells", "one word is shared"),
        ("# North pier", "nothing is shared, but its rank is the chapters'"),
    ],
)
def test_a_chapter_is_found_under_other_words(heading: str, why: str) -> None:
    text = (
        f"{CONTENTS}# Foreword\n\n{PROSE}## A greeting\n\n{PROSE}{heading}\n\n{PROSE}"
        f"## A detail\n\n{PROSE}# The keepers\n\n{PROSE}# Summary\n\n{PROSE}"
    )
    assert titles(text)[1] == ("Lamps and bells", heading), why
    assert len(titles(text)) == 4


def test_the_first_words_under_a_heading_may_tell_its_chapter() -> None:
    named = "## The year from April on\n\nNets are mended by the keepers.\n\n"
    text = (
        f"{CONTENTS.replace('Lamps and bells', 'Nets')}## Foreword\n\n{PROSE}## A greeting\n\n"
        f"{PROSE}{named}{PROSE}## A farewell\n\n{PROSE}## The keepers\n\n{PROSE}## Summary\n\n"
    )
    assert titles(text)[1] == ("Nets", "## The year from April on")


def test_words_that_any_title_may_hold_tell_no_chapter() -> None:
    text = (
        f"{CONTENTS.replace('Lamps and bells', 'Our lights')}# Foreword\n\n{PROSE}# Our tea\n\n"
        f"{PROSE}# Lights at sea\n\n{PROSE}# The keepers\n\n{PROSE}# Summary\n\n{PROSE}"
    )
    assert titles(text)[1] == ("Our lights", "# Lights at sea")


def test_the_page_decides_where_no_word_does() -> None:
    parts = "".join(f"## Pier {name}\n\n{PROSE}" for name in "ABCDEFGH")
    text = (
        "# Contents\n\nForeword\t1\nLight\t5\nThe keepers\t9\n\n"
        f"## Foreword\n\n{PROSE}{parts}## The keepers\n\n{PROSE}"
    )
    assert titles(text)[1] == ("Light", "## Pier D")


def test_a_chapter_that_has_no_place_is_left_out() -> None:
    text = f"{CONTENTS}# Foreword\n\n{PROSE}# The keepers\n\n{PROSE}# Summary\n\n{PROSE}"
    assert [title for title, _ in titles(text)] == ["Foreword", "The keepers", "Summary"]


def test_a_contents_page_whose_titles_do_not_stand_in_the_text_is_not_followed() -> None:
    text = f"{CONTENTS}# Foreword\n\n{PROSE}# Piers\n\n{PROSE}# Nets\n\n{PROSE}"
    assert titles(text) == []


def test_the_sections_of_an_annual_report_are_its_chapters() -> None:
    text = (
        f"# Annual report 2098/99\n\n{PROSE}{CONTENTS}## **Foreword**\n\n{PROSE}"
        f"# Lamps and bells:\n\n{PROSE}### What next?\n\n{PROSE}# Lamps and bells\n\n{PROSE}"
        f"## The keepers\n\n{PROSE}### What next?\n\n{PROSE}# Summary\n\n{PROSE}"
    )
    sections = split_sections(text, Kind.ANNUAL_REPORT)
    assert [(section.kind, section.heading) for section in sections] == [
        (SectionKind.PREAMBLE, ""),
        (SectionKind.BODY, "Contents"),
        (SectionKind.BODY, "Foreword"),
        (SectionKind.BODY, "Lamps and bells"),
        (SectionKind.BODY, "The keepers"),
        (SectionKind.SUMMARY, "Summary"),
    ]
    assert text[sections[3].start : sections[3].end].count("# Lamps and bells") == 2


def test_title_like_lines_are_chapters_of_a_report_without_markdown() -> None:
    page = "Contents\n\nForeword\t3\nLamps and bells\t4\nThe keepers\t8\n\n"
    text = f"{page}Foreword\n\n{PROSE}Lamps and bells\n\n{PROSE}The keepers\n\n{PROSE}"
    assert [title for title, _ in titles(text)] == ["Foreword", "Lamps and bells", "The keepers"]


PIECES = st.sampled_from(
    [
        CONTENTS,
        "# Foreword\n",
        "## Lamps and bells\n",
        "# The keepers\n",
        "# Summary\n",
        PROSE,
        "\n",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_chapters_stand_in_order_behind_their_contents_page(text: str) -> None:
    begin, end = contents_span(text)
    starts = [one.start for one in chapters(text, outline(text))]
    assert starts == sorted(set(starts))
    assert 0 <= begin <= end <= len(text)
    assert all(start >= end for start in starts)
    sections = split_sections(text, Kind.ANNUAL_REPORT)
    assert "".join(text[section.start : section.end] for section in sections) == text


@pytest.mark.real_data
def test_the_sections_of_the_real_report_are_those_of_its_contents_page() -> None:
    if not REPORT.exists():
        pytest.skip("the public documents do not stand beside the checkout")
    text = clean_text(REPORT.read_text(encoding="utf-8"))
    listed = text[slice(*contents_span(text))].split("\n")[2:]
    sections = split_sections(text, Kind.ANNUAL_REPORT)
    assert len(listed) == 12
    assert [s.heading for s in sections][2:] == [line.split("\t")[0] for line in listed]
    starts = {s.heading: text[s.start : s.start + 60] for s in sections}
    # Three chapters stand under other headings than the contents page gives them.
    assert "Integrated" in starts["Integrated structure and workforce"]
    assert "Strategic Board" in starts["Meet the Senior Team"]
    assert "April 2023" in starts["Performance"]
