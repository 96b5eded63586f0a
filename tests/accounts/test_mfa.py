from allauth.core import context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.mfa import MFAAdapter
from tests.factories import UserFactory
from tests.support.sign_in import SECRET, code, second_factor


def test_the_secret_of_an_app_lies_encrypted_and_still_works(db):
    app = second_factor(UserFactory())

    assert SECRET not in str(app.data)
    assert app.wrap().validate_code(code())
    assert not second_factor(UserFactory()).wrap().validate_code(code("A" * 32))


def test_the_seed_of_recovery_codes_lies_encrypted(db):
    codes = RecoveryCodes.activate(UserFactory())

    seed = MFAAdapter().decrypt(codes.instance.data["seed"])
    assert len(seed) == 80
    assert seed not in str(codes.instance.data)
    assert len(set(codes.get_unused_codes())) == 10


def test_the_browser_is_told_the_product_and_the_host(rf):
    with context.request_context(rf.get("/", headers={"Host": "localhost:8000"})):
        entity = MFAAdapter().get_public_key_credential_rp_entity()

    assert entity == {"id": "localhost", "name": "EchoDepth"}


def test_a_passkey_has_a_name_before_one_is_given():
    assert MFAAdapter().generate_authenticator_name(None, None) == "My passkey"
