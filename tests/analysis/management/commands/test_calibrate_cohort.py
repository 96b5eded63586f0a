from dataclasses import asdict

import pytest
from django.core.management import CommandError, call_command

from analysis.domain import calibration
from analysis.engine.findings.cohorts import CohortParameter
from analysis.management.commands import calibrate_cohort
from analysis.models import CohortCalibration
from echodepth.tenancy import tenant

PARAMETERS = (
    CohortParameter("smile", 1.125, 0.09, "measured", 24, "echodepth-au 7"),
    CohortParameter("brows_up", 1.0, 0.25, "no_evidence", 0, ""),
)
EVIDENCE = {
    "people": 24,
    "cohorts": 2,
    "others": 31,
    "recordings": 40,
    "seconds": 5210,
    "raw": [0.2, None],
}


@pytest.fixture
def fitted(monkeypatch):
    """The fit itself is tested on recordings, beside its domain function."""
    found = calibration.Fitted(PARAMETERS, EVIDENCE)
    monkeypatch.setattr(calibrate_cohort.calibration, "fitted", lambda *_: found)


def kept(acme):
    with tenant(acme.organisation.pk):
        return list(CohortCalibration.objects.all())


@pytest.mark.usefixtures("fitted")
def test_a_version_is_kept_and_said(acme, capsys):
    call_command("calibrate_cohort", "acme", "in-hi")

    (one,) = kept(acme)
    assert (one.cohort, one.version, one.evidence) == ("in-hi", "1.1", EVIDENCE)
    assert one.parameters == [asdict(parameter) for parameter in PARAMETERS]
    told = capsys.readouterr().out
    assert "India, Hindi: 24 people in 40 recordings, 5210 scored seconds, beside 31 people" in told
    assert "against the mean of 2 cohorts" in told
    assert "smile                 1.125  +/-  9.0 %  measured" in told
    assert "Kept as version 1.1" in told


@pytest.mark.usefixtures("fitted")
def test_a_dry_run_keeps_nothing(acme, capsys):
    call_command("calibrate_cohort", "acme", "in-hi", "--dry-run")

    assert kept(acme) == []
    assert "Nothing was kept." in capsys.readouterr().out


def test_too_few_people_are_refused_in_words(acme):
    with pytest.raises(
        CommandError, match=r"India, Hindi: 0 people .* 0 in the largest other cohort; at least 20"
    ):
        call_command("calibrate_cohort", "acme", "in-hi")
    assert kept(acme) == []


def test_an_unknown_organisation_is_said(acme):
    with pytest.raises(CommandError, match="no organisation nowhere"):
        call_command("calibrate_cohort", "nowhere", "in-hi")
