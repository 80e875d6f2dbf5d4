"""A program that answers what it is asked to."""

import os
import time

from diskarte.core.apart import asked

if __name__ == "__main__":
    told, answer = asked()
    print(told.get("print", ""))
    for piece in told.get("say", []):
        answer(piece)
    if "names" in told:
        answer(sorted(os.environ))
    if "pid" in told:
        answer(os.getpid())
    if "divide" in told:
        answer(1 / told["divide"])
    time.sleep(told.get("sleep", 0))
