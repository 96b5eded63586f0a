from accounts.forms.offboarding import LeaveForm


def errors(**fields):
    form = LeaveForm(fields, organisation_name="Harbour Institute")
    return set(form.errors)


def test_the_name_is_typed_as_it_is_shown():
    assert errors(name=" Harbour Institute ", downloaded="on") == set()
    assert errors(name="harbour institute", downloaded="on") == {"name"}


def test_who_downloaded_nothing_is_told():
    assert errors(name="Harbour Institute") == {"downloaded"}
