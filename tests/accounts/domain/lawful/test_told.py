from accounts.domain.lawful.table import RULES, SOURCES, Effect
from accounts.domain.lawful.told import told, told_rule
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, ProjectFactory

RULE = {rule.id: rule for rule in RULES}


def test_a_declaration_is_told_in_labels(db):
    use = DeclarationFactory(
        purpose="sales_meeting",
        setting="online_meeting",
        region="eu",
        people=["own_staff", "counterparts_staff"],
    )

    with tenant(use.organisation_id):
        said = told(use)

    assert (str(said.purpose), str(said.setting)) == ("A sales conversation", "An online meeting")
    assert str(said.region) == "European Union"
    assert list(map(str, said.people)) == ["Own staff", "Employees of a customer or partner, at their work"]
    assert list(map(str, said.roles)) == ["Customer", "Prospect"]
    assert "Each person's consent" in map(str, said.requires)
    confirmed = [rule for rule in said.rules if rule.confirms]
    assert [rule.id for rule in confirmed] == ["eu_counterparts_staff"]
    assert confirmed[0].sources[0] == SOURCES["ai-act-5"]


def test_what_the_table_does_not_know_any_more_stands_as_it_is(db):
    use = DeclarationFactory.build(
        project=ProjectFactory(declared=False),
        purpose="gone",
        setting="gone",
        region="gone",
        people=["gone"],
        state="allowed",
        outcome={"rules": ["gone"], "requires": [], "roles": ["customer"]},
    )

    said = told(use)

    assert (said.purpose, said.setting, said.region, said.people, said.rules) == (
        "gone", "gone", "gone", ["gone"], [],
    )  # fmt: skip


def test_a_rule_says_what_follows_and_where_from():
    said = told_rule(RULE["recruitment"])

    assert list(map(str, said.follows)) == ["Refused"]
    assert [source.url for source in said.sources] == [
        SOURCES[key].url for key in ("ai-act-5-guidelines", "eppa", "ma-19b")
    ]
    assert not said.confirms
    assert told_rule(RULE["training_own"]).confirms
    assert Effect.CONFIRM in RULE["training_own"].effects
