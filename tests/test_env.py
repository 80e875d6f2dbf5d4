"""A wrong setting, a dead database: one sentence, no stack trace, nothing lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError

ROOT = Path(__file__).parents[1]


def diskarte(*words, **settings):
    """Run the command line as a person does; its exit code and what it said."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DISKARTE", "DATABASE"))} | settings
    command = [sys.executable, "-m", "diskarte", *words]
    answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return answer.returncode, (answer.stdout + answer.stderr).strip()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"DISKARTE_DEBUG": "perhaps"}, "DISKARTE_DEBUG=perhaps: write true or false."),
        ({"DISKARTE_WORKER_THREADS": "many"}, "DISKARTE_WORKER_THREADS=many: not a valid int."),
        ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL: write postgresql://"),
        ({"DISKARTE_SITE": "my site"}, "DISKARTE_SITE=my site: write an address"),
        ({"DISKARTE_EMAIL_URL": "mail"}, "DISKARTE_EMAIL_URL: write smtp://"),
        ({"DATABASE_URL_FILE": "/nowhere/secret"}, "DATABASE_URL_FILE=/nowhere/secret: cannot be read"),
        ({"DISKARTE_DEMO": "true", "DISKARTE_SITE": "https://plan.example.com"}, "for this machine only"),
        ({"DISKARTE_DATA": "/proc/nothing"}, "the folder cannot be made"),
    ],
)
def test_a_wrong_setting_stops_with_one_sentence(tmp_path, given, says):
    code, told = diskarte("settings", **({"DISKARTE_DATA": str(tmp_path)} | given))
    assert code == 1
    assert told.startswith(says) or says in told
    assert "Traceback" not in told
    assert told.count("\n") == 0


def test_a_dead_database_is_told_in_words(tmp_path):
    dead = "postgresql://nobody:secret@127.0.0.1:9/nothing?connect_timeout=2"
    code, told = diskarte("migrate", DISKARTE_DATA=str(tmp_path), DATABASE_URL=dead)
    assert code == 1
    assert "The database cannot be reached" in told
    assert "Traceback" not in told
    assert "secret" not in told


def test_settings_come_from_a_file_and_secrets_are_not_printed(tmp_path):
    (tmp_path / ".env").write_text(
        "# mine\nDISKARTE_TIME_ZONE=Asia/Cebu\nDISKARTE_EMAIL_URL=smtp://me:hidden@mail.example:587\n"
    )
    code, told = diskarte("settings", DISKARTE_DATA=str(tmp_path), DISKARTE_ENV=str(tmp_path / ".env"))
    assert code == 0
    assert "DISKARTE_TIME_ZONE = Asia/Cebu" in told
    assert "hidden" not in told


def test_there_are_few_settings_and_each_has_a_sentence():
    from diskarte.env import ASKED

    assert len(ASKED) <= 20
    assert all(asked.says.endswith(".") for asked in ASKED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "kind"), [("text/html", "text/html"), ("application/json", "application/json")]
)
def test_a_page_without_a_database_says_so(web, monkeypatch, accept, kind):
    def dead(*_a, **_k):
        raise OperationalError("connection refused")

    monkeypatch.setattr("diskarte.stages.brand.views.actions.canvas", dead)
    web.raise_request_exception = False
    answer = web.get("/kape-diwata/brand/", headers={"Accept": accept})
    assert answer.status_code == 503
    assert answer["Content-Type"].startswith(kind)
    assert "database does not answer" in answer.content.decode()


@pytest.mark.django_db
def test_a_full_disk_is_told_in_words(web, monkeypatch):
    def full(*_a, **_k):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("diskarte.stages.brand.views.actions.canvas", full)
    web.raise_request_exception = False
    assert "The disk is full" in web.get("/kape-diwata/brand/").content.decode()


def test_the_key_of_a_new_installation_is_private(tmp_path):
    diskarte("settings", DISKARTE_DATA=str(tmp_path / "new"))
    key = tmp_path / "new" / "secret.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_text()) > 40
