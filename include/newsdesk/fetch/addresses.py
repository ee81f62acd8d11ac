"""Which IP addresses newsdesk may connect to: public unicast ones and no others.

``ipaddress.is_global`` alone is not enough: it holds for multicast, for cloud metadata services
and for addresses that carry another one in them (NAT64, 6to4). The blocks are those of the IANA
special-purpose registries (https://www.iana.org/assignments/iana-ipv4-special-registry/ and
https://www.iana.org/assignments/iana-ipv6-special-registry/), also where they are routed.
"""

from __future__ import annotations

import ipaddress

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All that IANA has ever assigned for the public IPv6 internet."""

REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "100.64.0.0/10",  # shared by carriers' customers; a cloud's metadata service
            "168.63.129.16/32",  # a cloud's metadata service on a public address
            "192.0.0.0/24",  # protocol assignments; a cloud's metadata service
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays
            "192.175.48.0/24",  # AS112
            "2001::/23",  # protocol assignments, Teredo, ORCHID
            "2002::/16",  # 6to4: carries an IPv4 address
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)
"""Special-purpose blocks that ``ipaddress`` of some Python version takes for global ones."""


def allowed(text: str) -> bool:
    """Whether a connection to an IP address is allowed.

    Args:
        text: An IPv4 or IPv6 address, possibly with a zone (``fe80::1%eth0``).

    Raises:
        ValueError: It is no IP address.

    >>> allowed("93.184.215.14"), allowed("169.254.169.254"), allowed("::ffff:10.0.0.1")
    (True, False, False)
    """
    ip = plain(text)
    if ip.version == 6 and ip not in GLOBAL_UNICAST:
        return False
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not any(ip in block for block in REFUSED if block.version == ip.version)
    )


def plain(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address without its zone; an IPv4 address that is mapped into IPv6 as itself.

    >>> plain("::ffff:127.0.0.1")
    IPv4Address('127.0.0.1')
    """
    ip = ipaddress.ip_address(text.split("%", 1)[0])
    if ip.version == 6 and ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return ip
