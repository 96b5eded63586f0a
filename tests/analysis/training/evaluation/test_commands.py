import sys

from analysis.training import __main__ as command


def test_without_a_dataset_the_command_says_so(tmp_path, capsys):
    assert command.main(["evaluate", "--data", str(tmp_path), "--model", str(tmp_path)]) == 1
    assert "holds no dataset" in capsys.readouterr().err


def test_without_torch_the_command_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [name for name in sys.modules if name.startswith("analysis.training.model.")]:
        monkeypatch.delitem(sys.modules, name)

    assert command.main(["train", "--data", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "requirements.txt" in capsys.readouterr().err
