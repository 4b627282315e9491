"""Ctrl-C is no fault of the program, wherever it comes."""

from __future__ import annotations

import pytest

from pipeline import cli


def interrupted() -> None:
    raise KeyboardInterrupt


def interrupted_inside_pydantic() -> None:
    try:
        interrupted()
    except KeyboardInterrupt as stop:
        raise ValueError("Error calling function `_ser_model`: KeyboardInterrupt") from stop


@pytest.mark.parametrize("stop", [interrupted, interrupted_inside_pydantic])
def test_ctrl_c_says_so_and_nothing_more(monkeypatch, capsys, stop) -> None:
    monkeypatch.setattr(cli, "_norm_list", lambda _: stop())

    assert cli.main(["norm", "list"]) == 130
    assert capsys.readouterr().err == "dekkend: afgebroken\n"
