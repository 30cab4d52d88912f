"""Times as the API writes them: RFC 3339, UTC, whole seconds."""

import calendar
import re
import time
from functools import lru_cache

PATTERN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def text(seconds=None):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() if seconds is None else seconds))


@lru_cache(maxsize=4096)
def seconds(text):
    """Seconds since 1970 of an RFC 3339 time in UTC; fractions are dropped."""
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))


def http_date():
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())


def age(created):
    """The AGE column, by the rules of k8s.io/apimachinery/pkg/util/duration."""
    if not created:
        return "<unknown>"
    passed = int(time.time()) - seconds(created)
    if passed < -1:
        return "<invalid>"
    passed = max(passed, 0)
    minutes, hours, days = passed // 60, passed // 3600, passed // 86400
    if passed < 120:
        return f"{passed}s"
    if minutes < 10:
        return f"{minutes}m{passed % 60}s" if passed % 60 else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    if days < 730:
        return f"{days}d"
    years = days // 365
    return f"{years}y{days % 365}d" if years < 8 and days % 365 else f"{years}y"
