# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.sources.guard import is_public

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "147.67.210.30",
    "2a01:7c8::1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
    "64:ff9b::808:808",
    "::8.8.8.8",
]
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "233.252.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:808:808::f5ff:fffe",
    "2001:0:7f00:1::f7f7:f7f7",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_is_public_when_anyone_may_reach_it(address: str) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize("address", PRIVATE)
def test_is_not_public_when_special_or_wrapping_something_special(address: str) -> None:
    assert is_public(address) is False


@pytest.mark.parametrize(
    "words", ["", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::1]", "1.2.3.4:80"]
)
def test_is_not_public_when_no_address_at_all(words: str) -> None:
    assert is_public(words) is False


@given(st.ip_addresses(v=4))
def test_a_wrapping_changes_nothing_of_what_is_inside(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [(0xFFFF << 32) | number, (0x2002 << 112) | (number << 80), (0x64FF9B << 96) | number, number]
    assert {is_public(str(IPv6Address(one))) for one in wrapped} == {is_public(str(address))}


@given(st.ip_addresses(v=6))
def test_nothing_outside_global_unicast_is_public_unless_it_wraps_a_public_v4(address: IPv6Address) -> None:
    outside = int(address) >> 125 != 1
    wraps = int(address) >> 32 in {0, 0xFFFF, 0x64FF9B << 64}
    assert not (outside and not wraps and is_public(str(address)))
