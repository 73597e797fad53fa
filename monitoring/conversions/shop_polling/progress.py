"""How far the reading of a shop has come: what stands in `ShopConnection.cursor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Run:
    """One walk over the orders that changed since `since`, begun at `until`, and where it is."""

    since: datetime
    until: datetime
    page: str = ""  # the connector's cursor; empty: the first page
    orders: int = 0  # read so far
    reached: datetime | None = None  # the newest change that was read


@dataclass(frozen=True, kw_only=True)
class Progress:
    watermark: datetime | None = None  # everything that changed before is read; None: the history is not
    run: Run | None = None
    failures: int = 0  # in a row

    def as_json(self) -> dict[str, Any]:
        run = self.run
        return {
            "watermark": self.watermark.isoformat() if self.watermark else None,
            "failures": self.failures,
            "run": run
            and {
                "since": run.since.isoformat(),
                "until": run.until.isoformat(),
                "page": run.page,
                "orders": run.orders,
                "reached": run.reached.isoformat() if run.reached else None,
            },
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Progress:
        run = kept.get("run")
        return cls(
            watermark=_moment(kept.get("watermark")),
            failures=kept.get("failures", 0),
            run=run
            and Run(
                since=datetime.fromisoformat(run["since"]),
                until=datetime.fromisoformat(run["until"]),
                page=run["page"],
                orders=run["orders"],
                reached=_moment(run["reached"]),
            ),
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
