from accounts.domain.offboarding import contents
from accounts.models import ApiToken, Subject
from echodepth.fence import tenant_models
from echodepth.personal import Sort, classed
from echodepth.tenancy import tenant
from tests.factories import RecordingFactory


def test_every_table_of_a_tenant_is_taken_along_but_those_that_are_named(organisation):
    with tenant(organisation.pk):
        told = {name for name, _rows in contents.tables()}

    every = {model._meta.model_name for model in tenant_models() if model not in contents.WITHOUT}
    assert told == every | {"people"}
    assert {"recording", "subject", "consent", "auditrecord", "report"} <= told


def test_columns_are_told_but_for_secrets():
    assert "token_hash" not in contents.told_columns(ApiToken)
    assert {"id", "organisation_id", "label", "cohort"} <= set(contents.told_columns(Subject))
    for model in tenant_models():
        secrets = {name for name, one in classed()[model._meta.label].items() if one.sort == Sort.KEY}
        assert not secrets & set(contents.told_columns(model))


def test_what_nobody_classed_is_not_told(monkeypatch):
    monkeypatch.setattr(contents, "classed", dict)
    assert contents.told_columns(Subject) == []


def test_files_go_on_behind_the_last_one(organisation):
    for _number in range(3):
        RecordingFactory(project__organisation=organisation)
    with tenant(organisation.pk):
        found = [(kind, file) for kind, file in contents.files() if kind == "recording"]
        kind, first = found[0]
        rest = [file for one, file in contents.files(kind, first.id) if one == "recording"]
    assert rest == [file for _kind, file in found[1:]]
    assert len(rest) == 2
