from django.template import Context, Template

from reports.domain.site.citations import Citations


def rendered(text, **context):
    return Template("{% load texts %}" + text).render(Context(context))


def test_a_mark_stays_by_its_word_and_leads_to_the_entry():
    text = rendered('shown.{% cite "barrett2019" "depaulo2003" %}', citations=Citations())

    assert text == (
        'shown.\N{WORD JOINER}<sup class="cite">['
        '<a id="cite-barrett2019-1" href="#ref-barrett2019" aria-label="Reference 1">1</a>, '
        '<a id="cite-depaulo2003-1" href="#ref-depaulo2003" aria-label="Reference 2">2</a>]</sup>'
    )


def test_what_a_statement_is_checked_by_is_escaped():
    text = rendered('{% check "docs/a.md" name %}', name="<b>")

    assert "<code>docs/<wbr>a.md</code>, <code>&lt;b&gt;</code>" in text
    assert "<b>" not in text


def test_a_path_breaks_after_its_slashes_and_underscores_alone():
    text = rendered("{{ name|file_name }}", name="tests/a_b/<i>.py")

    assert text == "tests/<wbr>a_<wbr>b/<wbr>&lt;i&gt;.py"
