def test_everybody_may_read_what_a_region_sets(client, db):
    page = " ".join(client.get("/particulars/").content.decode().split())

    assert "at the latest 3 years after the person&#x27;s last interaction" in page
    assert "https://ilga.gov/" in page
    assert "This is no legal advice" in page
