from urllib.parse import urlsplit

import pytest

from echodepth.storage import configuration
from echodepth.storage.origin import upload_origin
from echodepth.storage.s3 import ObjectStorage
from echodepth.storage.s3_parts import S3Parts

AMAZON = {"BUCKET": "files", "REGION": "eu-central-1"}
SERVER = {"BUCKET": "files", "ENDPOINT": "http://storage:8333"}
PUBLIC = SERVER | {"PUBLIC_ENDPOINT": "https://s3.example.org:9443/base/"}


@pytest.fixture
def variables(monkeypatch):
    def told(values):
        for name, value in values.items():
            monkeypatch.setenv(f"ECHODEPTH_S3_{name}", value)

    return told


def origin_of_a_link(folder):
    """Of a link as an upload gets it."""
    keys = {"access_key": "access", "secret_key": "secret"}
    storage = ObjectStorage(**configuration.chosen_storage(folder)["OPTIONS"] | keys)
    parts = urlsplit(S3Parts(storage).link("a/recordings/b/media", "parts", 7, 5).url)
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.parametrize(
    ("values", "origin"),
    [
        (AMAZON, "https://files.s3.eu-central-1.amazonaws.com"),
        (AMAZON | {"REGION": "us-east-1"}, "https://files.s3.amazonaws.com"),
        (AMAZON | {"REGION": "cn-north-1"}, "https://files.s3.cn-north-1.amazonaws.com.cn"),
        (AMAZON | {"BUCKET": "files.example"}, "https://s3.eu-central-1.amazonaws.com"),
        (AMAZON | {"ADDRESSING": "path"}, "https://s3.eu-central-1.amazonaws.com"),
        (SERVER, "http://storage:8333"),
        (SERVER | {"ENDPOINT": "http://10.0.0.5:8333", "ADDRESSING": "virtual"}, "http://10.0.0.5:8333"),
        (PUBLIC, "https://s3.example.org:9443"),
        (PUBLIC | {"ADDRESSING": "virtual"}, "https://files.s3.example.org:9443"),
        (PUBLIC | {"ADDRESSING": "virtual", "BUCKET": "files.example"}, "https://s3.example.org:9443"),
    ],
)
def test_it_is_where_the_links_lead(variables, tmp_path, values, origin):
    variables(values)

    assert upload_origin() == origin == origin_of_a_link(tmp_path)


def test_a_folder_of_our_own_is_no_other_origin():
    assert upload_origin() == ""


def test_a_bucket_that_cannot_be_leaves_the_pages(variables):
    variables(AMAZON | {"BUCKET": "no bucket/at all"})

    assert upload_origin() == ""
