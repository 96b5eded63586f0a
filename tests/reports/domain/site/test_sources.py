from reports.domain.site.sources import ABSTRACT, WORKS


def test_every_work_can_be_looked_up_and_says_what_of_it_was_read():
    for key, work in WORKS.items():
        assert key == work.key
        assert work.url.startswith("https://")
        assert all((work.authors, work.year, work.title, work.place, work.read)), key
        assert not work.title.endswith(".")
    assert len({work.url for work in WORKS.values()}) == len(WORKS)


def test_an_address_is_printed_without_its_scheme():
    assert WORKS["barrett2019"].address == "doi.org/10.1177/1529100619832930"
    assert WORKS["barrett2019"].read == ABSTRACT
