"""How a person connects an account: six kinds, each printed as one form."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Field:
    """One line of a connect form. The field `base` is the server's address: the `Api` is made with it."""

    name: str
    label: str
    help: str = ""
    example: str = ""
    secret: bool = False
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Connect:
    """What a person is asked for. `given` in `Network.sign_in` holds one string per field."""

    fields: tuple[Field, ...] = ()
    help: str = ""  # where on the network these things are found


SERVER = Field("base", "Server", "The address of the server your account lives on.", "https://example.social")
CLIENT = (
    Field("client_id", "Client ID", "From the app you registered with the network."),
    Field(
        "client_secret", "Client secret", "Shown once when the app is registered.", secret=True, needed=False
    ),
)


@dataclass(frozen=True, kw_only=True)
class OAuth2(Connect):
    """The person is sent to the network and comes back with a `code`.

    `sign_in` is then given `code`, `redirect_uri`, `code_verifier`, and the fields of the form. `authorize`
    and `token` are paths on the base, or whole addresses. `register`: where an app is made without a person.
    """

    authorize: str
    token: str
    scopes: tuple[str, ...] = ()
    per_server: bool = False
    pkce: bool = True
    register: str = ""
    scope_mark: str = " "
    extra: dict[str, str] = field(default_factory=dict, hash=False)
    fields: tuple[Field, ...] = CLIENT

    def link(self, base: str, client_id: str, redirect_uri: str, state: str, challenge: str = "") -> str:
        """The address to send the person to; `challenge` is the S256 one of PKCE (base64url, no padding)."""
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": self.scope_mark.join(self.scopes),
            "state": state,
        } | self.extra
        if self.pkce and challenge:
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        page = self.authorize if "://" in self.authorize else base.rstrip("/") + self.authorize
        return f"{page}?{urlencode(asked)}"


@dataclass(frozen=True, kw_only=True)
class Password(Connect):
    """A handle and a password made for this program only."""

    fields: tuple[Field, ...] = (
        Field("handle", "Handle", example="alice.example.social"),
        Field("password", "App password", "Not the password you log in with.", secret=True),
    )


@dataclass(frozen=True, kw_only=True)
class Token(Connect):
    """A long word copied from the network's settings."""

    fields: tuple[Field, ...] = (Field("token", "Access token", secret=True),)


@dataclass(frozen=True, kw_only=True)
class Webhook(Connect):
    """An address that accepts posts; whoever knows it may post, so it is a secret."""

    fields: tuple[Field, ...] = (Field("webhook", "Webhook address", secret=True),)


@dataclass(frozen=True, kw_only=True)
class Named(Connect):
    """Inside this program: a name is enough."""


@dataclass(frozen=True, kw_only=True)
class ByHand(Connect):
    """Nothing to connect: a person posts, we remind."""

    fields: tuple[Field, ...] = (
        Field("handle", "Name on the network", example="@harbour.cafe"),
        Field("url", "Address of the profile", example="https://example.com/harbour.cafe", needed=False),
    )
