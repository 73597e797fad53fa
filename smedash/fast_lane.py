"""Answers ahead of logs, sessions, languages and policies, for addresses that are asked often and by nobody we know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from django.http import HttpRequest, HttpResponseBase

from monitoring.conversions.views import following
from monitoring.conversions.visits import endpoint

Respond = Callable[[HttpRequest], HttpResponseBase]
Answer = Callable[[HttpRequest], HttpResponseBase | None]

# By how the address begins. What gets no answer here goes the ordinary way, to the view in the address book.
LANES: Final[Mapping[str, Answer]] = {
    following.PLACE: following.lead_on,
    endpoint.PLACE: endpoint.take_ahead,
}


class FastLaneMiddleware:
    """Its answers are counted where they belong, and are not worth a line in the log as well."""

    lanes: ClassVar[Mapping[str, Answer]] = LANES

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        for beginning, answer in self.lanes.items():
            if path.startswith(beginning):
                return answer(request) or self.get_response(request)
        return self.get_response(request)
