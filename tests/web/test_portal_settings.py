"""Settings, the secret of an installation, passwords, and the commands on the command line."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher, Type
from browsers import PASSWORD

from pipeline.cli import main
from pipeline.errors import ConfigError
from pipeline.store import accounts, keys
from pipeline.store.accounts import Role
from pipeline.store.open import open_store
from pipeline.web import passwords
from pipeline.web.secret import KeyFileError, read_secret
from pipeline.web.sessions import now
from pipeline.web.settings import Settings, read_settings

GUIDE = (Path(__file__).parents[2] / "docs" / "portal.md").read_text(encoding="utf-8")


class TestSettings:
    def read(self, folder: Path, text: str, **given):
        (folder / "portal.yaml").write_text(text, encoding="utf-8")
        return read_settings(folder / "portal.yaml", given)

    def test_defaults_are_for_this_machine_alone(self):
        settings = read_settings(None, {})

        assert (settings.host, settings.address, settings.keep_hours) == ("127.0.0.1", "http://127.0.0.1:8420", 24)
        assert settings.is_local
        assert not settings.secure_cookies

    def test_examples_of_the_guide_are_right(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DEKKEND_OIDC_GEHEIM", "zeer geheim")
        examples = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
        read = [self.read(tmp_path, text) for text in examples]
        shown = {name for one in read for name in one.model_fields_set}

        assert len(examples) >= 3
        assert shown == set(Settings.model_fields)
        assert "zeer geheim" in {one.oidc.client_secret for one in read if one.oidc}
        assert "zeer geheim" not in "".join(map(repr, read))

    def test_places_are_below_the_folder_of_the_file(self, tmp_path):
        settings = self.read(tmp_path, "store: d.db\nkey_file: k.key\nreports: uit\n")

        assert settings.store == str(tmp_path / "d.db")
        assert (settings.key_file, settings.reports) == (tmp_path / "k.key", tmp_path / "uit")

    def test_command_line_wins(self, tmp_path):
        settings = self.read(tmp_path, "port: 9000\nstore: d.db\n", port=9001, store="postgresql://db/x", host=None)

        assert (settings.port, settings.store, settings.host) == (9001, "postgresql://db/x", "127.0.0.1")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("pot: 9000\n", "portal.yaml:1: pot: dit veld bestaat niet"),
            ("port: negen\n", "portal.yaml:1: port: hier hoort een getal"),
            ("port: 0\n", "portal.yaml:1: port: dit getal is te klein"),
            ("host: 0.0.0.0\n", "zonder url kan alleen deze computer erbij"),
            ("url: dekkend.voorbeeld.nl\n", "portal.yaml:1: url: deze waarde kan niet"),
            ("url: https://a.nl/pad\n", "portal.yaml:1: url: deze waarde kan niet"),
            ("contact: bel mij\n", "portal.yaml:1: contact: hier hoort een e-mailadres"),
            ("oidc:\n  issuer: https://a.nl\n  client_id: x\n", "oidc.client_secret: dit veld ontbreekt"),
            ("oidc:\n  issuer: https://a.nl\n  client_id: x\n  client_secret: y\n  link_by: naam\n", "kies invitation"),
            ("proxy:\n  addresses: []\n", "proxy.addresses: hier hoort ten minste één waarde"),
            ("proxy:\n  addresses: [alle]\n", "proxy.addresses.1"),
            ("proxy:\n  addresses: [10.0.0.0/8]\n  user_header: 'a b'\n", "proxy.user_header: deze waarde kan niet"),
        ],
    )
    def test_mistake_is_told_with_its_line(self, tmp_path, text, words):
        with pytest.raises(ConfigError, match=re.escape(words)):
            self.read(tmp_path, text)

    def test_mistake_on_the_command_line_is_told(self):
        with pytest.raises(ConfigError, match="zonder url"):
            read_settings(None, {"host": "0.0.0.0"})


class TestSecret:
    def test_is_made_for_the_owner_alone_and_stays(self, tmp_path):
        file = tmp_path / "map" / "web.key"
        first = read_secret(file).key_for("a")

        assert file.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in file.parent.iterdir()] == ["web.key"]
        assert read_secret(file).key_for("a") == first

    def test_each_purpose_has_its_own_key(self, tmp_path):
        secret = read_secret(tmp_path / "web.key")

        assert len({secret.key_for("a"), secret.key_for("b")}) == 2
        assert len(secret.key_for("a")) == 32
        assert (tmp_path / "web.key").read_text() not in repr(secret)

    def test_two_that_start_at_once_have_the_same(self, tmp_path):
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(lambda _: read_secret(tmp_path / "web.key").key_for("a"), range(16)))

        assert len(made) == 1

    def test_file_that_others_can_read_is_refused(self, tmp_path):
        read_secret(tmp_path / "web.key")
        (tmp_path / "web.key").chmod(0o640)

        with pytest.raises(KeyFileError, match="Anderen kunnen"):
            read_secret(tmp_path / "web.key")

    @pytest.mark.parametrize("text", ["", "abcd", "geen sleutel"])
    def test_file_with_something_else_is_refused(self, tmp_path, text):
        (tmp_path / "web.key").write_text(text)
        (tmp_path / "web.key").chmod(0o600)

        with pytest.raises(KeyFileError):
            read_secret(tmp_path / "web.key")


class TestPasswords:
    def test_hash_is_argon2id_with_a_salt_of_its_own(self):
        one, other = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)

        assert one != other
        assert one.startswith("$argon2id$")
        assert passwords.matches(one, PASSWORD)
        assert not passwords.matches(one, PASSWORD.upper())
        assert not passwords.is_outdated(one)

    def test_guessing_is_slow_outside_tests(self, real_hasher):
        """RFC 9106, for who has no gigabytes to spare."""
        assert real_hasher.type is Type.ID
        assert (real_hasher.memory_cost, real_hasher.time_cost) >= (64 * 1024, 3)

    @pytest.mark.parametrize("kept", [None, "", "$argon2id$stuk"])
    def test_without_a_hash_nothing_matches(self, kept):
        assert not passwords.matches(kept, "")
        assert not passwords.matches(kept, PASSWORD)

    def test_unknown_name_takes_as_long(self, password_hash):
        def seconds(kept):
            begun = time.process_time()
            passwords.matches(kept, "fout")
            return time.process_time() - begun

        passwords.matches(None, "fout")

        assert min(seconds(None) for _ in range(3)) > 0.5 * min(seconds(password_hash) for _ in range(3))

    def test_lighter_hash_is_renewed_at_the_next_login(self, browser, add, engine):
        account = add("oud@voorbeeld.nl", password=PasswordHasher(time_cost=1, memory_cost=512).hash(PASSWORD))
        browser.log_in("oud@voorbeeld.nl")
        after = accounts.account_by_id(engine, account.id)

        assert after is not None
        assert after.password != account.password
        assert passwords.matches(after.password, PASSWORD)


class TestCommands:
    @pytest.fixture
    def store(self, tmp_path, monkeypatch):
        monkeypatch.setenv("DEKKEND_HOME", str(tmp_path))
        return str(tmp_path / "d.db")

    def test_account_gets_a_link_that_works(self, store, capsys):
        arguments = ["account", "add", "ib@voorbeeld.nl", "--name", "I", "--role", "school", "--school", "12ab 01"]
        status = main([*arguments, "--store", store, "--url", "https://dekkend.voorbeeld.nl"])
        link = capsys.readouterr().out.strip()
        account = keys.invited(open_store(store), link.rpartition("/")[2], now())

        assert status == 0
        assert link.startswith("https://dekkend.voorbeeld.nl/uitnodiging/")
        assert account is not None
        assert (account.role, account.schools) == (Role.SCHOOL, {"12AB"})

    def test_list_shows_who_there_is(self, store, capsys):
        main(["account", "add", "b@voorbeeld.nl", "--name", "B. Heer", "--role", "beheerder", "--store", store])
        capsys.readouterr()

        assert main(["account", "list", "--store", store]) == 0
        assert capsys.readouterr().out == "b@voorbeeld.nl\tB. Heer\tbeheerder\tuitgenodigd\n"

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["link", "niemand@voorbeeld.nl"], "Er is geen account met de inlognaam"),
            (["add", "x@voorbeeld.nl", "--name", "X", "--role", "school"], "Kies ten minste één school"),
        ],
    )
    def test_what_can_not_be_is_told(self, store, capsys, arguments, words):
        assert main(["account", *arguments, "--store", store]) == 2
        assert words in capsys.readouterr().err

    def test_newer_link_opens_a_lock(self, store, capsys):
        main(["account", "add", "b@voorbeeld.nl", "--name", "B", "--role", "beheerder", "--store", store])
        engine = open_store(store)
        accounts.note_failure(engine, "b@voorbeeld.nl", now(), within=keys.IDLE)

        assert main(["account", "link", "B@voorbeeld.nl", "--store", store]) == 0
        assert accounts.failures(engine, "b@voorbeeld.nl", now(), within=keys.IDLE) == 0


class TestServe:
    def start(self, home: Path, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pipeline.cli", "serve", *arguments]
        environment = os.environ | {"DEKKEND_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def test_works_at_once_with_everything_embedded_and_stops_when_asked(self, tmp_path):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        server = self.start(tmp_path, "--port", str(port), "--log", "json")
        try:
            lines = [server.stderr.readline(), server.stderr.readline()]
            for _ in range(100):
                try:
                    health = urllib.request.urlopen(f"http://127.0.0.1:{port}/gezond", timeout=5).read()
                except OSError:
                    time.sleep(0.1)
                else:
                    break
        finally:
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=30)

        assert f"http://127.0.0.1:{port}" in lines[0]
        assert re.search(rf"http://127.0.0.1:{port}/eerste-keer met de code \w{{4}}-\w{{4}}-\w{{4}}", lines[1])
        assert health == b'{"status":"ok"}'
        assert out == ""
        assert '"route": "/gezond"' in err
        assert "Traceback" not in err
        assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {
            "dekkend.db": 0,
            "web.key": 0,
        }

    def test_port_that_is_taken_is_told(self, tmp_path):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            server = self.start(tmp_path, "--port", str(listener.getsockname()[1]))
            _, err = server.communicate(timeout=60)

        assert server.returncode == 2
        assert "is niet vrij" in err
        assert "Traceback" not in err
