"""The tagging of documents: which passages a tagger is asked about, and re-tagging what is held."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kb.documents import Document, Kind, SectionKind
from kb.store import Store, meta
from kb.store.tags import passages_to_tag, replace_tags
from kb.tagging import Taggable, Tagger

_UNTAGGED = frozenset({SectionKind.CIRCUMSTANCES, SectionKind.INVESTIGATION, SectionKind.PREAMBLE})
"""A theme is what is found wrong, so the story of a death earns none."""
_BATCH = 256


def with_themes(documents: Sequence[Document], tagger: Tagger) -> list[Document]:
    """Return documents with the themes of their passages."""
    asked = [
        _taggable(passage.text, document.kind, section.kind, passage.boilerplate)
        for document in documents
        for passage in document.passages
        for section in [document.sections[passage.section]]
    ]
    found = iter(tagger.tag(asked))
    return [
        replace(document, passages=tuple(replace(p, tags=next(found)) for p in document.passages))
        for document in documents
    ]


def begin_tags(store: Store, tagger: Tagger) -> None:
    """Say who tags a library that holds nothing yet; a held one is tagged by `complete_tags`."""
    if store.db.execute("SELECT 1 FROM passages LIMIT 1").fetchone() is None:
        with store.db.atomic():
            meta.put(store.db, "tagger", tagger.fingerprint)


def complete_tags(
    store: Store, tagger: Tagger, *, progress: Callable[[int, int, float], None]
) -> int:
    """Tag all passages anew where another tagger gave the tags; return how many were tagged.

    Stopped half-way, it begins again the next time. What editors said stays.
    """
    if meta.get(store.db, "tagger") == tagger.fingerprint:
        return 0
    (total,) = store.db.execute("SELECT count(*) FROM passages").fetchone()
    done = 0
    for held in passages_to_tag(store.db, size=_BATCH):
        asked = [_taggable(one.text, one.kind, one.section, one.boilerplate) for one in held]
        found = tagger.tag(asked)
        with store.db.atomic():
            replace_tags(store.db, {one.id: tags for one, tags in zip(held, found, strict=True)})
        done += len(held)
        progress(done, total, done / total)
    with store.db.atomic():
        meta.put(store.db, "tagger", tagger.fingerprint)
        meta.next_generation(store.db)
    return done


def _taggable(text: str, kind: Kind, section: SectionKind, boilerplate: bool) -> Taggable:
    silent = boilerplate or (kind is Kind.REPORT and section in _UNTAGGED)
    return Taggable(text=text, section=section, boilerplate=silent)
