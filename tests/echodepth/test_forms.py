from django import forms


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the label.")
    note = forms.CharField(required=False)
    agree = forms.BooleanField(label="Agree")
    secret = forms.CharField(widget=forms.HiddenInput)


def test_an_untouched_form_has_labels_and_help_and_no_summary():
    html = str(Sample())

    assert '<label for="id_name">Name</label>' in html
    assert '<div class="field__help" id="id_name_helptext">As on the label.</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert html.count("(optional)") == 1
    assert '<input type="hidden" name="secret"' in html
    assert "error-summary" not in html


def test_a_refused_form_says_it_above_and_at_the_field():
    form = Sample({"note": "x", "secret": ""})
    form.add_error(None, "The whole does not fit.")
    html = str(form)

    summary = html[html.index("error-summary") : html.index("</ul>")]
    assert '<a href="#id_name">Name: This field is required.</a>' in summary
    assert "The whole does not fit." in summary
    assert summary.count("<li>") == 4
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<ul class="field__errors" id="id_name_error">' in html
    assert 'aria-invalid="true"' in html
