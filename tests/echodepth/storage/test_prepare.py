from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from echodepth.storage import prepare
from echodepth.storage.prepare import NOTE, OK, WRONG
from echodepth.storage.s3 import CHECKED, ObjectStorage, StorageError

ORIGIN = "https://portal.example"


@pytest.fixture(params=["moto", pytest.param("ceph", marks=pytest.mark.xdist_group("ceph"))])
def server(request):
    """A server that has no bucket yet."""
    there = request.getfixturevalue(request.param)
    return replace(there, bucket=f"fresh-{there.bucket}-{abs(hash(request.node.name)) % 10**6}")


def prepared(server, **changed):
    return list(prepare.prepare(ObjectStorage(**server.options(**changed)), ORIGIN))


def states(steps):
    return [step.state for step in steps]


def test_a_bucket_is_made_as_the_product_needs_it(server):
    first, again = prepared(server), prepared(server)
    client, name = server.client, {"Bucket": server.bucket}

    assert states(first) == states(again) == [OK] * 7
    assert (first[0].sentence, again[0].sentence) == (
        f"The bucket {server.bucket} was made.",
        f"The bucket {server.bucket} is there.",
    )
    (cors,) = client.get_bucket_cors(**name)["CORSRules"]
    assert (cors["AllowedOrigins"], cors["AllowedMethods"], cors["ExposeHeaders"]) == (
        [ORIGIN],
        ["PUT"],
        ["ETag"],
    )
    (rule,) = client.get_bucket_lifecycle_configuration(**name)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    blocked = client.get_public_access_block(**name)["PublicAccessBlockConfiguration"]
    assert blocked["IgnorePublicAcls"]
    assert blocked["RestrictPublicBuckets"]
    assert client.list_objects_v2(**name).get("Contents", []) == []


def test_rules_of_others_stay(server):
    client, name = server.client, {"Bucket": server.bucket}
    client.create_bucket(**name)
    theirs = {"ID": "theirs", "AllowedOrigins": ["https://other.example"], "AllowedMethods": ["GET"]}
    client.put_bucket_cors(**name, CORSConfiguration={"CORSRules": [theirs]})
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 9}}
    client.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": [rule]})
    prepared(server), prepared(server)

    cors = client.get_bucket_cors(**name)["CORSRules"]
    assert [found["AllowedOrigins"] for found in cors] == [["https://other.example"], [ORIGIN]]
    rules = client.get_bucket_lifecycle_configuration(**name)["Rules"]
    assert sorted(found["ID"] for found in rules) == ["echodepth", "theirs"]


@pytest.mark.xdist_group("ceph")
def test_a_server_that_takes_the_request_to_encrypt_and_does_not_is_found_out(ceph):
    fresh = replace(ceph, bucket=f"fresh-{ceph.bucket}-plain", encryption="AES256")
    steps = prepared(fresh)

    assert states(steps) == [OK, OK, OK, OK, WRONG, OK, OK]
    assert "does not encrypt with AES256" in steps[4].sentence
    assert fresh.client.list_objects_v2(Bucket=fresh.bucket).get("Contents", []) == []


def test_a_bucket_that_anybody_reads_is_found_out(moto):
    """moto gives everything to everybody when it is asked for it openly."""
    steps = {step.sentence: step.state for step in prepared(replace(moto, bucket="fresh-open"))}
    client = moto.client
    client.delete_public_access_block(Bucket="fresh-open")
    everybody = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", '
        '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::fresh-open/*"}]}'
    )
    client.put_bucket_policy(Bucket="fresh-open", Policy=everybody)
    storage = ObjectStorage(**replace(moto, bucket="fresh-open").options())

    assert steps["Without a key the bucket gives nothing out."] == OK
    assert prepare._private(storage).state == WRONG
    assert "ANYBODY CAN READ" in prepare._private(storage).sentence


def test_the_address_of_browsers_is_asked_as_they_ask(moto):
    fresh = replace(moto, bucket="fresh-preflight")
    steps = prepared(fresh, public_endpoint="http://127.0.0.1:9")

    assert states(steps)[:6] == [OK] * 6
    assert steps[6].state == WRONG
    assert steps[6].sentence.startswith("127.0.0.1:9, where browsers send uploads, was not reached")


class Refusing:
    """A client that does some things as the server does, and refuses others."""

    def __init__(self, client, code, *names):
        self._client, self._code, self._names = client, code, names

    def __getattr__(self, name):
        if name not in self._names:
            return getattr(self._client, name)

        def refuse(**_what):
            raise ClientError({"Error": {"Code": self._code}}, name)

        return refuse


@pytest.fixture
def refusing(moto, monkeypatch):
    def made(code, *names):
        storage = ObjectStorage(**moto.options())
        client = Refusing(moto.client, code, *names)
        monkeypatch.setattr(ObjectStorage, "client", property(lambda _storage: client))
        return storage

    return made


def test_what_a_server_does_not_know_is_noted(refusing):
    storage = refusing(
        "NotImplemented",
        "put_public_access_block",
        "get_bucket_cors",
        "put_bucket_cors",
        "get_bucket_lifecycle_configuration",
        "put_bucket_lifecycle_configuration",
    )
    steps = [prepare._blocked(storage), prepare._cors(storage, ORIGIN), prepare._lifecycle(storage)]

    assert states(steps) == [NOTE] * 3
    assert ["NotImplemented" in step.sentence for step in steps] == [True] * 3
    assert f"allow PUT from {ORIGIN}" in steps[1].sentence


def test_rules_that_may_not_be_read_are_not_overwritten(refusing):
    storage = refusing("AccessDenied", "get_bucket_cors", "get_bucket_lifecycle_configuration")

    with pytest.raises(StorageError, match="AccessDenied"):
        prepare._cors(storage, ORIGIN)
    with pytest.raises(StorageError, match="AccessDenied"):
        prepare._lifecycle(storage)


def test_a_bucket_of_somebody_else_is_not_made_anew(refusing):
    with pytest.raises(StorageError, match="403"):
        prepare._bucket(refusing("403", "head_bucket"))


def test_amazon_is_told_the_region_and_others_are_not(moto):
    def place(**changed):
        return prepare._place(ObjectStorage(**moto.options(**changed)))

    assert place() == {}
    assert place(endpoint_url=None) == {}
    assert place(endpoint_url=None, region_name="eu-central-1") == {
        "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}
    }


def test_nothing_is_left_in_the_folder_of_checks(moto):
    fresh = replace(moto, bucket="fresh-clean")
    prepared(fresh)

    assert [found.key for found in ObjectStorage(**fresh.options()).listed(f"{CHECKED}/")] == []
