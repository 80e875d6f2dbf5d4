"""Secrets at rest: sealed, silent, and rotated without losing one."""

import pytest
from django.core import serializers
from django.db import connection

from diskarte.core import secrets
from diskarte.core.outbox import jobs
from diskarte.core.outbox.models import Channel
from diskarte.core.secrets import Secrets, seal
from diskarte.words import Problem
from tests import make
from tests.core.outbox_world import NOW


@pytest.fixture
def channel(db):
    brand = make.a_brand()
    return Channel.objects.create(brand=brand, network="x", identity="1", secrets=Secrets(token="tok-123"))


def raw():
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM outbox_channel")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("value", [{"token": "ñ", "deep": {"n": 1}}, "plain", {}])
def test_what_is_sealed_opens_again(value):
    assert secrets.open(seal(value)) == value


def test_sealing_twice_looks_different_and_never_like_the_secret():
    assert seal("tok-123") != seal("tok-123")
    assert "tok-123" not in seal("tok-123")


def test_a_changed_seal_does_not_open():
    sealed = seal("tok-123")
    with pytest.raises(Problem, match="DISKARTE_OLD_KEYS"):
        secrets.open(sealed[:-5] + ("aaaa=" if sealed[-5:] != "aaaa=" else "bbbb="))


def test_the_database_holds_no_secret(channel):
    assert "tok-123" not in raw()
    assert Channel.objects.get().secrets == {"token": "tok-123"}


def test_a_secret_never_prints_itself(channel):
    row = Channel.objects.get()
    for text in (repr(row.secrets), str(row.secrets), f"{row.secrets}", repr(vars(row))):
        assert "tok-123" not in text


def test_a_back_up_carries_the_sealed_text(channel):
    told = serializers.serialize("json", [Channel.objects.get()])
    assert "tok-123" not in told
    (back,) = serializers.deserialize("json", told)
    back.save()
    assert Channel.objects.get().secrets == {"token": "tok-123"}


def test_a_former_key_still_opens_and_rotating_lets_it_go(channel, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new key"
    assert Channel.objects.get().secrets == {"token": "tok-123"}
    assert jobs.reseal(NOW) == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert Channel.objects.get().secrets == {"token": "tok-123"}
    assert jobs.reseal(NOW) == 0  # nothing to do without former keys


def test_without_its_key_a_secret_is_unreadable_but_not_lost(channel, settings):
    before, key = raw(), settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    row = Channel.objects.get()
    assert row.secrets == {}
    assert not row.secrets.readable
    row.name = "renamed"
    row.save()
    assert raw() == before
    assert secrets.rotate() == 0
    settings.SECRET_KEY = key
    assert Channel.objects.get().secrets == {"token": "tok-123"}


def test_rotating_loses_no_write_made_meanwhile(channel, settings, monkeypatch):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new key"
    real = secrets._ours()

    class Meanwhile:
        """Just before the row is written, somebody else writes it."""

        encrypt, decrypt = real.encrypt, real.decrypt

        def rotate(self, token):
            Channel.objects.update(secrets={"token": "newest"})
            return real.rotate(token)

    monkeypatch.setattr(secrets, "_ours", Meanwhile)
    assert secrets.rotate() == 0
    assert Channel.objects.get().secrets == {"token": "newest"}
