"""tweepy behind our own door: it builds the requests and knows X's paths, our adapter sends them.

tweepy has its host built in, so the adapter that is mounted for that host passes every request on to the
address we want, through the guard, counted against the budget of its own end point. Whatever tweepy makes
of an error answer, we judge the answer itself: tweepy stumbles over bodies that are not as documented.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import requests
import tweepy
from requests.adapters import BaseAdapter

from monitoring.platforms.errors import AccessDenied, ConnectorError, RateLimited, UnexpectedResponse
from monitoring.platforms.http import Answer, PlatformHttp, as_json, error_for_exception
from monitoring.platforms.statuses import error_for_status
from monitoring.platforms.types import RateRule

HOST = "X"
_TWEEPYS_HOST = "https://api.twitter.com"
_WINDOW = timedelta(minutes=15)
_TROUBLES = (tweepy.TweepyException, ValueError, TypeError, AttributeError, LookupError, RecursionError)

# At the debug level tweepy writes the Authorization header into the log.
logging.getLogger("tweepy.client").setLevel(logging.INFO)


class SinceIdTooOld(UnexpectedResponse):
    """X searches the last seven days, and the id to begin after is older."""


class _Rerouting(BaseAdapter):
    """Sends what tweepy meant for its own host to `server`, and remembers the answer."""

    def __init__(self, session: requests.Session, http: PlatformHttp, server: str) -> None:
        super().__init__()
        self.session, self.http, self.server = session, http, server
        self.answer: requests.Response | None = None

    def send(  # type: ignore[override]  # the guarded adapter has limits of its own and takes no other arguments
        self, request: requests.PreparedRequest, **_arguments: object
    ) -> requests.Response:
        self.http.spend()
        rerouted = request.copy()
        rerouted.url = (request.url or "").replace(_TWEEPYS_HOST, self.server, 1)
        self.answer = self.session.get_adapter(rerouted.url).send(rerouted)
        self.http.learn({name.lower(): value for name, value in self.answer.headers.items()})
        if self.answer.is_redirect:
            raise UnexpectedResponse("X redirects to somewhere else, which it never does.")
        return self.answer

    def close(self) -> None:
        self.session.close()


class XClient:
    def __init__(self, http: PlatformHttp, *, server: str, bearer_token: str) -> None:
        if not bearer_token:
            raise AccessDenied("X answers nobody without a bearer token.")
        self._http, self._server, self._token = http, server, bearer_token

    def ask(
        self, endpoint: str, requests_allowed: int, call: Callable[[tweepy.Client], Any]
    ) -> Mapping[str, object]:
        """What X answers to one of tweepy's calls. Each end point of X has a budget of its own."""
        http = copy(self._http)
        http.key = f"{self._http.key}:{endpoint}"
        http.rules = (RateRule(requests=requests_allowed, window=_WINDOW),)
        client = tweepy.Client(self._token, return_type=requests.Response, wait_on_rate_limit=False)
        session = http.secure(client.session)
        adapter = _Rerouting(session, http, self._server)
        session.mount(_TWEEPYS_HOST, adapter)
        try:
            response = call(client)
        except requests.RequestException as error:
            raise error_for_exception(error, HOST) from None
        except _TROUBLES:
            if adapter.answer is None:
                raise
            raise _error(adapter.answer, http) from None  # the original may quote what was sent
        return _object(response)


def _answer(response: requests.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, content=response.content, url=response.url)


def _object(response: requests.Response) -> Mapping[str, object]:
    data = as_json(_answer(response)).data
    if not isinstance(data, dict):
        raise UnexpectedResponse("X sent something other than was asked for.")
    return data


def _error(response: requests.Response, http: PlatformHttp) -> ConnectorError:
    answer = _answer(response)
    if answer.status == HTTPStatus.BAD_REQUEST and b"since_id" in answer.content:
        return SinceIdTooOld("X no longer finds what was collected last time.")
    if answer.status == HTTPStatus.PAYMENT_REQUIRED:
        return AccessDenied("X says that the account is out of credits. Buy more in its developer console.")
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return AccessDenied("X does not accept the bearer token any more.")
    error = error_for_status(answer.status, answer.headers, HOST)
    if isinstance(error, RateLimited):
        http.budget.learn(http.key, remaining=0, reset_at=datetime.now(UTC) + error.retry_after)
    return error
