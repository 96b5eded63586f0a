"""The settings of Django REST Framework and drf-spectacular."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "echodepth.api.schema.Described",
    "EXCEPTION_HANDLER": "echodepth.api.exceptions.handle",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
    "COMPACT_JSON": True,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "EchoDepth",
    "DESCRIPTION": (
        "Recordings in, Action Units and findings out. Every operation acts inside the one organisation that "
        "the token belongs to, and never does more than its owner may. docs/api.md tells how to begin."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "ENUM_NAME_OVERRIDES": {
        "ConsentStateEnum": "accounts.enums.ConsentState",
        "ConsentWayEnum": "accounts.enums.ConsentWay",
        "DeclarantEnum": "accounts.enums.Declarant",
        "NoticeWayEnum": "accounts.api.consents.NOTICE_WAYS",
        "ReviewStateEnum": "reports.enums.ReviewState",
        "SubjectRoleEnum": "accounts.enums.SubjectRole",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "echodepth.api.schema.parameters_last",
    ],
}
