import re

from accounts.domain.people import DEMO_EMAIL, create_demo, generate_password
from accounts.enums import Role
from accounts.models import Organisation, Project, Subject, User
from echodepth.tenancy import every_tenant


def test_the_demonstration_is_made_once(db):
    organisation = create_demo("first password")
    second = create_demo("second password")

    owner = User.objects.get()
    assert second is None
    assert (organisation.name, organisation.time_zone) == ("Demo organisation", "UTC")
    assert owner.check_password("first password")
    assert owner.emailaddress_set.get(email=DEMO_EMAIL).verified
    assert owner.memberships.get(organisation=organisation).role == Role.OWNER
    with every_tenant():
        assert (Project.objects.count(), Subject.objects.count()) == (1, 1)
    assert Organisation.objects.count() == 1


def test_passwords_differ_and_can_be_read_out():
    found = {generate_password() for _ in range(50)}

    assert len(found) == 50
    assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", word) for word in found)
    assert not set("".join(found)) & set("l1o0")
