"""`pfdkb train-themes`."""

import time
from pathlib import Path
from typing import Any

import click

from kb.cli.base import CONTEXT, json_option, pass_home, print_json, progress_line
from kb.errors import UsageError
from kb.refs import file_hash
from kb.settings import DEFAULT_MODEL, Home, corpus_folder
from kb.store import Store
from kb.store.tags import text_at
from kb.themes import themes

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("train-themes", context_settings=CONTEXT)
@click.option(
    "--labels", "files", required=True, multiple=True, type=_FILE,
    help='Lines of {"text", "themes", "report"}; may be named several times.',
)  # fmt: skip
@click.option(
    "--places/--no-places", default=True, show_default=True,
    help="Use the shipped labels of published passages that this library holds, too.",
)  # fmt: skip
@click.option("--epochs", default=4.0, show_default=True, help="Passes over the labels.")
@click.option("--seed", default=20990101, show_default=True, help="Of every random choice.")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the weights; the library's own folder unless told.",
)  # fmt: skip
@json_option
@pass_home
def train_themes(
    home: Home, files: tuple[Path, ...], places: bool, epochs: float, seed: int,
    output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Train the tagger on labelled passages; takes minutes to half an hour on two cores.

    Of every hundred reports fifteen are kept out of training: they set the thresholds, and the
    printed figures are theirs.

    \b
    Example:
      pfdkb train-themes --labels labelled.jsonl --labels my-labels.jsonl
    """
    from ingest.labels import Labelled, read_labels

    labelled: list[Labelled] = [one for file in files for one in read_labels(file)]
    lost = 0
    if places:
        held, lost = _held_labels(home)
        labelled += held
    target = output or home.models / "tagger"
    began = time.monotonic()
    answer = _train(labelled, target, epochs=epochs, seed=seed, files=files)
    answer |= {"labels_not_held": lost, "minutes": round((time.monotonic() - began) / 60, 1)}
    found = answer["on_held_out"]
    if as_json:
        print_json(answer)
        return
    click.echo(
        f"Trained on {answer['trained_on']} passages, thresholds on {answer['held_out']}: micro F1 "
        f"{found['micro_f1']:.3f}, macro F1 {found['macro_f1']:.3f} there. Weights in {target}."
    )


def _held_labels(home: Home) -> tuple[list[Any], int]:
    """Return the shipped labels whose words this library holds, and how many it does not."""
    from ingest.labels import read_places, short_hash

    file = corpus_folder() / "labels" / "passages.jsonl"
    with Store.reading(home) as store:
        docnos = [row[0] for row in store.db.execute("SELECT docno FROM documents")]
        known = {short_hash(docno): docno for docno in docnos}

        def words(row: dict[str, Any]) -> str | None:
            docno = known.get(row["document"])
            text = docno and text_at(store.db, docno, row["start"], row["length"])
            return text if text and short_hash(text) == row["sha256"] else None

        return read_places(file, words)


def _train(
    labelled: list[Any], target: Path, *, epochs: float, seed: int, files: tuple[Path, ...]
) -> dict[str, Any]:
    """Write network, weights and recipe to a folder; return the recipe with the figures."""
    from index.encoder import model_folder
    from index.theme_network import train
    from index.theme_reader import ThemeReader
    from ingest.evaluate import evaluate_tagger
    from ingest.theme_model import ThemeModel
    from ingest.theme_training import fit_weights, held_out, label_table
    from ingest.theme_weights import NETWORK, save

    apart = [one for one in labelled if held_out(one)]
    rest = [one for one in labelled if not held_out(one)]
    if not apart or not rest:
        raise UsageError("There are too few labelled reports to train on some and set by others.")
    unlabelled = set(themes()) - {theme for one in rest for theme in one.themes}
    if unlabelled:
        raise UsageError(
            f"No passage is labelled with {', '.join(sorted(unlabelled))}. Add labels of "
            "each theme and train again."
        )
    folder = model_folder(DEFAULT_MODEL, Home(target))
    target.mkdir(parents=True, exist_ok=True)  # before the work: a folder may be forbidden
    show = progress_line("Training")
    head = train(
        [one.text for one in rest],
        label_table(rest),
        folder=folder,
        target=target / NETWORK,
        epochs=epochs,
        seed=seed,
        progress=lambda done, total: show(done, total, done / total),
    )
    reader = ThemeReader(target / NETWORK, folder / "tokenizer.json")
    weights = fit_weights(
        rest,
        apart,
        of_mean=head.of_mean,
        of_most=head.of_most,
        token_bias=head.bias,
        reader=reader,
    )
    found = evaluate_tagger(apart, ThemeModel(reader, weights))
    recipe = {
        "command": "pfdkb train-themes",
        "epochs": epochs,
        "seed": seed,
        "labels": {file.name: file_hash(file) for file in files},
        "trained_on": len(rest),
        "held_out": len(apart),
        "encoder": DEFAULT_MODEL,
        "network": file_hash(target / NETWORK),
        "on_held_out": {key: round(found[key], 4) for key in ("micro_f1", "macro_f1")},
    }
    save(target, weights, recipe)
    return recipe


COMMANDS = {"train-themes": train_themes}
