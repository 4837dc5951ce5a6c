"""The services behind HTTP, on one port of the loopback address alone."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from tools.fakes.aws_api.services import OPERATIONS, SERVICES, Call, Operation, Service
from tools.fakes.aws_api.state import AwsServices, Closed, Hanging, Malformed, Refusal, RefusedError, Request

ADDRESS = "127.0.0.1"
SECONDS = 10.0
SIGNATURE = re.compile(r"AWS4-HMAC-SHA256 Credential=(\w+)/\d{8}/([\w-]+)/([\w-]+)/aws4_request,.*Signature=\w+")


@contextlib.contextmanager
def running_aws_services(
    account: str = "123456789012", operations: Mapping[str, Operation] = OPERATIONS
) -> Iterator[AwsServices]:
    """Serve a new, empty stand-in on a free port; its access key is one of the given account."""
    with ThreadingHTTPServer((ADDRESS, 0), BaseHTTPRequestHandler) as server:
        aws = AwsServices(f"http://{ADDRESS}:{server.server_port}", account, operations)
        server.RequestHandlerClass = partial(_Exchange, aws)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield aws
        finally:
            aws.ending.set()
            server.shutdown()
            thread.join(SECONDS)


class _Exchange(BaseHTTPRequestHandler):
    timeout = SECONDS

    def __init__(self, aws: AwsServices, *args: Any) -> None:
        self.aws = aws
        super().__init__(*args)

    def exchange(self) -> None:
        # Read before any answer: a client that is still sending would not see it.
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service, name, call = _received(self.aws, self.command, self.path, self.headers, body)
        fault = self.aws.take_fault(name, call.parameters) if call else None
        if isinstance(fault, Hanging):
            self.aws.ending.wait(fault.seconds)
        if isinstance(fault, Hanging | Closed) or self.aws.ending.is_set():
            return
        try:
            if isinstance(fault, Refusal):
                raise RefusedError(fault.code, fault.status, fault.message)
            status, content = 200, _form(service, name, _answer(service, name, call, self.headers))
        except RefusedError as refused:
            status, content = refused.refusal.status, _error_form(service, refused.refusal)
        if isinstance(fault, Malformed):
            status, content = 200, content[: len(content) // 2]
        with contextlib.suppress(ConnectionError):  # a client that does not wait any longer
            self.send_response(status)
            self.send_header("Content-Type", "text/xml" if service.namespace else "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = exchange  # noqa: N815 - names of http.server

    def log_message(self, *args: Any) -> None:
        """Nothing is printed."""


def _received(
    aws: AwsServices, method: str, path: str, headers: Message, body: bytes
) -> tuple[Service, str, Call | None]:
    """The service and the operation that are asked, recorded; no call where they are not known."""
    service, name, parameters = _asked(method, path, headers, body)
    signature = SIGNATURE.fullmatch(headers.get("Authorization", ""))
    key = aws.keys.get(signature[1]) if signature else None
    if key and key.token != headers.get("X-Amz-Security-Token", ""):
        key = None
    region, account = signature[2] if signature else None, key.account if key else None
    if name in aws.operations and aws.operations[name].service is service:
        told = {each: value for each, value in parameters.items() if each != "WebIdentityToken"}
        aws.requests.append(Request(service.name, name, region, account, told))
        return service, name, Call(aws, service, key, region, parameters)
    # What it does not know may have credentials anywhere.
    request = Request(service.name or (signature[3] if signature else ""), name, region, account)
    aws.requests.append(request)
    aws.unknown_requests.append(request)
    return service, name, None


def _asked(method: str, path: str, headers: Message, body: bytes) -> tuple[Service, str, Mapping[str, Any]]:
    if (method, path) == ("POST", "/"):
        prefix, _, name = headers.get("X-Amz-Target", "").rpartition(".")
        with contextlib.suppress(ValueError, TypeError):
            parameters = dict(json.loads(body) if prefix else parse_qsl(body.decode()))
            told_by, name = prefix or parameters.pop("Version", ""), name or parameters.pop("Action", "")
            for service in SERVICES:
                if service.told_by == told_by:
                    return service, name, parameters
            if name:
                return Service("", told_by, namespace="" if prefix else "unknown"), name, {}
    return Service("", ""), f"{method} {path.partition('?')[0]}", {}


def _answer(service: Service, name: str, call: Call | None, headers: Message) -> Mapping[str, Any]:
    if not call:
        message = f"The stand-in has no operation {name}."
        raise service.refused("UnknownOperationException", "InvalidAction", 400, message)
    operation: Operation = call.aws.operations[name]
    signature = SIGNATURE.fullmatch(headers.get("Authorization", ""))
    if not operation.for_anybody:
        if not signature:
            codes = ("MissingAuthenticationTokenException", "MissingAuthenticationToken")
            raise service.refused(*codes, 403, "Missing Authentication Token")
        if signature[3] != service.name:
            message = f"Credential should be scoped to correct service: '{service.name}'."
            raise service.refused("InvalidSignatureException", "SignatureDoesNotMatch", 403, message)
        if not call.key:
            message = "The security token included in the request is invalid."
            raise service.refused("UnrecognizedClientException", "InvalidClientTokenId", 403, message)
    unknown = {each.partition(".")[0] for each in call.parameters} - operation.parameters
    if unknown:
        message = f"The stand-in does not know the parameters {', '.join(sorted(unknown))}."
        raise service.refused("ValidationException", "ValidationError", 400, message)
    return operation.answer(call)


def _form(service: Service, name: str, answer: Mapping[str, Any]) -> bytes:
    if not service.namespace:
        return json.dumps(answer).encode()
    metadata = {"RequestId": str(uuid.uuid4())}
    return _xml_root(service, f"{name}Response", {f"{name}Result": answer, "ResponseMetadata": metadata})


def _error_form(service: Service, refusal: Refusal) -> bytes:
    if not service.namespace:
        return json.dumps({"__type": refusal.code, "message": refusal.message}).encode()
    side = "Sender" if refusal.status < 500 else "Receiver"
    error = {"Type": side, "Code": refusal.code, "Message": refusal.message}
    return _xml_root(service, "ErrorResponse", {"Error": error, "RequestId": str(uuid.uuid4())})


def _xml_root(service: Service, name: str, content: Mapping[str, Any]) -> bytes:
    return f'<{name} xmlns="{service.namespace}">{_xml(content)}</{name}>'.encode()


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))
