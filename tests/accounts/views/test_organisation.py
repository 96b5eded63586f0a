PAGE = "/o/harbour/settings/"


def test_name_and_time_zone_are_changed(owner_client, organisation):
    response = owner_client.post(PAGE, {"name": "Sea Institute", "time_zone": "Asia/Tokyo"}, follow=True)

    organisation.refresh_from_db()
    assert (organisation.name, organisation.time_zone) == ("Sea Institute", "Asia/Tokyo")
    assert "Times are shown in Asia/Tokyo." in response.content.decode()


def test_what_is_refused_is_not_shown_as_stored(owner_client, organisation):
    page = owner_client.post(PAGE, {"name": "", "time_zone": "Mars/Olympus"}).content.decode()

    organisation.refresh_from_db()
    assert (organisation.name, organisation.time_zone) == ("Harbour Institute", "Europe/Berlin")
    assert '<span class="bar__organisation">Harbour Institute</span>' in page
    assert 'href="#id_name"' in page
    assert 'href="#id_time_zone"' in page
