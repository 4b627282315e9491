"""Coming in and going out with a password."""

from __future__ import annotations

from pipeline.store.accounts import Role


def test_who_logged_in_can_log_out(inside):
    browser = inside(Role.SCHOOL)

    assert "Uitloggen" in browser.get("/privacy").text
    assert "U bent uitgelogd" in browser.post("/uitloggen", page="/privacy").text
    assert "Uitloggen" not in browser.get("/privacy").text
