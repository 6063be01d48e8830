"""OpenID Connect: an identity provider, chosen by a reseller, says who somebody is."""

from portal.gateways.oidc.client import Client as Client
from portal.gateways.oidc.fake import FakeProvider as FakeProvider
from portal.gateways.oidc.said import (
    Answer as Answer,
    Discovered as Discovered,
    Gateway as Gateway,
    Person as Person,
    Registration as Registration,
    Trouble as Trouble,
    Why as Why,
)
