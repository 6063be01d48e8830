"""What the address of the log asks for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flask import request

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.periods import Period, Span
from portal.core.permissions import P
from portal.features.audit import queries
from portal.features.audit.queries import Named
from portal.features.audit.rules.asked import Asked, Place, place
from portal.features.audit.rules.kinds import CONTRACTS, Kind
from portal.web.filters import SIZES, USUAL_SIZE, Listing, PeriodForm

SPANS = (Span.TODAY, Span.YESTERDAY, Span.WEEK, Span.THIRTY_DAYS, Span.MONTH, Span.LAST_MONTH, Span.YEAR)
OFFERED: Mapping[str, Collection[str]] = {"period": SPANS, "kind": [*Kind], "rows": [str(size) for size in SIZES]}
USUAL = {"period": Span.THIRTY_DAYS.value, "rows": str(USUAL_SIZE)}


@dataclass(frozen=True, kw_only=True)
class Query(Listing):
    """`resellers`: those to choose from, for whoever sees several; `reseller`: the one that was chosen."""

    endpoint = "audit.list"
    usual = USUAL

    asked: Asked
    place: Place | None
    resellers: Sequence[Named]
    reseller: Named | None

    def unfiltered(self) -> str:
        return self.url(q=None, kind=None, who=None, reseller=None)


def read(who: Identity, zone: ZoneInfo) -> Query:
    """Raises NotFound for a reseller that is none."""
    form = PeriodForm.read()
    several = who.can(P.RESELLERS_VIEW)
    values = form.values(OFFERED, ("q", "who", "reseller") if several else ("q", "who"), USUAL)
    resellers = queries.resellers() if several else ()
    chosen = _chosen(resellers, values.get("reseller"))
    period = form.period(values, USUAL["period"], clock.today(zone))
    return Query(
        values=values,
        form=form,
        period=period,
        asked=replace(_asked(values, period, zone, chosen), without=frozenset() if who.can(P.CONTRACTS) else CONTRACTS),
        place=place(request.args.get("before", ""), back=True) or place(request.args.get("after", "")),
        resellers=resellers,
        reseller=chosen,
    )


def _chosen(resellers: Sequence[Named], public_id: str | None) -> Named | None:
    if public_id is None:
        return None
    found = next((one for one in resellers if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _asked(values: Mapping[str, str], period: Period, zone: ZoneInfo, reseller: Named | None) -> Asked:
    start, end = clock.days(period.first, period.last, zone)
    return Asked(
        start,
        end,
        kind=Kind(values["kind"]) if "kind" in values else None,
        who=values.get("who"),
        words=values.get("q"),
        reseller_id=reseller.id if reseller else None,
    )
