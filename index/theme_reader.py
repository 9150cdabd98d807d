"""The network of the tagger, read token by token: the search model, trained further on themes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.onnx_model import TokenModel
from kb.tagging import TokenStates

MOST_TOKENS = 256


class ThemeReader:
    """Reads passages with an exported network; the same words give the same states, always.

    Raises `ModelUnavailable` when first used where the files are missing or damaged.
    """

    def __init__(self, network: Path, tokenizer: Path, *, optimised: bool = False) -> None:
        # One text at a time: the scales of int8 are taken over the whole batch.
        self._model = TokenModel(
            network, tokenizer, most_tokens=MOST_TOKENS, batch=1, optimised=optimised
        )

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenStates]]:
        """Yield each text's place in `texts` and its tokens, the shortest texts first."""
        for batch in self._model.states(texts):
            for at, row in enumerate(batch.rows):
                real = batch.mask[at]
                offsets = batch.offsets[at][real]
                yield row, TokenStates(batch.states[at][real], offsets[:, 0], offsets[:, 1])
