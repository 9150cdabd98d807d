"""A briefing as a Word document: the same words as on its page, in the same order."""

from datetime import datetime

from docx.document import Document

from kb.library import CONTENT_NOTE
from webui.answered import Answer
from webui.briefing import COVERAGE, Briefing
from webui.chosen import Chosen
from webui.office_text import possible
from webui.phrases import counted, joined
from webui.pictures import framed, png, size
from webui.word import (
    add_labelled,
    add_picture,
    add_quotation,
    add_table,
    new_document,
    number_pages,
    saved,
)

_POINTS = 0.75
"""Points to a unit of a drawing."""


def briefing_docx(briefing: Briefing, *, changed: str) -> bytes:
    """Return a briefing as the bytes of a .docx file; `changed` is when the library last did."""
    at = datetime.fromisoformat(changed) if changed else datetime(1980, 1, 1)
    document = new_document(briefing.title, at=at.replace(tzinfo=None, microsecond=0))
    number_pages(document)
    document.add_heading(possible(briefing.title), level=0)
    document.add_paragraph(briefing.made)
    document.add_paragraph(CONTENT_NOTE)
    _add_asked(document, briefing)
    _add_themes(document, briefing)
    _add_years(document, briefing)
    _add_recurring(document, briefing)
    _add_quotations(document, briefing)
    _add_answers(document, briefing)
    document.add_heading("How to read this briefing", level=1)
    for label, values in briefing.reading().items():
        for value in values:
            add_labelled(document, f"{label}: ", value)
    return saved(document)


def _add_asked(document: Document, briefing: Briefing) -> None:
    document.add_heading("What was asked", level=1)
    for label, value in briefing.asked.words or (("Search", "Everything held"),):
        add_labelled(document, f"{label}: ", value)
    document.add_heading("What is held of it", level=1)
    document.add_paragraph(briefing.found)
    if briefing.coverage:
        head = ("Kind", "Held", "With text", "In their own words")
        rows = [
            (row.kind.label, f"{row.documents:,}", f"{row.with_text:,}", f"{row.verbatim:,}")
            for row in briefing.coverage
        ]
        add_table(document, [head, *rows], caption="Documents of this view held here, by kind")
        document.add_paragraph(COVERAGE)


def _add_themes(document: Document, briefing: Briefing) -> None:
    document.add_heading("Themes", level=1)
    if not briefing.themes:
        document.add_paragraph("No theme is tagged in the documents of this view.")
        return
    head = ("Theme", briefing.nouns.capitalize(), "Of", "Share", "95% interval")
    rows = [
        (
            line.theme.name,
            f"{line.share.count:,}",
            f"{line.share.of:,}",
            f"{line.share.percent}%" if line.share.enough else "too few",
            line.share.interval_words if line.share.enough else "too few",
        )
        for line in briefing.themes
    ]
    add_table(
        document,
        [head, *rows],
        caption=briefing.themes_caption,
    )
    document.add_paragraph("A document may show several themes, so the numbers do not add up.")


def _add_years(document: Document, briefing: Briefing) -> None:
    document.add_heading("By year", level=1)
    if not briefing.chart:
        document.add_paragraph("No document of this view has a date.")
        return
    drawn = framed(briefing.chart, [])
    told = "; ".join(f"{p.label}: {p.count} of {p.with_text}" for p in briefing.years)
    words = f"Bar chart of {briefing.nouns} by year, each of those held with text. {told}."
    add_picture(document, png(drawn), width=size(drawn)[0] * _POINTS, words=words)
    document.add_paragraph(briefing.chart_caption, style="Caption")


def _add_recurring(document: Document, briefing: Briefing) -> None:
    document.add_heading("Recurring concerns", level=1)
    if not briefing.clusters:
        document.add_paragraph("No concern was found to recur within this view.")
        return
    head = ("Concern, named by software", "In this view", "In all held", "Organisations", "Years")
    rows = [
        (
            line.cluster.label,
            f"{line.here:,}",
            f"{line.cluster.reports:,}",
            f"{line.cluster.organisations:,}",
            line.years,
        )
        for line in briefing.clusters
    ]
    caption = f"Concerns that two or more {briefing.nouns} of this view raise"
    add_table(document, [head, *rows], caption=caption)
    document.add_paragraph(
        f"{briefing.clusters_note} Read the passages of a group before quoting its number."
    )


def _add_quotations(document: Document, briefing: Briefing) -> None:
    document.add_heading("In the words of the documents", level=1)
    for one in briefing.quotations:
        _add_quotation(document, one, accessed=briefing.accessed)
    if briefing.quotations:
        document.add_paragraph(briefing.rule_words)
    else:
        document.add_paragraph(briefing.nothing_quoted)


def _add_quotation(document: Document, one: Chosen, *, accessed: str) -> None:
    quoted = one.quotation
    if quoted.note:
        document.add_paragraph(f"{quoted.note}:").paragraph_format.keep_with_next = True
    add_quotation(document, quoted.text)
    add_labelled(document, "Citation: ", quoted.citation(accessed=accessed))
    if quoted.themes:
        add_labelled(document, "Themes, tagged by software: ", f"{joined(quoted.themes)}.")


def _add_answers(document: Document, briefing: Briefing) -> None:
    if not briefing.tells_answers:
        return
    document.add_heading("How recipients answered", level=1)
    if briefing.answered_words:
        document.add_paragraph(briefing.answered_words)
    for answer in briefing.answers.told:
        _add_answer(document, answer)
    if briefing.answers.more:
        document.add_paragraph(f"{counted(briefing.answers.more, 'further response')} held.")


def _add_answer(document: Document, answer: Answer) -> None:
    document.add_heading(possible(answer.response.title), level=2)
    document.add_paragraph(possible(answer.facts))
    for action in answer.actions:
        add_quotation(document, action.words)
        if action.status:
            add_labelled(document, "Read by software as: ", f"{action.status.lower()}.")
        add_labelled(document, "Citation: ", action.citation)
    if not answer.actions:
        document.add_paragraph("No statement of action was read in it. Its text is held.")
    if answer.more:
        document.add_paragraph(f"{counted(answer.more, 'further action')} on its page.")
