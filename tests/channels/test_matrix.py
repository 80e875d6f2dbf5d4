"""The matrix says what the networks' files say, and nothing else."""

from __future__ import annotations

from diskarte.networks import all_networks
from diskarte.stages.channels import matrix


def test_every_network_has_its_line():
    assert {line.name for line in matrix.lines()} == set(all_networks())


def test_a_line_is_what_the_file_says():
    network = all_networks()["bluesky"]
    line = matrix.line("bluesky", network)
    assert (line.connect, line.doubt, line.checked, line.limits) == (
        "password",
        "finds",
        network.checked,
        network.limits,
    )
    assert line.can == network.can
    assert matrix.line("by_hand", all_networks()["by_hand"]).doubt == "blind"
    assert matrix.line("practice", all_networks()["practice"]).doubt == "remembers"


def test_the_page_is_printed_from_the_files():
    text = matrix.markdown()
    for name, network in all_networks().items():
        row = next(line for line in text.splitlines() if line.startswith(f"| {network.name} |"))
        assert network.checked.isoformat() in row
        assert f"(`{name}`)" in text
        assert network.docs in text
    assert "300 letters and emoji" in text
    assert "4 of 1.91 MB" in text


def test_ticks_are_methods_that_exist():
    text = matrix.markdown()
    ticks = next(line for line in text.splitlines() if line.startswith("| By hand |")).split(" | ")[1:8]
    assert ticks == ["✓", "–", "–", "–", "–", "✓", "–"]
