"""GOV.UK Notify for tests: it takes mail over a real socket, as its published API says, and refuses when told to.

Source: docs.notifications.service.gov.uk/rest-api.html ("Send an email", "Authorisation header", "Error codes").
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import jwt

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
KEY = f"fernshire-{SERVICE}-{SECRET}"


@dataclass
class Service:
    """What Notify was sent, and how it answers. refuse: what it says to the next ones: (status, error, message)."""

    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    refuse: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"notify:{KEY}?template={TEMPLATE}&api=http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        service = cast("_Server", self.server).service
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        wrong = self._wrong_token() or self._wrong_body(body)
        if wrong is None and service.refuse:
            wrong = service.refuse.pop(0)
        if wrong:
            status, error, message = wrong
            self._answer(status, {"status_code": status, "errors": [{"error": error, "message": message}]})
            return
        service.taken.append(body)
        self._answer(201, self._receipt(body))

    def _wrong_token(self) -> tuple[int, str, str] | None:
        """The token names the service, is signed with its secret, and is no older than 30 seconds."""
        scheme, _blank, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            return 401, "AuthError", "Unauthorized: authentication token must be provided"
        try:
            said = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError:
            return 403, "AuthError", "Invalid token: API key not found"
        if said.get("iss") != SERVICE:
            return 403, "AuthError", "Invalid token: service not found"
        if abs(time.time() - said.get("iat", 0)) > 30:
            return 403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"
        return None

    def _wrong_body(self, body: dict[str, Any]) -> tuple[int, str, str] | None:
        if self.path != "/v2/notifications/email":
            return 404, "NotFound", "Not found"
        if body.get("template_id") != TEMPLATE:
            return 400, "BadRequestError", "Template not found"
        if "@" not in body.get("email_address", ""):
            return 400, "ValidationError", "email_address Not a valid email address"
        missing = {"subject", "body"} - body.get("personalisation", {}).keys()
        if missing:
            return 400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}"
        return None

    def _receipt(self, body: dict[str, Any]) -> dict[str, Any]:
        made = str(uuid.uuid4())
        content = {**body["personalisation"], "from_email": "fernshire@notifications.service.gov.uk"}
        template = {"id": TEMPLATE, "version": 1, "uri": f"/v2/template/{TEMPLATE}"}
        uri = f"/v2/notifications/{made}"
        more = {"reference": body.get("reference"), "scheduled_for": None}
        return {"id": made, "content": content, "uri": uri, "template": template, **more}

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    def __init__(self, service: Service) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.service = service
        service.port = self.server_address[1]


@contextmanager
def notify() -> Iterator[Service]:
    """Notify is there, for a while."""
    service = Service()
    with _Server(service) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
