"""Every row of a tenant stands behind the tenant's scope."""

import pytest
from django.apps import apps
from django.db import models
from django_scopes import ScopeError

from accounts.models import Membership, Organisation
from echodepth.tenancy import tenant

UNSCOPED = {Membership: "found by its user, before any tenant is known"}
"""Models with an organisation whose rows may be read outside of it, and why."""

OURS = ("accounts", "analysis", "reports")


def find_tenant_models():
    for model in apps.get_models():
        if model._meta.app_label in OURS and model not in UNSCOPED:
            fields = model._meta.get_fields()
            if any(
                field.is_relation and field.related_model is Organisation
                for field in fields
                if not field.auto_created
            ):
                yield model


TENANT_MODELS = tuple(find_tenant_models())


def unscoped_managers(model):
    """Names of the model's managers that answer outside of a tenant."""
    for manager in model._meta.managers:
        try:
            str(manager.all().query)
        except ScopeError:
            continue
        yield manager.name


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_a_tenants_rows_are_out_of_reach_without_its_scope(model):
    assert list(unscoped_managers(model)) == []


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_inside_a_scope_a_query_names_the_organisation(model):
    with tenant(Organisation().pk):
        assert "organisation_id" in str(model.objects.all().query).partition("WHERE")[2]


def test_tenant_models_are_found_and_exceptions_still_exist():
    assert {"Project", "Subject", "Recording", "Run", "Report"} <= {model.__name__ for model in TENANT_MODELS}
    assert all(any(field.name == "organisation" for field in model._meta.get_fields()) for model in UNSCOPED)


def test_a_model_without_the_scope_is_found():
    assert list(unscoped_managers(Membership)) == ["objects"]


def test_rows_that_belong_to_a_tenants_row_carry_the_organisation_too():
    """Hung on a scoped row without an organisation of its own, it would be readable outside of the scope."""
    scoped = set(TENANT_MODELS)
    holes = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS and model not in scoped | set(UNSCOPED)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in scoped
    ]

    assert holes == []
