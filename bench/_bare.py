"""The least a program can do: the same calls over one httpx client, with nothing written down.

Reads calls as JSON from standard input, makes them from so many threads, prints how long all of them took.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx


def main(told: dict[str, Any]) -> float:
    """Seconds for all calls; ends the program when one of them was not answered with a yes."""
    threads = told["threads"]
    limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
    with httpx.Client(timeout=60, limits=limits) as client, ThreadPoolExecutor(threads) as pool:

        def call(one: dict[str, Any]) -> None:
            client.post(one["url"], json=one["json"], headers=one["headers"]).raise_for_status().json()

        began = time.perf_counter()
        list(pool.map(call, told["calls"]))
        return time.perf_counter() - began


if __name__ == "__main__":
    print(main(json.load(sys.stdin)))
