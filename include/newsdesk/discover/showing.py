"""Plans as people and programs read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from newsdesk.discover.planner import DayPlan
from newsdesk.discover.strategy import Offer

if TYPE_CHECKING:
    from rich.console import Console


def show_plans(
    plans: Sequence[DayPlan], console: Console, *, budget: int | None, as_json: bool
) -> None:
    """Prints plans: a table with its sum, or one JSON object a line."""
    if as_json:
        for plan in plans:
            print(json.dumps(as_dict(plan, budget)))
        return
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for name in ("day", "paper", "strategies, in order"):
        table.add_column(name)
    for name in ("≈ requests", "≈ MB", "≈ minutes"):
        table.add_column(name, justify="right")
    table.add_column("")
    for plan in plans:
        host = plan.over(budget)
        told = ", then ".join(map(_told, plan.offers)) or _told_without(plan)
        note = f"over budget: {host}" if host else "proven" if plan.proven else ""
        table.add_row(str(plan.day), plan.source, told, *_figures([plan]), note)
    table.add_section()
    table.add_row(f"{len(plans)} in all", "", "", *_figures(plans), "")
    console.print(table)


def as_dict(plan: DayPlan, budget: int | None) -> dict[str, Any]:
    """A plan as plain JSON values."""
    return {
        "day": str(plan.day),
        "source": plan.source,
        "proven": plan.proven,
        "harvest": plan.harvest,
        "estimate": {**_estimate(plan), "over_budget": plan.over(budget)},
        "strategies": [
            {
                "strategy": offer.strategy,
                "host": offer.host,
                "stories": offer.stories,
                "estimate": _estimate(offer),
            }
            for offer in plan.offers
        ],
    }


def _estimate(of: DayPlan | Offer) -> dict[str, Any]:
    return {"requests": of.requests, "bytes": of.bytes, "minutes": round(of.minutes, 1)}


def _told(offer: Offer) -> str:
    known = "" if offer.stories is None else f" ({offer.stories})"
    return f"{offer.strategy}{known}"


def _told_without(plan: DayPlan) -> str:
    """What is said of a day that no strategy serves as things are."""
    if plan.harvest:
        return f"after harvest_archives: news crawl of {', '.join(plan.harvest)}"
    return "no stories" if plan.proven else "nobody can say"


def _figures(plans: Sequence[DayPlan]) -> tuple[str, str, str]:
    requests = sum(plan.requests for plan in plans)
    megabytes = sum(plan.bytes for plan in plans) / 1e6
    minutes = sum(plan.minutes for plan in plans)
    return f"{requests:,}", f"{megabytes:,.1f}", f"{minutes:,.1f}"
