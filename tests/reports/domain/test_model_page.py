from analysis.engine.action_units import Group
from reports.domain.model_page import ModelPage
from tests.support.cards import REAL, WEAK, example_card


def test_every_unit_has_its_line_in_its_group_or_among_the_weak():
    page = ModelPage.of(example_card())

    assert [group.group for group in page.groups] == list(Group)
    grouped = [line.unit for group in page.groups for line in group.lines]
    assert len(grouped) == 44 - len(WEAK)
    assert all(unit.group is group.group for group in page.groups for unit in (x.unit for x in group.lines))
    assert {line.unit.number for line in page.weak} == WEAK
    assert {line.evidence.grade for line in page.weak} == {"D"}


def test_figures_are_the_cards_own():
    page = ModelPage.of(example_card())
    (smile,) = [line for group in page.groups for line in group.lines if line.unit.number == 12]

    assert (smile.figures.icc, smile.cases, smile.present) == (0.81, 3000, 210)
    assert (page.trained_people, page.measured.people) == (2816, 320)
    assert {clip.name: clip.mean_r for clip in page.clips} == {name: mean for name, (mean, _) in REAL.items()}
    assert [table.kind for table in page.bands] == ["pose", "light", "skin", "occlusion"]
    assert [bar.holds for bar in page.bars] == [True, False]
    assert [line.why for line in page.unmeasured] == ["not in the project"]
