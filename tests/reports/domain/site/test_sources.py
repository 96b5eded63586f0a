from reports.domain.site.sources import ABSTRACT, WORKS


def test_every_work_can_be_looked_up_and_says_what_of_it_was_read():
    for key, work in WORKS.items():
        assert key == work.key
        assert work.url or work.read_at, key
        assert all(url.startswith("https://") for url in (work.url, work.read_at) if url)
        assert all((work.authors, work.year, work.title, work.place, work.read)), key
        assert not work.title.endswith(".")
    addresses = [url for work in WORKS.values() for url in (work.url, work.read_at) if url]
    assert len(addresses) == len(set(addresses))


def test_an_address_is_printed_without_its_scheme():
    assert WORKS["barrett2019"].address == "doi.org/10.1177/1529100619832930"
    assert WORKS["barrett2019"].read == ABSTRACT


def test_where_a_work_was_read_stands_beside_the_work_and_never_in_its_place():
    rhue, prince = WORKS["rhue2018"], WORKS["prince_facs"]

    assert rhue.address == "doi.org/10.2139/ssrn.3281765"
    assert rhue.address_read.startswith("www.rawstory.com/")
    assert prince.address == ""
    assert prince.address_read.startswith("studylib.net/")
