import io

import pytest
from django.core.management import call_command

from analysis import checks
from analysis.confined import landlock, seccomp


def found(check):
    return [message.id for message in check(None)]


@pytest.mark.parametrize(("version", "ids"), [(0, ["analysis.W001"]), (1, []), (7, [])])
def test_a_kernel_without_landlock_is_found(monkeypatch, version, ids):
    monkeypatch.setattr(landlock, "version", lambda: version)

    assert found(checks.check_landlock) == ids


@pytest.mark.parametrize(("available", "ids"), [(False, ["analysis.W002"]), (True, [])])
def test_a_kernel_without_filters_is_found(monkeypatch, available, ids):
    monkeypatch.setattr(seccomp, "available", lambda: available)

    assert found(checks.check_seccomp) == ids


def test_check_tells_of_both_before_a_deployment_and_not_at_every_start(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 0)
    monkeypatch.setattr(seccomp, "available", lambda: False)

    def told(**options):
        stream = io.StringIO()
        call_command("check", tags=["echodepth"], stderr=stream, stdout=stream, **options)
        return stream.getvalue()

    assert "analysis.W001" in told(deploy=True)
    assert "analysis.W002" in told(deploy=True)
    assert "analysis.W00" not in told()
