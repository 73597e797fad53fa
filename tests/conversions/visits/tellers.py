"""Pages that tell of orders, while the processes behind the end point are killed."""

from __future__ import annotations

import http.client
import json
from itertools import count
from typing import ClassVar, Final
from uuid import uuid4

from tests.conversions.followers import Followers, is_connected

KEY: Final = "site"
_numbers = count(1)


class Tellers(Followers):
    """Each page tells of its order until it hears that it was taken down; `led` are the orders' numbers."""

    module = "tests.conversions.visits.told_site"
    telling: ClassVar[dict[int, str]] = {}  # whose order is not taken down yet

    def _ask(self, connection: http.client.HTTPConnection, number: int) -> str:
        """The same order again, until it is answered."""
        order = self.telling.setdefault(number, str(next(_numbers)))
        if not self._tell(connection, order):
            return ""
        return self.telling.pop(number)

    def _tell(self, connection: http.client.HTTPConnection, order: str) -> bool:
        body = {"type": "conversion", "id": uuid4().hex, "kind": "order", "amount": "1.50", "key": order}
        headers = {
            "Host": "localhost",
            "User-Agent": self.phone(int(order)),
            "Origin": "https://shop.example",
        }
        if not is_connected(connection):
            return False
        try:
            connection.request("POST", f"/api/events?site={KEY}", json.dumps(body), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status == http.HTTPStatus.NO_CONTENT
        except (OSError, http.client.HTTPException):
            return False
