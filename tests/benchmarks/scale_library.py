"""Makes a library of any size by resampling the sentences of another; seeded, so always the same.

A passage takes the length, the part and the themes of a real one and its sentences from the
passages nearest to that one in meaning, so that words that belong together stay together. Its
vector is the mean of the vectors of the passages that its sentences stood in, with a little noise:
a million passages are not encoded. Years, areas, categories and organisations are drawn each for
itself. Words are the library's own, so a word that stands in a tenth of its passages stands in a
tenth of a million: a real library of that size has more words, each rarer.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.refs import passage_key, text_hash
from kb.settings import Home
from kb.store import Store, meta, vectors

SEED = 2099
ALIKE = 20
NOISE = 0.2  # length of the noise; vectors have length one
MOST_PASSAGES = 6  # of a document; each number from one is as likely, so 3.5 on average
DOCUMENTS_AT_ONCE = 4000
_AT = "2099-01-01T00:00:00+00:00"
SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z(])")


@dataclass(frozen=True, slots=True)
class Source:
    """What a library offers to draw from; position i of every list is one passage."""

    vectors: Vectors
    alike: NDArray[np.int64]
    sentences: list[list[str]]
    lengths: list[int]
    parts: list[tuple[str, str]]
    tags: list[list[tuple[str, str, float]]]
    details: list[tuple[Any, ...]]
    categories: list[str]
    organisations: list[tuple[str, str, str]]

    @classmethod
    def of(cls, home: Home, fingerprint: str) -> "Source":
        """Read a library; passages without a vector of the model are left out."""
        with Store.reading(home) as store:
            ids, found = vectors.for_passages(store.db, fingerprint)
            texts, parts, tags = _passages(store)
            rows = [int(one) for one in ids]
            return cls(
                vectors=found,
                alike=_alike(found),
                sentences=[SENTENCE.split(texts[one]) for one in rows],
                lengths=[len(texts[one]) for one in rows],
                parts=[parts[one] for one in rows],
                tags=[tags.get(one, []) for one in rows],
                details=store.db.execute(
                    "SELECT kind, date, coroner, coroner_area FROM documents WHERE date IS NOT NULL"
                ).fetchall(),
                categories=[
                    row[0] for row in store.db.execute("SELECT category FROM categories").fetchall()
                ],
                organisations=store.db.execute(
                    "SELECT o.key, o.name, y.role FROM parties y"
                    " JOIN organisations o ON o.id = y.organisation_id"
                ).fetchall(),
            )


@dataclass(slots=True)
class Rows:
    """Rows of some documents, by table."""

    documents: list[tuple[Any, ...]] = field(default_factory=list)
    categories: list[tuple[Any, ...]] = field(default_factory=list)
    parties: list[tuple[Any, ...]] = field(default_factory=list)
    sections: list[tuple[Any, ...]] = field(default_factory=list)
    concerns: list[tuple[Any, ...]] = field(default_factory=list)
    passages: list[tuple[Any, ...]] = field(default_factory=list)
    tags: list[tuple[Any, ...]] = field(default_factory=list)
    details: list[tuple[Any, ...]] = field(default_factory=list)
    vectors: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self, store: Store) -> None:
        """Insert all rows; the search tables follow by trigger."""
        for table in self.__slots__:
            rows = getattr(self, table)
            if not rows:
                continue
            marks = ",".join("?" * len(rows[0]))
            columns = f" ({_DOCUMENT})" if table == "documents" else ""
            store.db.conn.executemany(
                f"INSERT OR IGNORE INTO {table}{columns} VALUES ({marks})", sorted(rows)
            )


_DOCUMENT = (
    "id, docno, kind, title, text, text_sha256, origin, source, pages, ref, date, coroner,"
    " coroner_area, facts, claims, updated"
)


def make(source: Source, home: Home, *, size: int, fingerprint: str, seed: int = SEED) -> None:
    """Write a library of `size` passages into an empty home."""
    drawn = Drawing(source, random.Random(seed), np.random.default_rng(seed), fingerprint)
    with Store.writing(home, purpose="measure") as store:
        # Nothing here outlives a crash, so nothing is written twice; texts and vectors come in no
        # order of their hashes, so their pages stay in memory as long as there is room.
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1500000"):
            store.db.execute(f"PRAGMA {setting}")
        keys = dict(row[:2] for row in source.organisations)
        drawn.organisations = {key: number for number, key in enumerate(keys, start=1)}
        with store.db.atomic():
            store.db.conn.executemany(
                "INSERT INTO organisations VALUES (?, ?, ?)",
                ((drawn.organisations[key], key, name) for key, name in keys.items()),
            )
            meta.put(store.db, "generation", 1)
            for rows in drawn.documents(size):
                rows.write(store)
        store.db.execute("PRAGMA journal_mode = WAL")


@dataclass(slots=True)
class Drawing:
    """Draws documents from a source."""

    source: Source
    random: random.Random
    numpy: np.random.Generator
    fingerprint: str
    organisations: dict[str, int] = field(default_factory=dict)
    passage: int = 0

    def documents(self, size: int) -> Iterator[Rows]:
        """Yield the rows of documents, some thousands at a time, until all passages are made."""
        document = 0
        while self.passage < size:
            rows, drawn = Rows(), []
            for _ in range(DOCUMENTS_AT_ONCE):
                many = min(self.random.randint(1, MOST_PASSAGES), size - self.passage)
                if not many:
                    break
                document += 1
                drawn += self._document(rows, document, many)
            rows.vectors = self._vectors(rows, drawn)
            yield rows

    def _document(self, rows: Rows, document: int, many: int) -> list[list[int]]:
        docno = f"invented-{document:07}"
        kind, date, coroner, area = self.random.choice(self.source.details)
        start, texts, drawn = 0, [], []
        for position in range(many):
            of = self.random.randrange(len(self.source.lengths))
            text, sources = self._text(of)
            end = start + len(text)
            self.passage += 1
            part, heading = self.source.parts[of]
            rows.sections.append((document, position, part, heading, start, end))
            if part == "concerns":
                rows.concerns.append((document, position, None, start, end))
            key, hashed = passage_key(docno, text, position), text_hash(text)
            place = (position, position, part, start, end)
            rows.passages.append((self.passage, key, document, *place, text, hashed, None, None, 0))
            rows.tags += [(self.passage, *tag, 0, len(text), 0) for tag in self.source.tags[of]]
            texts.append(text)
            drawn.append(sources)
            start = end + 2
        text = "\n\n".join(texts)
        ref = f"{date[:4]}-{document % 10000:04}"
        title = f"Invented document {document}"
        named = (document, docno, kind, title, text, text_hash(text), "file", docno, "[]", ref)
        rows.documents.append((*named, date, coroner, area, "{}", "{}", _AT))
        names = [title, ref, coroner, area, *self._standing(rows, document)]
        about = "\n".join(texts)
        rows.details.append((document, "\n".join(name for name in names if name), about))
        return drawn

    def _standing(self, rows: Rows, document: int) -> list[str]:
        category = self.random.choice(self.source.categories)
        rows.categories.append((document, category))
        parties = self.random.sample(self.source.organisations, self.random.randint(1, 2))
        for position, (key, name, role) in enumerate(parties):
            party = (document, position, role, name, self.organisations[key], None, None)
            rows.parties.append(party)
        return [category, *(name for _, name, _ in parties)]

    def _text(self, of: int) -> tuple[str, list[int]]:
        """Return sentences up to the length of a passage, and the passages they stood in."""
        chosen: list[str] = []
        sources: list[int] = []
        left = self.source.lengths[of]
        while True:
            near = int(self.source.alike[of, self.random.randrange(ALIKE)])
            sentence = self.random.choice(self.source.sentences[near])
            if chosen and len(sentence) / 2 > left:
                return " ".join(chosen), sources
            chosen.append(sentence)
            sources.append(near)
            left -= len(sentence) + 1

    def _vectors(self, rows: Rows, drawn: list[list[int]]) -> list[tuple[str, str, bytes]]:
        flat = np.array([one for sources in drawn for one in sources], dtype=np.int64)
        ends = np.cumsum([0, *(len(sources) for sources in drawn[:-1])])
        found = np.add.reduceat(self.source.vectors[flat], ends, axis=0)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        noise = self.numpy.standard_normal(found.shape, dtype=np.float32)
        found += NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return [
            (row[9], self.fingerprint, vector.astype("<f4").tobytes())
            for row, vector in zip(rows.passages, found, strict=True)
        ]


def _passages(
    store: Store,
) -> tuple[dict[int, str], dict[int, tuple[str, str]], dict[int, list[tuple[str, str, float]]]]:
    texts, parts = {}, {}
    for passage, text, part, heading in store.db.execute(
        "SELECT p.id, p.text, p.section_kind, s.heading FROM passages p"
        " JOIN sections s ON s.document_id = p.document_id AND s.position = p.section"
    ):
        texts[passage], parts[passage] = text, (part, heading)
    tags: dict[int, list[tuple[str, str, float]]] = {}
    for passage, theme, source, score in store.db.execute(
        "SELECT passage_id, theme, source, score FROM tags WHERE rejected = 0"
    ):
        tags.setdefault(passage, []).append((theme, source, score))
    return texts, parts, tags


def _alike(found: Vectors) -> NDArray[np.int64]:
    """Return, for each passage, the passages nearest to it, itself among them."""
    out = np.empty((len(found), ALIKE), dtype=np.int64)
    for at in range(0, len(found), 1000):
        cosines = found[at : at + 1000] @ found.T
        out[at : at + 1000] = np.argpartition(-cosines, ALIKE, axis=1)[:, :ALIKE]
    return out
