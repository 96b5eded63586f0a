from analysis.engine import errors
from echodepth.env import BASE_DIR
from reports.domain.exits import MEANINGS, REFUSALS, Exit, exit_table, refusal_table

DOCUMENT = (BASE_DIR / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_the_document_is_the_tables_written_out():
    assert exit_table() in DOCUMENT
    assert refusal_table() in DOCUMENT


def test_every_way_to_end_has_a_meaning():
    assert set(MEANINGS) == set(Exit)


def test_every_error_of_the_engine_has_its_exit():
    elsewhere = {errors.ModelsMissingError, errors.ModelMismatchError, errors.CancelledError}
    # A confined child's own is not among them: the command line decodes in its own process.
    of_the_engine = {one for one in errors.EngineError.__subclasses__() if one.__module__ == errors.__name__}

    assert of_the_engine == set(REFUSALS) | elsewhere
