"""What telephones call themselves, and where they are, in plain words."""

import pytest
from hypothesis import given, strategies as st

from portal.features.subscribers.rules import Whereabouts, telephone, whereabouts


@pytest.mark.parametrize(
    ("said", "name", "version"),
    [
        ("Yealink SIP-T46S 66.86.0.15", "Yealink T46S", "66.86.0.15"),
        ("snomD785/10.1.64.14", "Snom D785", "10.1.64.14"),
        ("Grandstream GXP2170 1.0.11.23", "Grandstream GXP2170", "1.0.11.23"),
        ("Linphone Desktop/5.0.2 (Debian GNU/Linux 12, Qt 5.15.8) LinphoneCore/5.2.0", "Linphone Desktop", "5.0.2"),
        ("LinphoneAndroid/5.0.1 (Pixel 6) LinphoneSDK/5.1.50", "Linphone Android", "5.0.1"),
        ("LinphoneiOS/5.2.3 (Alice’s iPhone) LinphoneSDK/5.3.30", "Linphone iOS", "5.2.3"),
        ("baresip v1.0.0 (x86_64/linux)", "baresip", "1.0.0"),
        ("Zoiper rv2.10.15.2", "Zoiper", "2.10.15.2"),
        ("Z 5.5.10 v2.10.18.2", "Zoiper", "5.5.10"),
        ("AVM FRITZ!Box 7590 154.07.29 (Jan 10 2022)", "FRITZ!Box 7590", "154.07.29"),
        ("Cisco/SPA504G-7.6.2c", "Cisco SPA504G", "7.6.2c"),
        ("Cisco-CP8851/12.8.1", "Cisco CP8851", "12.8.1"),
        ("PolycomVVX-VVX_411-UA/5.9.0.1", "Polycom VVX 411", "5.9.0.1"),
        ("FPBX-16.0.10.42(16.17.0)", "FreePBX", "16.0.10.42"),
        ("Gigaset N510 IP PRO/42.250.00.000.000", "Gigaset N510 IP PRO", "42.250.00.000.000"),
        ("X-Lite release 4.9.2 stamp 81208", "X-Lite", "4.9.2"),
        ("Mitel-6867i", "Mitel 6867i", ""),
        ("Acrobits Groundwire/5", "Acrobits Groundwire 5", ""),
        ("1.2.3", "1.2.3", ""),
    ],
)
def test_a_telephone_is_named_as_people_know_it(said: str, name: str, version: str) -> None:
    found = telephone(said)
    assert (found.name, found.version) == (name, version)
    assert str(found) == name


def test_one_that_says_nothing_is_unknown() -> None:
    assert str(telephone("")) == str(telephone("\t \n")) == "Unknown phone"


@given(st.text(max_size=300))
def test_whatever_is_said_is_short_and_can_be_shown(said: str) -> None:
    found = telephone(said)
    assert len(found.name) <= 60
    assert len(found.version) <= 60
    assert (found.name + found.version).isprintable()
    assert str(found)


@pytest.mark.parametrize(
    ("contact", "received", "socket", "address", "way"),
    [
        ("sip:alice@192.168.1.20:5060", "sip:203.0.113.9:5062;transport=tls", None, "203.0.113.9", "TLS"),
        ("sip:alice@192.168.1.20:5060;transport=tcp", None, None, "192.168.1.20", "TCP"),
        ("sip:alice@198.51.100.7", None, "tls:192.0.2.1:5061", "198.51.100.7", "TLS"),
        ("sip:alice@198.51.100.7", None, None, "198.51.100.7", "UDP"),
        ("sips:alice@phone.example", None, None, "phone.example", "TLS"),
        ("sip:alice@[2001:db8::7]:5060", None, None, "2001:db8::7", "UDP"),
        ("sip:3hk2j@kjh3.invalid;transport=ws", "sip:203.0.113.9:51234;transport=wss", None, "203.0.113.9", "WebSocket"),
        ("nothing of the kind", None, None, "", ""),
        ("", None, None, "", ""),
    ],
)
def test_where_it_was_heard_from_counts(contact: str, received: str | None, socket: str | None, address: str, way: str) -> None:
    assert whereabouts(contact, received, socket) == Whereabouts(address, way)


@given(st.text(max_size=300), st.none() | st.text(max_size=100), st.none() | st.text(max_size=100))
def test_no_contact_breaks_it(contact: str, received: str | None, socket: str | None) -> None:
    assert len(whereabouts(contact, received, socket).address) <= 60
