"""A passage found, or a document by its details, with all that citing it needs."""

from index.words import Words, highlights
from kb.queries import SearchHit
from kb.store.passages import DocumentRow, PassageRow


def hit_of(
    rank: int,
    score: float,
    why: tuple[str, ...],
    document: DocumentRow,
    passage: PassageRow | None,
    words: Words,
    *,
    more: int = 0,
) -> SearchHit:
    """Return a hit; `passage` None stands for a document of which only the details are held.

    `more` of the document's passages matched but are not shown.
    """
    return SearchHit(
        rank=rank,
        score=round(score, 6),
        docno=document.docno,
        passage=passage.key if passage else None,
        kind=document.kind,
        title=document.title,
        organisations=document.organisations,
        date=document.date,
        ref=document.ref,
        coroner_area=document.coroner_area,
        section_kind=passage.section_kind if passage else None,
        heading=passage.heading if passage else "",
        label=passage.label if passage else None,
        page=passage.page if passage else None,
        text=passage.text if passage else "",
        why=why,
        highlights=highlights(passage.text, words) if passage else (),
        themes=passage.tags if passage else (),
        url=document.url,
        source=document.source,
        origin=document.origin,
        more=more,
    )
