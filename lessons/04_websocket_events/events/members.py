"""Who is a member."""

from urllib.parse import parse_qs


def has_key(scope):
    """Tell whether the address came with ?key=tea."""
    query = parse_qs(scope["query_string"].decode())
    return query.get("key") == ["tea"]
