# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which addresses may be reached: the public internet, and nothing behind our own door."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")  # ::a.b.c.d, long deprecated, still routed by some


def is_public(address: str) -> bool:
    """Whether an IP address is global unicast, also once every wrapping is taken off.

    Python 3.11 calls 224.0.0.1, 2002:7f00:1::, 64:ff9b::7f00:1 and ::7f00:1 global: hence the extra rules.

    Raises:
        ValueError: it is no IP address.
    """
    plain = ip_address(address.split("%", maxsplit=1)[0])
    inside = _unwrapped(plain) if isinstance(plain, IPv6Address) else None
    if inside is not None:
        return all(_global(one) for one in inside)
    return _global(plain)


def _global(address: IPv4Address | IPv6Address) -> bool:
    barred = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not barred


def _unwrapped(address: IPv6Address) -> tuple[IPv4Address, ...] | None:
    """The IPv4 addresses a v6 address stands for; None when it stands for itself."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in NAT64 or address in COMPATIBLE:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return None
