"""Passkeys: how many, and what they are called."""

from collections.abc import Mapping
from datetime import timedelta

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_

MOST_PASSKEYS = 20
LONGEST_PASSKEY_NAME = 60
ANSWER_WITHIN = timedelta(minutes=15)

declare("passkey-failed", N_("This passkey does not sign in here. Try another one, or your password."))
declare("passkey-over", N_("That took too long, or was finished already. Please try again."))
declare("passkey-not-made", N_("Your device did not make a passkey that can be used here. Try again, or take another device."))
declare("passkey-known", N_("This passkey has been added already."))
declare("passkey-most", N_("You have %(most)s passkeys, which is as many as there can be. Remove one first."))
declare("passkey-last", N_("This passkey is your only way to sign in. Choose a password or add another passkey first."))
declare("passkey-name", N_("Give it a name."))

# Who keeps a passkey, by the AAGUID that it tells: https://github.com/passkeydeveloper/passkey-authenticator-aaguids
KEEPERS: Mapping[str, str] = {
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "53414d53-554e-4700-0000-000000000000": "Samsung Pass",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
    "50726f74-6f6e-5061-7373-50726f746f6e": "Proton Pass",
}


def passkey_name(aaguid: str, *, apart: bool, device: str, taken: set[str]) -> str:
    """What a new passkey is called until somebody says otherwise.

    `apart`: it is on something of its own, not in the `device`, which is in words.
    """
    name = KEEPERS.get(aaguid) or (i18n.gettext(N_("Security key")) if apart else device)
    name = name[: LONGEST_PASSKEY_NAME - len(f" {MOST_PASSKEYS}")]
    numbered = (name if count == 1 else f"{name} {count}" for count in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)


def check_passkey_name(name: str) -> str:
    """The name as it is kept. Raises Refused at the field “name”."""
    kept = " ".join(name.split())[:LONGEST_PASSKEY_NAME]
    if not kept:
        raise Refused("passkey-name", field="name")
    return kept
