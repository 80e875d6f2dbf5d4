"""Discord channels, through the address of a webhook: no bot is needed, but it cannot look around there."""

from __future__ import annotations

from datetime import date

import regex

from diskarte.words import Failure, Metric, Reconnect, Refused, Sent, Told

from ._discord import KINDS, LIMITS, LINK, UNSEEN, message, reactions
from ._thread import Part, Stepwise
from .base import Account, Answer, Api, Counts, Field, Lack, Webhook

ADDRESS = regex.compile(r"/api(?:/v\d+)?(/webhooks/\d+/[\w-]+)/?(?:\?.*)?$")
DELETED = 10015
WRITES = "https://discord.com/developers/docs/resources/webhook"


class DiscordWebhook(Stepwise):
    name = "Discord (webhook)"
    docs = "https://discord.com/developers/docs/resources/webhook#execute-webhook"
    checked = date(2026, 11, 23)
    base = "https://discord.com"
    colour = "#5865f2"
    note = "It posts, deletes and counts reactions, and needs no bot."
    connect = Webhook(
        fields=(
            Field(
                "webhook",
                "Webhook address",
                "Channel → Integrations → Webhooks → Copy URL.",
                "https://discord.com/api/webhooks/…",
                secret=True,
            ),
        ),
    )
    kinds = KINDS
    limits_from = "https://discord.com/developers/docs/reference#uploading-files"
    limits = LIMITS
    blind = True
    counts = {Metric.LIKES: "reactions"}
    post_link = LINK
    lacks = {
        "measure_channel": Lack("A webhook is not told how many people are there: a bot is.", WRITES),
        "read_replies": Lack("A webhook sees only what it wrote itself: a bot reads the answers.", WRITES),
        "reply": Lack("A webhook cannot answer a message: a bot can.", WRITES),
        "read_public": Lack("A webhook sees only what it wrote itself.", WRITES),
        "views": UNSEEN,
    }

    def headers(self, api: Api) -> dict[str, str]:
        """The address is the permission."""
        return {}

    def sort(self, answer: Answer) -> Failure | None:
        gone = answer.status == 404 and answer.get("code") == DELETED
        return Reconnect(Told("Somebody deleted this webhook: make a new one there.")) if gone else None

    def sign_in(self, api: Api, given: dict[str, str]) -> Account:
        """The identity is «server/channel/webhook»."""
        found = ADDRESS.search(given["webhook"].strip())
        if not found:
            raise Refused(
                Told("That is not the address of a webhook: copy it from the channel's integrations.")
            )
        api.secrets = {"webhook": f"/api/v10{found[1]}"}
        told = api.get(api.secrets["webhook"])
        guild, channel = str(told.get("guild_id") or "@me"), str(told.need("channel_id"))
        name = str(told.get("name") or "Webhook")
        url = f"https://discord.com/channels/{guild}/{channel}"
        return Account(f"{guild}/{channel}/{told.need('id')}", name, name, url, dict(api.secrets))

    def verify(self, api: Api) -> None:
        api.get(api.secrets["webhook"]).need("id")

    def send_part(self, api: Api, part: Part) -> Sent:
        asked = {"content": part.text, "allowed_mentions": {"parse": ["users", "roles"]}}
        told = api.post(api.secrets["webhook"], params={"wait": "true"}, **message(asked, part.files))
        remote_id = str(told.need("id"))
        guild, channel, _ = api.identity.split("/")
        return Sent(remote_id, f"https://discord.com/channels/{guild}/{channel}/{remote_id}")

    def delete(self, api: Api, remote_id: str) -> None:
        api.delete(f"{api.secrets['webhook']}/messages/{remote_id}")

    def measure(self, api: Api, remote_id: str) -> Counts:
        return {Metric.LIKES: reactions(api.get(f"{api.secrets['webhook']}/messages/{remote_id}"))}
