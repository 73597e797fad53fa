"""The one door to the network: every request of every connector passes here.

It spends from the rate budget first, follows redirects one checked hop at a time, keeps time and size limits,
turns whatever goes wrong into one of the five connector errors, and never waits. No error or log line holds
an address with its query string, a header or a body: secrets travel in all three.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.guard import AddressGuard, AddressRefused, PrivateAddress, split_url
from monitoring.platforms.guarded_adapter import GuardedAdapter, Limits, TooLarge, Truncated
from monitoring.platforms.statuses import error_for_status, rate_remaining, rate_reset
from monitoring.platforms.types import RateRule

Result = TypeVar("Result")
Params = Mapping[str, str | int | Sequence[str]]

_OK = range(200, 300)
_NO_ADDRESS = (
    AddressRefused,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
# What may follow a redirect to another host; anything else could be a credential.
_HARMLESS_HEADERS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class RateBudget(Protocol):
    """Counts requests before they are made. The real one, in Redis, is `monitoring.platforms.rate_budget`."""

    def spend(self, key: str, rules: Sequence[RateRule]) -> None:
        """Count one request, or raise RateLimited with the time until one is free."""

    def learn(self, key: str, *, remaining: int, reset_at: datetime) -> None:
        """The platform said how many requests are left until when."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. Header names are lower case; `url` is where the last redirect led."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str

    def text(self) -> str:
        try:
            return storable(self.content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UnexpectedResponse(f"{_host(self.url)} sent text that is not UTF-8.") from None


@dataclass(frozen=True, kw_only=True)
class JsonAnswer:
    status: int
    headers: Mapping[str, str]
    data: object
    url: str


def storable(text: str) -> str:
    """Without NUL and half surrogate pairs, which JSON can carry and a database cannot."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class PlatformHttp:
    """Requests for one rate-budget key: one credential, or without one, one server."""

    def __init__(
        self,
        budget: RateBudget,
        *,
        key: str,
        rules: Sequence[RateRule] = (),
        allowed_private_hosts: Iterable[str] = (),
        user_agent: str = "SMEdash",
        limits: Limits | None = None,
    ) -> None:
        self.budget = budget
        self.key = key
        self.rules = rules
        self.limits = limits or Limits()
        self.guard = AddressGuard.allowing(allowed_private_hosts)
        self.user_agent = user_agent
        self.session = self.secure(requests.Session())

    def secure(self, session: requests.Session) -> requests.Session:
        """Put a library's own session behind the guard; whoever uses it calls `spend()` and `learn()`."""
        adapter = GuardedAdapter(guard=self.guard, limits=self.limits)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.trust_env = False  # neither a proxy nor a .netrc decides where requests go
        session.max_redirects = _MOST_REDIRECTS
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers["User-Agent"] = self.user_agent
        return session

    def spend(self) -> None:
        """Count one request against the budget. The methods below do it by themselves."""
        self.budget.spend(self.key, self.rules)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Tell the budget what a platform's headers say. The methods below do it by themselves."""
        remaining, reset_at = rate_remaining(headers), rate_reset(headers)
        if remaining is not None and reset_at is not None:
            self.budget.learn(self.key, remaining=remaining, reset_at=reset_at)

    def get(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = _OK,
    ) -> Answer:
        """Ask once. A status outside `expect` is raised as the error it means; redirects are followed."""
        prepared = self._prepare("GET", url, params=params, headers=headers)
        return self._checked(self._follow(prepared), expect)

    def get_json(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = _OK,
    ) -> JsonAnswer:
        accept = {"Accept": "application/json", **(headers or {})}
        return as_json(self.get(url, params=params, headers=accept, expect=expect))

    def post_json(
        self,
        url: str,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = _OK,
    ) -> JsonAnswer:
        """Send `body` as JSON, or nothing at all if it is None. A redirect of a POST is not followed."""
        accept = {"Accept": "application/json", **(headers or {})}
        return as_json(
            self._checked(self._send(self._prepare("POST", url, body=body, headers=accept)), expect)
        )

    def post_form(
        self,
        url: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        expect: Collection[int] = _OK,
    ) -> JsonAnswer:
        """Send a form and read JSON, as access tokens are asked for. A redirect is not followed."""
        accept = {"Accept": "application/json", **(headers or {})}
        return as_json(
            self._checked(self._send(self._prepare("POST", url, form=form, headers=accept)), expect)
        )

    def _prepare(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        body: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.PreparedRequest:
        request = requests.Request(
            method, url, params=params, json=body, data=form, headers=dict(headers or {})
        )
        return translating(_host(url), lambda: self.session.prepare_request(request))

    def _follow(self, prepared: requests.PreparedRequest) -> Answer:
        give_up_at = time.monotonic() + 2 * self.limits.total_seconds
        answer = self._send(prepared)
        for _hop in range(_MOST_REDIRECTS):
            location = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not location:
                return answer
            if time.monotonic() > give_up_at:
                raise Unavailable(f"{_host(answer.url)} takes too long.")
            answer = self._hop(prepared, answer.url, location)
        if answer.status in _REDIRECTS:
            raise UnexpectedResponse(f"{_host(answer.url)} redirects without end.")
        return answer

    def _hop(self, prepared: requests.PreparedRequest, source: str, location: str) -> Answer:
        try:
            target = urljoin(source, location)
            here, there = split_url(source), split_url(target)
        except ValueError as error:
            raise UnexpectedResponse(f"{_host(source)} redirects to something that is no address.") from error
        headers = {name: value for name, value in prepared.headers.items() if name.lower() != "user-agent"}
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS_HEADERS}
        try:
            return self._send(self._prepare("GET", target, headers=headers))
        except (AccessDenied, NotFound) as error:
            raise UnexpectedResponse(f"{_host(source)} redirects to where we do not go: {error}") from error

    def _send(self, prepared: requests.PreparedRequest) -> Answer:
        self.spend()
        host = _host(prepared.url or "")
        response = translating(host, lambda: self.session.send(prepared, allow_redirects=False))
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.learn(headers)
        return Answer(
            status=response.status_code, headers=headers, content=response.content, url=response.url or ""
        )

    def _checked(self, answer: Answer, expect: Collection[int]) -> Answer:
        if answer.status in expect:
            return answer
        error = error_for_status(answer.status, answer.headers, _host(answer.url))
        if isinstance(error, RateLimited):
            self.budget.learn(self.key, remaining=0, reset_at=datetime.now(UTC) + error.retry_after)
        raise error


def as_json(answer: Answer) -> JsonAnswer:
    try:
        data = json.loads(answer.content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        kind = "a web page" if answer.content.lstrip()[:1] == b"<" else "something that is not JSON"
        raise UnexpectedResponse(f"{_host(answer.url)} sent {kind} where data was expected.") from None
    if b"\\u" in answer.content:
        data = _storable_data(data)
    return JsonAnswer(status=answer.status, headers=answer.headers, data=data, url=answer.url)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _storable_data(data: object) -> object:
    if isinstance(data, str):
        return storable(data)
    if isinstance(data, list):
        return [_storable_data(item) for item in data]
    if isinstance(data, dict):
        return {storable(key): _storable_data(value) for key, value in data.items()}
    return data


def translating(host: str, call: Callable[[], Result]) -> Result:
    """Do something with requests, and raise what goes wrong as the connector error it means."""
    try:
        return call()
    except (requests.RequestException, AddressRefused) as error:
        # Not chained: the original's message may quote the address with its query string.
        raise error_for_exception(error, host) from None


def error_for_exception(error: requests.RequestException | AddressRefused, host: str) -> ConnectorError:
    """The connector error that a failed request means, for libraries that bring their own session."""
    if isinstance(error, PrivateAddress):
        return AccessDenied(f"{error}. An operator can allow it with the setting PRIVATE_HOSTS_ALLOWED.")
    if isinstance(error, _NO_ADDRESS):
        return NotFound(f"“{host}” cannot be read: only web addresses can.")
    if isinstance(error, TooLarge):
        return UnexpectedResponse(f"{host} sent an answer larger than we read.")
    if isinstance(error, Truncated | requests.exceptions.ChunkedEncodingError):
        return UnexpectedResponse(f"{host} sent an answer that ends early or is damaged.")
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable(f"{host} has no valid certificate, or its secure connection failed.")
    if isinstance(error, requests.Timeout):
        return Unavailable(f"{host} takes too long.")
    return Unavailable(f"{host} cannot be reached.")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"
