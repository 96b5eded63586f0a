"""Every row of a tenant stands behind the tenant's scope."""

import pytest
from django.apps import apps
from django.db import models
from django_scopes import ScopeError

from accounts.models import Organisation, User
from echodepth.fence import tenant_models
from echodepth.tenancy import tenant

OURS = ("accounts", "analysis", "reports")


def find_tenant_models():
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            fields = model._meta.get_fields()
            if model is Organisation or any(
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
    organisation_id = Organisation().pk
    column = "id" if model is Organisation else "organisation_id"
    with tenant(organisation_id):
        condition = str(model.objects.all().query).partition("WHERE")[2]
    assert f'."{column}" = ' in condition
    assert organisation_id.hex in condition.replace("-", "")


def test_tenant_models_are_those_that_the_second_fence_stands_around():
    names = {model.__name__ for model in TENANT_MODELS}

    assert {"Organisation", "Membership", "Project", "Subject", "Recording", "Run", "Report"} <= names
    assert set(TENANT_MODELS) == set(tenant_models())


def test_a_model_without_the_scope_is_found():
    assert list(unscoped_managers(User)) == ["objects"]


def test_rows_that_belong_to_a_tenants_row_carry_the_organisation_too():
    """Hung on a scoped row without an organisation of its own, it would be readable outside of the scope."""
    scoped = set(TENANT_MODELS)
    holes = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS and model not in scoped
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in scoped
    ]

    assert holes == []
