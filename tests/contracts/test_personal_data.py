"""Every field of every model is classed, and what is personal has an eraser and an exporter that exist."""

from importlib import import_module

import pytest

from accounts.domain.erasure import registry
from accounts.domain.rights import exporters
from echodepth import personal
from echodepth.personal import Classed, Sort, Whom
from echodepth.personal_page import PAGE, page

FIELDS = [(model._meta.label, field.name) for model, field in personal.stored_fields()]
PERSONAL = [
    (label, name, what)
    for label, fields in personal.classed().items()
    for name, what in fields.items()
    if what.sort is Sort.PERSONAL
]
EACH = [pytest.param(*one, id=f"{one[0]}.{one[1]}") for one in PERSONAL]


def stands(fields, classed):
    """Fields that are classed nowhere, and classed ones that are not there."""
    known = {(label, name) for label, names in classed.items() for name in names}
    return sorted(set(fields) - known), sorted(known - set(fields))


def function_at(path):
    module, _colon, name = path.partition(":")
    return getattr(import_module(module), name)


def test_every_field_is_classed_and_nothing_else():
    assert stands(FIELDS, personal.classed()) == ([], [])


def test_a_new_field_and_a_gone_one_are_both_told():
    classed = {"accounts.Subject": {"label": None, "shoe_size": None}}
    fields = [("accounts.Subject", "label"), ("accounts.Subject", "nickname")]
    assert stands(fields, classed) == (
        [("accounts.Subject", "nickname")],
        [("accounts.Subject", "shoe_size")],
    )


def test_no_field_is_classed_twice():
    table = personal.Table()
    with pytest.raises(ValueError, match="label"):
        table.add("accounts.Subject", opaque="label", keys="label")


@pytest.mark.parametrize(("label", "name", "what"), EACH)
def test_what_is_personal_says_of_whom_and_how_it_goes_and_is_copied(label, name, what):
    assert what.whom in Whom
    assert what.eraser in personal.ERASERS
    if what.whom is Whom.MEMBER:
        assert what.exporter in personal.COPIES
    else:
        assert what.exporter in personal.COPIES or what.exporter in exporters.labels()


@pytest.mark.parametrize("name", sorted({what.eraser for _label, _name, what in PERSONAL}))
def test_an_eraser_is_there(name):
    assert callable(function_at(personal.ERASERS[name].path))
    if personal.ERASERS[name].path == "accounts.domain.erasure.erasures:request" and name != "queue":
        assert registry.is_known(name)


@pytest.mark.parametrize("name", sorted(personal.COPIES))
def test_a_copy_that_is_no_rows_is_there(name):
    assert callable(function_at(personal.COPIES[name].path))


def test_a_row_is_copied_with_all_that_is_personal_and_nothing_secret():
    fields = {"label": Classed(Sort.PERSONAL), "token_hash": Classed(Sort.KEY)}
    assert exporters.copied(fields) == ["label"]


def test_an_exporter_of_a_subject_belongs_to_a_model_that_says_something_of_them():
    named = {what.exporter for _label, _name, what in PERSONAL if what.whom is not Whom.MEMBER}
    assert exporters.labels() - named <= exporters.ALSO


def test_the_page_is_written_from_the_tables():
    assert PAGE.read_text(encoding="utf-8") == page(), "run manage.py write_personal_data_page"
