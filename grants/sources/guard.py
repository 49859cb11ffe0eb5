# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which addresses may be reached: the public internet, and nothing behind our own door."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")  # ::a.b.c.d, long deprecated, still routed by some
UNICAST = IPv6Network("2000::/3")  # all the global unicast IANA has handed out
DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, younger than Python 3.11's tables
PROTOCOL = IPv4Network("192.0.0.0/24")  # newer Pythons call two of these global
RELAY = IPv4Network("192.88.99.0/24")  # 6to4 anycast, withdrawn by RFC 7526


def is_public(address: str) -> bool:
    """Whether an IP address is global unicast, also once every wrapping is taken off; False for no address.

    Python 3.11 calls 224.0.0.1, 2002:7f00:1::, 64:ff9b::7f00:1 and ::7f00:1 global: hence the extra rules.
    """
    try:
        plain = ip_address(address)
    except ValueError:
        return False
    if isinstance(plain, IPv4Address):
        return _public_v4(plain)
    inside = _unwrapped(plain)
    return all(map(_public_v4, inside)) if inside else _public_v6(plain)


def _public_v4(address: IPv4Address) -> bool:
    barred = address.is_multicast or address.is_reserved or address in PROTOCOL or address in RELAY
    return address.is_global and not barred


def _public_v6(address: IPv6Address) -> bool:
    return address.is_global and address in UNICAST and address not in DOCUMENTATION


def _unwrapped(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses a v6 address stands for; none when it stands for itself."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in NAT64 or address in COMPATIBLE:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()
