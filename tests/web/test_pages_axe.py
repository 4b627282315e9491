"""The pages in a real browser: axe-core finds nothing, nothing sticks out on a phone, and a keyboard is enough."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from browsers import PASSWORD
from playwright.sync_api import Page
from seeing import assert_fine

from pipeline.store import accounts, keys
from pipeline.store.accounts import Role
from pipeline.store.open import open_store
from pipeline.web.app import make_app
from pipeline.web.sessions import now
from pipeline.web.settings import Oidc, Settings

WIDTHS = (360, 1280)
OPEN = ("/inloggen", "/privacy", "/toegankelijkheid", "/nergens", "/uitnodiging/verlopen")
INSIDE = ("/account", "/beheer/accounts", "/beheer/accounts/2", "/account?gedaan=sessions-closed", "/beheer/nergens")


@pytest.fixture
def served(tmp_path, password_hash) -> Iterator[tuple[str, object]]:
    """The address of pages that run, and their app; a beheerder and a school are there, unless ``empty``."""
    engine = open_store(str(tmp_path / "dekkend.db"))
    oidc = Oidc(issuer="https://inloggen.voorbeeld.nl", client_id="x", client_secret="y")
    settings = Settings(key_file=tmp_path / "web.key", oidc=oidc, contact="hulp@voorbeeld.nl",
                        organisation="Samenwerkingsverband De Plassen")  # fmt: skip
    app = make_app(settings, engine)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, proxy_headers=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", app
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def peopled(served, password_hash):
    address, app = served
    engine = app.state.engine
    made = [
        ("beheer@voorbeeld.nl", "B. Heerder", Role.BEHEERDER, ()),
        (
            "school@voorbeeld.nl",
            "I. Begeleider van de Openbare Basisschool De Zonnewijzer",
            Role.SCHOOL,
            ("12AB", "naam:de vlieger"),
        ),
    ]
    for login, name, role, schools in made:
        account = accounts.add_account(
            engine, login=login, name=name, role=role, schools=schools, now=now(), password=password_hash
        )
        keys.make_token(engine, account.id, name="leerlingvolgsysteem", days=90, now=now())
    return address, app


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def tab(request, chromium):
    """A page of a browser, that notes what it complains about."""
    opened = chromium.new_page(viewport={"width": request.param, "height": 800})
    opened.complaints = []
    opened.on("console", lambda said: opened.complaints.append(said.text) if is_complaint(said) else None)
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    opened.close()


def is_complaint(said) -> bool:
    """Not that we answer a form with 422: that is meant."""
    return said.type == "error" and "status of 4" not in said.text


def log_in(tab: Page, address: str) -> None:
    tab.goto(f"{address}/inloggen?naar=/account")
    tab.fill("#login", "beheer@voorbeeld.nl")
    tab.fill("#password", PASSWORD)
    tab.click("main form button")
    tab.wait_for_url("**/account")


def assert_fine_and_wide(tab: Page, name: str) -> None:
    assert_fine(tab, name)
    too_small = tab.evaluate("""[...document.querySelectorAll("main a, main button, main input, main select, nav a")]
        .filter(one => one.checkVisibility() && !one.closest("p, dd, li, .hidden") && !one.matches(".hidden"))
        .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML)""")
    assert too_small == []


@pytest.mark.parametrize("path", OPEN)
def test_open_page_is_for_everybody(tab, peopled, path):
    tab.goto(peopled[0] + path)

    assert_fine_and_wide(tab, "open" + path.replace("/", "-"))


def test_pages_behind_the_login_are_for_everybody(tab, peopled):
    address, _ = peopled
    log_in(tab, address)
    for path in INSIDE:
        tab.goto(address + path)
        assert_fine_and_wide(tab, "binnen" + path.replace("/", "-").replace("?", "-"))


def test_first_run_and_its_mistakes_are_for_everybody(tab, served):
    address, app = served
    tab.goto(f"{address}/eerste-keer")
    assert_fine_and_wide(tab, "eerste-keer")
    for field, text in (
        ("code", "x"),
        ("name", "B"),
        ("login", "b@voorbeeld.nl"),
        ("password", "kort"),
        ("again", "x"),
    ):
        tab.fill(f"#{field}", text)
    tab.click("main form button")
    assert tab.locator("#code-fout").inner_text().startswith("Let op:")
    assert "code-fout" in tab.get_attribute("#code", "aria-describedby")
    assert_fine_and_wide(tab, "eerste-keer-fout")
    tab.fill("#code", app.state.first_code.shown)
    tab.fill("#password", PASSWORD)
    tab.fill("#again", PASSWORD)
    tab.click("main form button")
    tab.wait_for_url("**/beheer/accounts*")
    assert_fine_and_wide(tab, "eerste-keer-klaar")
    assert tab.complaints == []


def test_from_invitation_to_inside(tab, peopled, chromium):
    address, app = peopled
    log_in(tab, address)
    tab.goto(f"{address}/beheer/accounts")
    tab.click("main form button")  # the browser itself says what is missing
    assert tab.url.endswith("/beheer/accounts")
    tab.fill("#name", "N. Ieuw")
    tab.fill("#login", "nieuw@voorbeeld.nl")
    tab.click("main form button")
    assert "Kies ten minste één school" in tab.locator("[role=alert]").inner_text()
    assert_fine_and_wide(tab, "uitnodigen-fout")
    tab.fill("#schools", "12AB")
    tab.click("main form button")
    link = tab.input_value("#link")
    assert_fine_and_wide(tab, "uitgenodigd")

    account = accounts.account_by_login(app.state.engine, "nieuw@voorbeeld.nl")
    path = link.removeprefix("http://127.0.0.1:8420")
    tab.context.clear_cookies()
    tab.goto(address + path)
    assert_fine_and_wide(tab, "uitnodiging")
    tab.fill("#password", "kort")
    tab.fill("#again", "kort")
    tab.click("main form button")
    assert_fine_and_wide(tab, "uitnodiging-fout")
    tab.fill("#password", PASSWORD)
    tab.fill("#again", PASSWORD)
    tab.click("main form button")
    tab.goto(f"{address}/account")
    assert "N. Ieuw" in tab.locator("main").inner_text()
    assert account is not None
    tab.fill("#sleutelnaam", "lvs")
    tab.click("form[action='/account/sleutels'] button")
    assert tab.input_value("#sleutel").startswith("dekkend_")
    assert_fine_and_wide(tab, "sleutel")
    tab.fill("#current", "fout")
    tab.fill("#password", "kort")
    tab.fill("#again", "kort")
    tab.click("form[action='/account/wachtwoord'] button")
    assert_fine_and_wide(tab, "wachtwoord-fout")


def test_wrong_password_is_told(tab, peopled):
    address, _ = peopled
    tab.goto(f"{address}/inloggen")
    tab.fill("#login", "beheer@voorbeeld.nl")
    tab.fill("#password", "fout")
    tab.click("main form button")

    assert "klopt niet" in tab.locator("[role=alert]").inner_text()
    assert_fine_and_wide(tab, "inloggen-fout")


def test_keyboard_is_enough(tab, peopled):
    address, _ = peopled
    tab.goto(f"{address}/inloggen?naar=/account")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "inhoud"
    tab.keyboard.press("Tab")  # the provider
    tab.keyboard.press("Tab")
    tab.keyboard.type("beheer@voorbeeld.nl")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/account")
    reached = set()
    for _ in range(40):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("(document.activeElement.textContent || document.activeElement.id).trim()"))
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none" or tab.evaluate("document.activeElement === document.body")

    assert {"Uitloggen", "current", "Wachtwoord veranderen", "Sleutel maken", "Privacy"} <= reached


def test_without_scripts_everything_works(chromium, peopled):
    address, _ = peopled
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    log_in(tab, address)
    tab.fill("#sleutelnaam", "lvs")
    tab.click("form[action='/account/sleutels'] button")

    assert tab.input_value("#sleutel").startswith("dekkend_")
    tab.click("header form button")
    assert "U bent uitgelogd" in tab.locator("[role=status]").inner_text()
    context.close()


def test_policy_stops_a_script_that_got_in(chromium, peopled):
    address, _ = peopled
    tab = chromium.new_page()
    said = []
    tab.on("console", lambda one: said.append(one.text))
    tab.goto(f"{address}/inloggen")
    tab.evaluate("""() => { const one = document.createElement("script"); one.textContent = "window.in_ = 1";
        document.body.append(one); document.body.setAttribute("onclick", "window.in_ = 2"); document.body.click() }""")

    assert tab.evaluate("window.in_") is None
    assert any("Content Security Policy" in one for one in said)
    tab.close()
