from django import forms

from accounts.forms.plain import Plain


class Library(forms.Form):
    name = forms.CharField(
        label="Nom", help_text="<a>", widget=forms.TextInput(attrs={"placeholder": "Nom", "size": 3})
    )
    other = forms.CharField(help_text="kept")


class Ours(Plain, Library):
    labels = {"name": "Name", "missing": "x"}
    without_help = ("name",)


def test_labels_are_ours_and_placeholders_go():
    fields = Ours().fields

    assert (fields["name"].label, fields["other"].label) == ("Name", None)
    assert "placeholder" not in fields["name"].widget.attrs
    assert fields["name"].widget.attrs["size"] == 3
    assert (fields["name"].help_text, fields["other"].help_text) == ("", "kept")
