"""The tests' SQLite lives in memory, and a served page's threads share its one connection: requests take turns."""

from threading import RLock

TURN = RLock()


class OneAtATime:
    """A middleware around all others: without it two requests speak into each other's statements."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, request):
        with TURN:
            return self.answer(request)
