import pytest
from django.urls import reverse

from analysis.engine.findings.cohorts import shipped

pytestmark = pytest.mark.django_db


def test_everybody_reads_the_cohorts_with_their_evidence(client):
    text = " ".join(client.get(reverse("cohorts")).content.decode().split())

    for told in (
        f"14 cohorts in 6 countries, the list that is shipped, version {shipped().version}",
        "Canada, French",
        "Germany, Turkish",
        "never inferred from a face",
        "no evidence",
        "1 for every group",
        "McDuff, Girard &amp; el Kaliouby 2017",
        "several taken together",
    ):
        assert told in text
    assert f'href="{reverse("cohorts")}"' in text
