"""Check a draw yourself: python verify_draw.py draw.json   (Python 3.8 or newer, nothing to install)"""
# mypy: ignore-errors

import hashlib
import hmac
import json
import sys
from unicodedata import normalize

FORMAT = "diskarte-draw-1"


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def identity(name):
    return normalize("NFC", normalize("NFC", name.strip()).casefold())


def order(entrants, key, wanted):
    moved, counter = {}, 0
    for place in range(min(wanted, len(entrants))):
        left = len(entrants) - place
        while True:  # numbers that would favour some entrants are thrown away
            number = int.from_bytes(hmac.new(key, counter.to_bytes(8, "big"), "sha256").digest(), "big")
            counter += 1
            if number < 2**256 - 2**256 % left:
                break
        at = place + number % left
        yield entrants[moved.get(at, at)]
        moved[at] = moved.get(place, place)


def check(told):
    entrants, wanted = told["entrants"], told["winners"] + told["standby"]
    rules = sha(normalize("NFC", told["rules"]).replace("\r\n", "\n").strip())
    rooted = sha("".join(line + "\n" for line in entrants))
    beacon, proof = told["beacon"], told.get("beacon_signature")
    key = hmac.new(told["secret"].encode(), "\n".join([FORMAT, beacon, rooted]).encode(), "sha256").digest()
    yield "secret, rules and closing time are those promised", told["commitment"] == sha(
        "\n".join([FORMAT, told["secret"], told["closes"], rules])
    )
    yield "everybody stands in the list once, in order", entrants == sorted({identity(e) for e in entrants})
    yield "the list is the one published after closing", told["root"] == rooted
    if proof:  # a drand round: its value is the hash of its signature
        yield "the beacon's value belongs to its signature", beacon == hashlib.sha256(bytes.fromhex(proof)).hexdigest()
    yield "the winners and those who stand by follow from it", told["drawn"] == list(order(entrants, key, wanted))


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        answers = list(check(json.load(file)))
    for says, good in answers:
        print("OK   " if good else "WRONG", says)
    print("The draw is as it was promised." if all(g for _s, g in answers) else "THIS DRAW WAS CHANGED.")
    sys.exit(0 if all(g for _s, g in answers) else 1)
