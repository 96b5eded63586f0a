"""`python -m analysis.training COMMAND`: the contact sheet, training data, the Action Unit model."""

import argparse
import sys
from pathlib import Path

from analysis.engine.action_units import AU_NUMBERS
from analysis.training import contact_sheet
from analysis.training.errors import TrainingError

_MODELS = Path(__file__).resolve().parents[2] / ".models"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except TrainingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis.training")
    commands = parser.add_subparsers(required=True, dest="command")
    sheet = commands.add_parser("contact-sheet", help="the 44 Action Units, rendered")
    sheet.add_argument("out", type=Path, help="a .png or .webp file")
    sheet.set_defaults(run=lambda options: contact_sheet.make(options.out))
    facts = commands.add_parser("atlas", help="pictures, loops and facts of the 44 Action Units")
    facts.add_argument("out", type=Path, help="folder, made where it is not there")
    facts.add_argument("--only", type=int, nargs="+", choices=AU_NUMBERS, default=AU_NUMBERS, metavar="AU")
    facts.set_defaults(run=_atlas)
    data = commands.add_parser(
        "generate", help="FACS-coded training data, in shards; goes on where it stopped"
    )
    data.add_argument("--frames", type=int, required=True, help="rounded up to whole shards")
    data.add_argument("--seed", type=int, default=1)
    data.add_argument("--out", type=Path, required=True)
    data.add_argument("--workers", type=int, default=1)
    data.set_defaults(run=_generate)
    demo = commands.add_parser("demo", help="the demonstration recording and its truth")
    demo.add_argument("--out", type=Path, required=True, help="folder, made where it is not there")
    demo.set_defaults(run=_demo)
    preview = commands.add_parser("preview", help="samples of the generator as one picture")
    preview.add_argument("out", type=Path)
    preview.add_argument("--people", type=int, default=20)
    preview.add_argument("--seed", type=int, default=1)
    preview.set_defaults(run=_preview)
    learn = commands.add_parser("train", help="the Action Unit model from a dataset; needs torch")
    learn.add_argument("--data", type=Path, required=True)
    learn.add_argument("--out", type=Path, required=True, help="folder of the ONNX files")
    learn.add_argument("--seed", type=int, default=1)
    learn.add_argument("--epochs", type=int, default=8)
    learn.add_argument("--threads", type=int, default=1, help="other numbers round differently")
    learn.add_argument(
        "--given-up", type=float, default=0.03, help="ICC an AU may lose for landmarks to say more of it"
    )
    learn.add_argument("--most-landmarks", type=float, default=0.5, help="the most they may say, 0-1")
    learn.set_defaults(run=_train)
    joined = commands.add_parser("join", help="trained models into one that gives their mean")
    joined.add_argument("members", type=Path, nargs="+", help="folders as `train` writes them")
    joined.add_argument("--out", type=Path, required=True)
    joined.set_defaults(run=_join)
    judge = commands.add_parser("evaluate", help="a trained model on people it has not seen")
    judge.add_argument("--data", type=Path, required=True)
    judge.add_argument("--model", type=Path, required=True)
    judge.add_argument("--set", choices=("validation", "test"), default="test")
    judge.set_defaults(run=_evaluate)
    for command in (data, preview):
        command.add_argument("--models", type=Path, default=_MODELS, help="folder of the face networks")
    return parser


def _atlas(options: argparse.Namespace) -> None:
    from analysis.training import atlas  # noqa: PLC0415 - the sheet needs no video

    atlas.make(options.out, options.only)


def _generate(options: argparse.Namespace) -> None:
    from analysis.training.generator import dataset  # noqa: PLC0415 - the sheet needs no face networks

    order = dataset.Order(options.out, options.seed, options.frames, options.models)
    written = dataset.generate(order, options.workers)
    sys.stdout.write(f"{written} shards written, {order.shards} in {order.out}\n")


def _preview(options: argparse.Namespace) -> None:
    from analysis.engine.landmarks import FaceLandmarker  # noqa: PLC0415 - as above
    from analysis.engine.runtime import load_face_networks  # noqa: PLC0415
    from analysis.training.generator import preview  # noqa: PLC0415
    from analysis.training.generator.people import Studio  # noqa: PLC0415

    studio = Studio(FaceLandmarker(load_face_networks(options.models)))
    preview.make(studio, options.out, options.seed, options.people)


def _demo(options: argparse.Namespace) -> None:
    from analysis.training import demonstration  # noqa: PLC0415 - as above

    demonstration.make(options.out)


def _train(options: argparse.Namespace) -> None:
    try:
        from analysis.training.model.commands import run_train  # noqa: PLC0415 - torch is no part of the product
        from analysis.training.model.train import Plan  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise TrainingError(f"{error}: install analysis/training/requirements.txt.") from error
    plan = Plan(
        seed=options.seed,
        epochs=options.epochs,
        threads=options.threads,
        given_up=options.given_up,
        most_landmarks=options.most_landmarks,
    )
    run_train(options.data, options.out, plan)


def _join(options: argparse.Namespace) -> None:
    from analysis.training.model.join import join  # noqa: PLC0415 - as above

    for name, file in join(options.members, options.out)["files"].items():
        sys.stdout.write(f"{name}: {file['bytes']} bytes, sha256 {file['sha256']}\n")


def _evaluate(options: argparse.Namespace) -> None:
    from analysis.training.evaluation.commands import run_evaluate  # noqa: PLC0415
    from analysis.training.generator.dataset import Part  # noqa: PLC0415 - as above

    run_evaluate(options.data, options.model, Part[options.set.upper()])


if __name__ == "__main__":
    sys.exit(main())
