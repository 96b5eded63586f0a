import errno

import pytest

from analysis.domain.intake.outages import storage_reached
from echodepth.errors import UserError


@pytest.mark.parametrize("fault", [ConnectionRefusedError, PermissionError, OSError(errno.EIO, "broken")])
def test_a_fault_of_the_storage_is_told_with_when_to_try_again(fault):
    with pytest.raises(UserError) as told, storage_reached():
        raise fault
    assert (told.value.code, told.value.status, told.value.retry_after) == ("storage_unavailable", 503, 10)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_as_one(number):
    with pytest.raises(UserError) as told, storage_reached():
        raise OSError(number, "full")
    assert (told.value.code, told.value.status, told.value.retry_after) == ("storage_full", 507, 60)


def test_other_faults_are_not_the_storages():
    with pytest.raises(UserError) as told, storage_reached():
        raise UserError("content_missing", "Send it.")
    assert told.value.code == "content_missing"
    with pytest.raises(ZeroDivisionError), storage_reached():
        _ = 1 / 0
