"""A mail server for tests: it takes mail over a real socket, and refuses it where it is told to."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Postbox:
    """What a mail server was sent, and how it answers. Settings may change while it runs."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # every command, as it came
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # the start of a command -> the answer to it
    offers: tuple[str, ...] = ()  # what EHLO tells of
    secret: ssl.SSLContext | None = None  # for STARTTLS


class _Session(socketserver.StreamRequestHandler):
    """One conversation. Source: RFC 5321, RFC 4954 (AUTH PLAIN), RFC 3207 (STARTTLS)."""

    @property
    def postbox(self) -> Postbox:
        return cast("_Server", self.server).postbox

    def say(self, *lines: str) -> None:
        for number, line in enumerate(lines, 1):
            code, _blank, words = line.partition(" ")
            self.wfile.write(f"{code}{' ' if number == len(lines) else '-'}{words}\r\n".encode())

    def handle(self) -> None:
        self.say("220 postbox.example")
        while line := self.rfile.readline().decode().strip():
            self.postbox.said.append(line)
            if not self.answer(line):
                return

    def answer(self, line: str) -> bool:
        """False when the conversation is over."""
        verb = line.split(" ")[0].upper()
        refusal = next(
            (a for start, a in self.postbox.refuse.items() if line.upper().startswith(start)), None
        )
        if refusal:
            self.say(refusal)
        elif verb == "EHLO":
            self.say("250 postbox.example", *(f"250 {offer}" for offer in self.postbox.offers))
        elif verb == "STARTTLS":
            self.say("220 go on")
            return self.begin_tls()
        elif verb == "AUTH":
            _none, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
            self.postbox.signed_in.append((user, password))
            self.say("235 welcome")
        elif verb == "DATA":
            self.say("354 go on")
            self.take_mail()
            self.say("250 taken")
        else:
            self.say("221 goodbye" if verb == "QUIT" else "250 fine")
        return verb != "QUIT"

    def begin_tls(self) -> bool:
        """The same conversation goes on, in secret; False where the other side does not trust us."""
        assert self.postbox.secret
        try:
            self.connection = self.postbox.secret.wrap_socket(self.connection, server_side=True)
        except OSError:
            return False
        self.rfile.close()
        self.wfile.close()
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        return True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def take_mail(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.postbox.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, postbox: Postbox, tls_from_the_start: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.postbox = postbox
        postbox.port = self.server_address[1]
        if tls_from_the_start:
            assert postbox.secret
            self.socket = postbox.secret.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who hangs up, or does not trust the server, is nothing to print."""


@contextmanager
def server(secret: ssl.SSLContext | None = None, *, tls_from_the_start: bool = False) -> Iterator[Postbox]:
    """A postbox that is served until the block ends."""
    postbox = Postbox(secret=secret)
    with _Server(postbox, tls_from_the_start) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield postbox
        finally:
            running.shutdown()
            thread.join()
