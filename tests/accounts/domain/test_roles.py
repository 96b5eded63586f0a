import pytest

from accounts.domain.roles import need_owner_for
from accounts.enums import Role
from accounts.models import Membership, Organisation, User
from echodepth.errors import UserError
from tests.support.people import actor


def of(role):
    return actor(Membership(role=role, organisation=Organisation(), user=User()))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ANALYST])
def test_only_an_owner_decides_about_owners(role):
    with pytest.raises(UserError) as caught:
        need_owner_for(of(role), Role.VIEWER, Role.OWNER)

    assert (caught.value.code, caught.value.status) == ("owner_needed", 403)
    assert need_owner_for(of(Role.OWNER), Role.OWNER) is None


def test_other_roles_need_no_owner():
    assert need_owner_for(of(Role.ADMIN), Role.ADMIN, Role.GUEST) is None
