"""Which addresses connectors may reach, decided after name resolution and kept until the connection stands.

A customer names servers and feeds, and a server may redirect: either could lead into the network SMEdash
runs in. So a name is resolved here, each of its addresses is checked, and the connection is made to a checked
address. A second look-up, which a hostile name server could answer differently, never happens. Certificates
are still checked against the name.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOWEST_FREE_PORT = 1024
_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(Exception):
    """No address that a platform could have. The message names the host at most."""


class PrivateAddress(AddressRefused):
    """The address lies in a private network, and the operator has not allowed it."""


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 transition address leads to."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def is_public(address: Address) -> bool:
    inner = _embedded(address)
    site_local = isinstance(inner, IPv6Address) and inner.is_site_local
    return inner.is_global and not (inner.is_multicast or inner.is_reserved or site_local)


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None


@dataclass(frozen=True)
class AddressGuard:
    """Lets public addresses through, and of the private ones those that the operator has named."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = field(default=())

    @classmethod
    def allowing(cls, entries: Iterable[str]) -> AddressGuard:
        """From the entries of PRIVATE_HOSTS_ALLOWED: host names, addresses, networks."""
        named = [
            (entry.strip().strip("[]").lower(), _network(entry.strip().strip("[]"))) for entry in entries
        ]
        return cls(
            hosts=frozenset(entry for entry, network in named if network is None and entry),
            networks=tuple(network for _entry, network in named if network is not None),
        )

    def allows(self, host: str, address: Address) -> bool:
        if is_public(address) or host.lower() in self.hosts:
            return True
        return any(_embedded(address) in network or address in network for network in self.networks)

    def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of `host` that may be reached: none is a PrivateAddress, no such name an OSError."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError:  # a part of it is empty or too long, or no letter of a name
            raise socket.gaierror(f"{host!r} is no name") from None
        addresses = list(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in found))
        checked = [address for address in addresses if self.allows(host, ip_address(address))]
        if not checked:
            raise PrivateAddress(f"{host} lies in a private network")
        return checked

    def check_url(self, url: str) -> None:
        """Refuse what needs no look-up to be refused: other schemes, log-ins in the address, odd ports."""
        parts = split_url(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AddressRefused("only http and https addresses can be read")
        if "@" in parts.netloc:
            raise AddressRefused(f"the address of {parts.hostname} contains a log-in")
        port = parts.port
        if port not in {None, 80, 443} and (port or 0) < _LOWEST_FREE_PORT:
            raise AddressRefused(f"port {port} of {parts.hostname} is not a web server's")


def split_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        raise AddressRefused("this is not an address") from None
    return parts
