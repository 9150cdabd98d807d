"""What there is to read: which sources are new or changed, what they are named, which failed."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.archives import is_archive, members
from ingest.sources import Failed, Source, read_source
from kb.documents import Draft, Origin
from kb.refs import file_hash
from kb.store import Store, ledger
from kb.store.contributions import contributions, file_of_docno
from kb.store.ledger import Entry

RECIPE = "ingest-5"
"""Names this version of the reading rules; a document read by other rules is read again."""

_UNPACKED = "unpacked-"


@dataclass(slots=True)
class Outcome:
    """What an ingest did: sources by ending, and why those that failed did."""

    done: int = 0
    unchanged: int = 0
    passages: int = 0
    failed: list[Failed] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Unit:
    """What ends as one ledger row: a file, or a published report's rows in the exports."""

    key: str
    drafts: tuple[Draft, ...]

    @property
    def docno(self) -> str:
        """The document that the unit tells of."""
        return self.drafts[0].docno

    @property
    def sha256(self) -> str:
        """Of the file, or of the rows together."""
        if len(self.drafts) == 1:
            return self.drafts[0].sha256
        joined = "\n".join(sorted(draft.sha256 for draft in self.drafts))
        return hashlib.sha256(joined.encode()).hexdigest()


class Intake:
    """Turns paths into units, comparing with what the ledger said when the run began."""

    def __init__(self, store: Store, outcome: Outcome) -> None:
        self._store, self._db, self.outcome = store, store.db, outcome
        self._ended = ledger.by_key(store.db)
        done = (entry for entry in self._ended.values() if entry.state == "done")
        self._by_sha = {entry.sha256: entry for entry in done if entry.sha256}
        self._named: dict[str, str] = {}
        self._twins: dict[str, list[Source]] = {}  # of files that this run reads, by sha256
        for left in store.home.root.glob(f"{_UNPACKED}*"):
            shutil.rmtree(left)

    def rows(self, exports: Iterable[Path | Source]) -> list[Unit]:
        """Return one unit for each published report of the exports, its rows together."""
        grouped: dict[str, dict[Origin, Draft]] = {}
        for export in exports:
            for item in read_source(export):
                if isinstance(item, Failed):
                    self.fail(item)
                else:
                    grouped.setdefault(item.key, {})[item.origin] = item
        return [Unit(key, tuple(drafts.values())) for key, drafts in grouped.items()]

    def files(self, paths: Sequence[Path]) -> Iterator[Unit | None]:
        """Yield, for each file, what must be written of it; None where there is nothing to do.

        An archive yields as many items as it holds files (and rows of exports).
        """
        for path in paths:
            if is_archive(path):
                yield from self._archive(path)
            else:
                yield from self._file(Source.of(path))

    def _file(self, source: Source) -> Iterator[Unit | None]:
        if self._held(source):
            self.outcome.unchanged += 1
            yield None
            return
        for item in read_source(source):
            if isinstance(item, Failed):
                self.fail(item)
                yield None
            else:
                self._keep_original(source.path, item.sha256)
                self._twins.setdefault(item.sha256, [])
                yield Unit(item.key, (self._with_name(item),))

    def _archive(self, path: Path) -> Iterator[Unit | None]:
        # Unpacked inside the home, which is closed to other users, and taken away also after a
        # run that was killed (see `Intake`).
        with TemporaryDirectory(dir=self._store.home.root, prefix=_UNPACKED) as folder:
            exports: list[Source] = []
            for item in members(path, Path(folder)):
                if isinstance(item, Failed):
                    self.fail(item)
                    yield None
                elif item.path.suffix == ".csv":
                    exports.append(item)
                else:
                    yield from self._file(item)
                self._forget_failure(path, item)
            yield from self.rows(exports)

    def _forget_failure(self, path: Path, item: Source | Failed) -> None:
        """Drop an archive's own earlier failure: unpacked now, its files are the sources."""
        key = Source.of(path).key
        if item.key != key and self._ended.pop(key, None) is not None:
            with self._db.atomic():
                self._db.execute("DELETE FROM ledger WHERE key = ?", [key])

    def unchanged(self, unit: Unit) -> bool:
        """Tell whether the library already holds exactly what the unit says."""
        entry = self._ended.get(unit.key)
        if entry is None or entry.state != "done" or entry.recipe != RECIPE:
            return False
        held = {draft.origin: draft.sha256 for draft in contributions(self._db, unit.docno)}
        return all(held.get(draft.origin) == draft.sha256 for draft in unit.drafts)

    def earlier_docno(self, key: str) -> str | None:
        """Return the document that a source made in an earlier run, if it made one."""
        entry = self._ended.get(key)
        return entry.docno if entry else None

    def fail(self, failed: Failed) -> None:
        """End a source as failed; an earlier version of its document stays."""
        self.outcome.failed.append(failed)
        entry = Entry(
            key=failed.key,
            source=failed.source,
            docno=self.earlier_docno(failed.key),
            sha256=failed.sha256,
            recipe=RECIPE,
            state="failed",
            reason=failed.reason,
            detail=failed.detail,
        )
        with self._db.atomic():
            ledger.record(self._db, entry)

    def _held(self, source: Source) -> bool:
        """Tell whether these bytes are held already, under this name or another."""
        if not source.path.is_file():
            return False  # a pipe would be waited for without end
        try:
            sha256 = file_hash(source.path)
        except OSError:
            return False  # the reader will say what is wrong with the file
        entry = self._ended.get(source.key)
        if entry and entry.state == "done":
            return entry.sha256 == sha256 and entry.recipe == RECIPE
        if sha256 in self._twins:
            self._twins[sha256].append(source)
            return True
        twin = self._by_sha.get(sha256)
        if twin is None or twin.recipe != RECIPE:
            return False
        with self._db.atomic():
            ledger.record(self._db, replace(twin, key=source.key, source=source.shown, at=""))
        return True

    def written(self, entry: Entry) -> None:
        """Note the files of the same bytes as other sources of a document just written.

        They ended before it could be named; from now on `_held` finds it.
        """
        for source in self._twins.pop(entry.sha256 or "", ()):
            ledger.record(self._db, replace(entry, key=source.key, source=source.shown))
        if entry.sha256:
            self._by_sha[entry.sha256] = entry

    def _with_name(self, draft: Draft) -> Draft:
        """Give a file a docno of its own where another file already has its name.

        A file that names a published address or source file is that document, whoever sends it.
        """
        if draft.origin is not Origin.FILE or "url" in draft.fields:
            return draft
        earlier = self.earlier_docno(draft.key)
        name, number = draft.docno, 1
        if earlier is not None:
            name = earlier
        else:
            while self._owner(name) not in (None, draft.key):
                number += 1
                name = f"{draft.docno}-{number}"
        self._named[name] = draft.key
        return replace(draft, docno=name)

    def _owner(self, docno: str) -> str | None:
        return self._named.get(docno) or file_of_docno(self._db, docno)

    def _keep_original(self, path: Path, sha256: str) -> None:
        kept = self._store.home.originals / sha256
        if not kept.exists():
            part = kept.with_suffix(".part")
            shutil.copyfile(path, part)
            part.chmod(0o600)
            part.replace(kept)
