"""What the networks' files say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, gettext_noop

ABILITIES = {
    "publish": gettext_lazy("publish"),
    "delete": gettext_lazy("delete"),
    "measure": gettext_lazy("numbers of posts"),
    "measure_channel": gettext_lazy("followers"),
    "read_replies": gettext_lazy("read answers"),
    "reply": gettext_lazy("answer"),
    "read_public": gettext_lazy("read others' posts"),
}
LACKS = {  # besides the abilities: said only where a network lacks them
    "thread": gettext_lazy("threads"),
    "media": gettext_lazy("pictures and video"),
    "alt_text": gettext_lazy("descriptions of pictures"),
    "views": gettext_lazy("views"),
}
CONNECTS = {
    "by_hand": gettext_lazy("nothing to connect"),
    "name": gettext_lazy("a name is enough"),
    "oauth": gettext_lazy("sign in there"),
    "password": gettext_lazy("app password"),
    "webhook": gettext_lazy("secret address"),
    "token": gettext_lazy("access token"),
}
DOUBTS = {
    "remembers": gettext_lazy("the network refuses a repeat"),
    "finds": gettext_lazy("we look before repeating"),
    "blind": gettext_lazy("a person has to look"),
}
COUNTED = {
    "characters": gettext_lazy("characters"),
    "graphemes": gettext_lazy("letters and emoji"),
    "weighted": gettext_lazy("weighted characters"),
    "utf16": gettext_lazy("UTF-16 units"),
}
STATES = {
    "ready": gettext_lazy("ready"),
    "blocked": gettext_lazy("needs you"),
    "paused": gettext_lazy("resting"),
}
FIELDS = (  # labels and helps that stand in several network files, which know nothing of translation
    gettext_noop("Server"),
    gettext_noop("The address of the server your account lives on."),
    gettext_noop("Client ID"),
    gettext_noop("From the app you registered with the network."),
    gettext_noop("Client secret"),
    gettext_noop("Shown once when the app is registered."),
    gettext_noop("Handle"),
    gettext_noop("App password"),
    gettext_noop("Not the password you log in with."),
    gettext_noop("Access token"),
    gettext_noop("Webhook address"),
    gettext_noop("Name on the network"),
    gettext_noop("Address of the profile"),
    gettext_noop("Name of the practice channel"),
    gettext_noop("Any name you like."),
    gettext_noop("Only if yours is another one."),
    gettext_noop("Bot token"),
    gettext_noop("Channel"),
    gettext_noop("Nothing is connected: the name and address are for your own orientation."),
    gettext_noop(
        "A network inside this program: nobody outside sees the posts, and all its numbers are simulated."
    ),
    gettext_noop(
        "You post it yourself when we remind you, then paste the link; numbers are imported or typed in."
    ),
)
