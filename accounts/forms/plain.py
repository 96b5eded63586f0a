from typing import Any

from django import forms


class Plain(forms.BaseForm):
    """A library's form in the product's words, without placeholders: a label stays when one types."""

    labels: dict[str, Any] = {}
    without_help: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name in self.without_help:
                field.help_text = ""
