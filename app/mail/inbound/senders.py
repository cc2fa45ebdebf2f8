"""Whether a mail comes from whom it says it does, by what our own mail server found out (RFC 8601, RFC 7489)."""

import re

from app.mail.inbound.mime import InboundMail

_LEXICAL = re.compile(r"\\.|[()\"]|[^()\"\\]+")
_WORD = re.compile(r"[A-Za-z0-9@._+-]*")
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)\b", re.IGNORECASE)
_FROM = re.compile(r"\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_PROVEN = {
    "dkim": re.compile(r"\bheader\.(?:d|i)\s*=\s*([^\s;]+)", re.IGNORECASE),
    "spf": re.compile(r"\b(?:smtp\.mailfrom|envelope-from)\s*=\s*([^\s;]+)", re.IGNORECASE),
}


def writer(mail: InboundMail) -> str:
    """The one address it is from, in small letters; empty where there is none, or several."""
    headers = mail.all("from")
    found = mail.addresses("from")
    return found[0].lower() if len(headers) == 1 and len(found) == 1 and len(found[0]) <= 254 else ""


def is_proven(mail: InboundMail, trusted: str) -> bool:
    """By the topmost results that bear our server's name: it puts its own above all that came with the mail."""
    domain = writer(mail).rpartition("@")[2]
    ours = (_ours(value, trusted) for value in mail.all("authentication-results"))
    results = next((said for said in ours if said is not None), "")
    if not domain or not trusted or not results:
        return False
    found = [(one[1].lower(), one[2].lower(), part) for part in results.split(";") if (one := _RESULT.match(part))]
    policies = [(result, part) for method, result, part in found if method == "dmarc"]
    if policies:  # who publishes a rule is judged by it
        return all(result == "pass" and _is_about(part, domain) for result, part in policies)
    return any(result == "pass" and _speaks_for(method, part, domain) for method, result, part in found)


def _ours(value: str, trusted: str) -> str | None:
    """What follows the name of the server; None where it is another one's."""
    name, _, rest = _plain(value).partition(";")
    return rest if name.split(" ")[0].strip().lower() == trusted.lower() else None


def _plain(value: str) -> str:
    """Without comments; what is quoted is one word, whatever a sender's address makes of it."""
    kept, word, depth, is_quoted = [], "", 0, False
    for sign in _LEXICAL.findall(value):
        if sign == '"' and not depth:
            kept += [word if _WORD.fullmatch(word) else "?"] if is_quoted else []
            word, is_quoted = "", not is_quoted
        elif is_quoted:
            word += sign
        elif sign in "()":
            depth = max(depth + (1 if sign == "(" else -1), 0)
            kept.append(" ")
        elif not depth:
            kept.append(sign)
    return "".join(kept)


def _is_about(part: str, domain: str) -> bool:
    said = _FROM.search(part)
    return said is None or said[1].rpartition("@")[2].lower() == domain


def _speaks_for(method: str, part: str, domain: str) -> bool:
    """The domain that was proven is the writer's own, or the one above it."""
    said = _PROVEN[method].search(part)
    proven = said[1].rpartition("@")[2].lower().strip(".") if said else ""
    return proven == domain or (proven.count(".") > 0 and domain.endswith(f".{proven}"))
