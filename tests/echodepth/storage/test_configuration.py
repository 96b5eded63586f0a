import pytest

from echodepth import checks
from echodepth.storage import configuration

SERVER = {
    "ECHODEPTH_S3_BUCKET": "files",
    "ECHODEPTH_S3_ENDPOINT": "http://10.0.0.5:8333",
    "ECHODEPTH_S3_ACCESS_KEY": "access",
    "ECHODEPTH_S3_SECRET_KEY": "secret",
}
AMAZON = {"ECHODEPTH_S3_BUCKET": "files", "ECHODEPTH_S3_REGION": "eu-central-1"}


@pytest.fixture
def variables(monkeypatch):
    def told(values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return told


def test_without_a_bucket_files_are_in_the_folder(tmp_path):
    assert configuration.chosen_storage(tmp_path) == {
        "BACKEND": "echodepth.storage.durable.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path), "base_url": None},
    }
    assert list(configuration.faults(https=True)) == []


def test_a_server_of_ones_own(variables, tmp_path):
    variables(SERVER)
    chosen = configuration.chosen_storage(tmp_path)

    assert chosen["BACKEND"] == "echodepth.storage.s3.ObjectStorage"
    assert chosen["OPTIONS"] == {
        "bucket_name": "files",
        "endpoint_url": "http://10.0.0.5:8333",
        "public_endpoint": "",
        "region_name": "us-east-1",
        "addressing_style": "path",
        "access_key": "access",
        "secret_key": "secret",
        "encryption": "AES256",
    }
    assert list(configuration.faults(https=False)) == []


def test_amazon(variables, tmp_path):
    variables(AMAZON)
    options = configuration.chosen_storage(tmp_path)["OPTIONS"]

    assert (options["endpoint_url"], options["addressing_style"]) == (None, "virtual")
    assert list(configuration.faults(https=True)) == []


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"ECHODEPTH_S3_ENDPOINT": "https://s3.example.org"}, "ECHODEPTH_S3_BUCKET is not"),
        ({"ECHODEPTH_S3_SECRET_KEY": "secret"}, "ECHODEPTH_S3_SECRET_KEY is set and ECHODEPTH_S3_BUCKET"),
        (AMAZON | {"ECHODEPTH_S3_SECRET_KEY": "secret"}, "Set both ECHODEPTH_S3_ACCESS_KEY and"),
        (AMAZON | {"ECHODEPTH_S3_ENDPOINT": "https://s3.example.org"}, "ECHODEPTH_S3_ACCESS_KEY is needed"),
        (AMAZON | {"ECHODEPTH_S3_PUBLIC_ENDPOINT": "https://a.example"}, "ECHODEPTH_S3_ENDPOINT is needed"),
        (SERVER, "send uploads to http://10.0.0.5:8333, which they refuse"),
    ],
)
def test_half_a_server_is_an_error(variables, settings, values, part):
    variables(values)
    settings.HTTPS = True
    (error,) = checks.check_storage(None)

    assert part in error.msg
    assert error.id == "echodepth.E013"
    assert "secret" not in error.msg.replace("SECRET", "")


def test_a_whole_server_is_no_error(variables, settings):
    variables(SERVER | {"ECHODEPTH_S3_PUBLIC_ENDPOINT": "https://s3.example.org"})
    settings.HTTPS = True

    assert checks.check_storage(None) == []
