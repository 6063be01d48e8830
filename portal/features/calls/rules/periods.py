"""What periods mean for the list of calls, and lengths of calls as people type them."""

from datetime import date, timedelta

from portal.core.periods import Period, Span

USUAL = Span.FOUR_WEEKS
CHART_DAYS = 28


def chart(wanted: Period, today: date) -> list[date]:
    """The days of the chart: four weeks that end with today, or with the period when it ended longer ago."""
    end = today if wanted.last > today - timedelta(days=CHART_DAYS) else wanted.last
    return [end - timedelta(days=back) for back in reversed(range(CHART_DAYS))]


def seconds(text: str) -> int | None:
    """Of “5” (minutes), “0:30” or “1:05:00”; None when it is no length of time, or one of more than a week."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdecimal() and len(part) <= 5 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if any(number > 59 for number in numbers[1:]):
        return None
    hours, minutes, rest = [(0, *numbers, 0), (0, *numbers), tuple(numbers)][len(parts) - 1]
    total = hours * 3600 + minutes * 60 + rest
    return total if total <= 7 * 24 * 3600 else None
