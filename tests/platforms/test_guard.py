from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.platforms.guard import AddressGuard, AddressRefused, PrivateAddress, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(network="10.0.0.0/8"))
def test_a_private_address_stays_private_in_every_disguise(address: object) -> None:
    number = int(ip_address(str(address)))
    for disguise in (
        number,
        0xFFFF_0000_0000 | number,
        0x64_FF9B << 96 | number,
        0x2002 << 112 | number << 80,
    ):
        assert not is_public(ip_address(str(ip_address(disguise))))


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "017700000001", "127.1", "localhost"])
def test_odd_spellings_of_the_machine_itself_are_refused(host: str) -> None:
    with pytest.raises(PrivateAddress):
        AddressGuard().resolve(host, 80)


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.0/8", "127.0.0.1/8", "LocalHost", " [::1] , "])
def test_what_the_operator_names_is_allowed(entry: str) -> None:
    guard = AddressGuard.allowing(entry.split(","))
    host = "::1" if "::1" in entry else "localhost"
    assert AddressGuard.allowing([*entry.split(","), "127.0.0.1"]).resolve("localhost", 80)
    assert guard.allows(host, ip_address("::1" if "::1" in entry else "127.0.0.1"))


def test_a_named_host_does_not_open_its_neighbors() -> None:
    guard = AddressGuard.allowing(["intranet.example", "10.0.0.0/24"])
    assert guard.allows("intranet.example", ip_address("192.168.0.9"))
    assert not guard.allows("other.example", ip_address("192.168.0.9"))
    assert guard.allows("other.example", ip_address("10.0.0.7"))
    assert not guard.allows("other.example", ip_address("10.0.1.7"))
    assert not guard.allows("x.intranet.example", ip_address("192.168.0.9"))


def test_of_several_addresses_only_public_ones_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("10.0.0.1", "8.8.8.8")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: answers)
    assert AddressGuard().resolve("mixed.example", 80) == ["8.8.8.8"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "//example.com/",
        "https://user:password@example.com/",
        "http://example.com:25/",
        "http://example.com:99999/",
        "http://[::1/",
        "",
    ],
)
def test_addresses_that_no_platform_has(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        AddressGuard().check_url(url)
    assert "password" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["https://example.com/a?b=c", "http://example.com:8080", "HTTPS://EXAMPLE.COM"]
)
def test_addresses_that_a_platform_may_have(url: str) -> None:
    AddressGuard().check_url(url)


@pytest.mark.parametrize("host", ["a..example", f"{'x' * 64}.example", "\udcff.example"])
def test_what_is_no_name_is_no_such_name(host: str) -> None:
    with pytest.raises(OSError, match="is no name"):
        AddressGuard().resolve(host, 80)
