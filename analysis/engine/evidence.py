"""What a result keeps of the Action Unit model's card, so that it can be read when the model has changed."""

from analysis.engine.model_card import REASONS, Evidence, ModelCard
from analysis.engine.result_types import AUEvidence, ModelEvidence


def evidence_of(card: ModelCard) -> ModelEvidence:
    """The card in short; raises KeyError where it says nothing of its accuracy."""
    accuracy = card.facts["accuracy"]
    synthetic, clips = accuracy["synthetic"], accuracy["real"]["clips"]
    return ModelEvidence(
        name=card.name,
        version=card.version,
        card_sha256=card.sha256,
        measured=str(accuracy["measured"]),
        people=int(synthetic["people"]),
        frames=int(synthetic["frames"]),
        clips={name: float(clip["mean_r_all_moving"]) for name, clip in sorted(clips.items())},
        action_units=tuple(_of_unit(found) for found in card.evidence.values()),
    )


def _of_unit(found: Evidence) -> AUEvidence:
    return AUEvidence(
        au=found.au,
        grade=found.grade.value,
        icc=found.icc,
        real=dict(sorted(found.real.items())),
        reason=REASONS[found.au].value,
    )
