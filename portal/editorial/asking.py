"""Asking other machines whether a page is there, without being led anywhere on our own network.

Only http and https, only public addresses, only as far as the head of the answer. What a name stands for is looked up
once and that machine is asked, so that it cannot mean another one a moment later.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Container
from urllib.parse import SplitResult, urljoin, urlsplit

PATIENCE = 8.0  # seconds for each step
_MOST_STEPS = 5
_PORTS = {"http": 80, "https": 443}
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
# The page is there; whoever keeps it only does not like robots, or wants to know who asks.
_THERE = frozenset({401, 402, 403, 405, 406, 407, 418, 429, 451, 501, 999})
_AGENT = "wellbeing-portal link check"


class Unanswered(Exception):  # noqa: N818 - the name says what is wrong
    """Nobody answers there, or nobody whom we may ask."""


def problem(address: str, allowed: Container[str] = ()) -> str:
    """Why a page cannot be read, in a few words; "" where it is there. allowed: hosts that may be near."""
    try:
        status = _status(address, "HEAD", allowed)
        if status >= 400 and status not in _THERE:
            status = _status(address, "GET", allowed)  # some answer HEAD with whatever comes to their mind
    except Unanswered as error:
        return str(error)[:200]
    return "" if status < 400 or status in _THERE else f"it answers {status}"


def _status(address: str, method: str, allowed: Container[str]) -> int:
    for _step in range(_MOST_STEPS):
        status, location = _asked(address, method, allowed)
        if status not in _ELSEWHERE or not location:
            return status
        address = urljoin(address, location)
    raise Unanswered("it leads on and on")


def _asked(address: str, method: str, allowed: Container[str]) -> tuple[int, str]:
    parts = _parts(address)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    connection = _connection(parts.scheme, host, port, _machine(host, port, allowed))
    path = parts.path or "/"
    try:
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request(method, target.encode("utf-8").decode("latin-1"), headers={"User-Agent": _AGENT})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unanswered(f"{type(error).__name__}: {error}") from None
    finally:
        connection.close()


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        if parts.scheme in _PORTS and parts.hostname and parts.port != 0 and parts.username is None:
            return parts
    except ValueError:
        pass
    raise Unanswered("it is no address of a web page")


def is_public(machine: str) -> bool:
    """Whether a number of a machine is one on the public internet."""
    number = ipaddress.ip_address(machine.partition("%")[0])
    near = getattr(number, "ipv4_mapped", None)
    return (near or number).is_global and not number.is_multicast


def _machine(host: str, port: int, allowed: Container[str]) -> str:
    """The number of the machine behind a name. Every number that the name stands for must be public."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Unanswered("nobody knows this name") from None
    if not found or not (host in allowed or all(map(is_public, found))):
        raise Unanswered("it is no public address")
    return found[0]


def _connection(scheme: str, host: str, port: int, machine: str) -> http.client.HTTPConnection:
    """A connection to that machine, which is spoken to by its name."""
    if scheme == "http":
        plain = http.client.HTTPConnection(host, port, timeout=PATIENCE)
        plain._create_connection = _to(machine)  # type: ignore[attr-defined]  # noqa: SLF001 - the standard library's own seam
        return plain
    sealed = http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    sealed._create_connection = _to(machine)  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    return sealed


def _to(machine: str) -> Callable[..., socket.socket]:
    """What http.client calls to open a socket: always to this machine."""

    def opened(address: tuple[str, int], *rest: object) -> socket.socket:
        return socket.create_connection((machine, address[1]), PATIENCE)

    return opened


def host_of(address: str) -> str:
    """The host that an address names; "" where it names none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
