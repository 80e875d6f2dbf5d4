"""Adding a network is adding three files: its own, its icon, its wire.json. Nothing else of the program changes."""

from pathlib import Path

import pytest

from diskarte import networks
from diskarte.core import clock
from diskarte.core.outbox.worker import Worker
from diskarte.stages.channels import actions as channels
from diskarte.stages.publish import actions as publish
from tests.make import alice
from tests.test_shape import OWN_NAMES, PY, networks_named

HERE = Path(networks.__file__).parent
PARTS = ("_*.py", "base.py", "__init__.py")


@pytest.fixture
def harbour_net(tmp_path, monkeypatch):
    """A network file that nobody has heard of, in a folder of its own."""
    text = (HERE / "practice.py").read_text().replace("class Practice(", "class HarbourNet(")
    text = text.replace('name = "Practice (nothing leaves the house)"', 'name = "Harbour Net"')
    (tmp_path / "harbour_net.py").write_text(text)
    networks.all_networks.cache_clear()
    monkeypatch.setattr(networks, "__path__", [*networks.__path__, str(tmp_path)])
    yield networks.get("harbour_net")
    networks.all_networks.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_new_file_is_connected_written_for_and_sent_to(harbour_net, web):
    assert harbour_net.name in web.get("/kape-diwata/channels/networks/").content.decode()
    assert web.get("/kape-diwata/channels/connect/harbour_net/").status_code == 200
    channel = channels.connect(alice(), "harbour_net", name="Harbour")
    publish.write(alice(), text="Barako is back", channels=[channel.pk], then="publish_now")
    Worker(1).once(clock.now())
    delivery = channel.deliveries.get()
    assert (delivery.state, bool(delivery.remote_id)) == ("sent", True)


def test_every_network_is_its_file_its_icon_and_its_wire():
    files = {p.stem for p in HERE.glob("*.py") if not any(p.match(part) for part in PARTS)}
    icons = {p.stem for p in (HERE / "icons").glob("*.svg")}
    wires = {p.parent.name for p in Path(__file__).parent.glob("*/wire.json")}
    assert files == icons == wires == set(networks.all_networks())


def test_no_file_of_the_program_knows_a_network_by_name():
    outside = [p for p in PY if "networks" not in p.parts and "demo" not in p.parts and p.name != "demo.py"]
    assert not [p for p in outside if networks_named(p.read_text(), OWN_NAMES)]
