from __future__ import annotations

import pytest

from newsdesk.fetch.addresses import allowed, plain

REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
    127.0.0.2 127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.9 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1
    192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1
    203.0.113.1 224.0.0.1 239.1.1.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 ::ffff:0:10.0.0.1
    64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:1::1
    2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 2002:7f00:1::1
    2002:a9fe:a9fe::1 2620:4f:8000::1 3fff::1 5f00::1 4000::1 fc00::1 fd00:ec2::254 fdff::1
    fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff05::2 ff0e::1
""".split()  # noqa: SIM905 - addresses read better in lines than in quotes

ALLOWED = """
    1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1
    198.17.0.1 223.255.255.254 2001:4860:4860::8888 2606:4700::1111 2a00:1450::1 2400:cb00::1
    ::ffff:8.8.8.8
""".split()  # noqa: SIM905 - addresses read better in lines than in quotes


def test_there_are_enough_of_them() -> None:
    assert len(set(REFUSED)) >= 70


@pytest.mark.parametrize("address", REFUSED)
def test_a_special_purpose_address_is_refused(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize("address", ALLOWED)
def test_a_public_address_is_allowed(address: str) -> None:
    assert allowed(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "2130706433"])
def test_what_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        allowed(text)


def test_one_address_has_one_form() -> None:
    assert plain("::ffff:10.0.0.1") == plain("10.0.0.1")
    assert plain("FE80::0001%eth0") == plain("fe80::1")
