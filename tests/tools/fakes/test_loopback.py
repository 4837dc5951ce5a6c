"""Nobody outside this machine reaches the stand-ins that are servers."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from tools.fakes.aws_api.server import running_aws_services
from tools.fakes.pulumi_cloud.server import running_pulumi_cloud


@pytest.mark.parametrize("running", [running_aws_services, running_pulumi_cloud])
def test_serving_happens_on_the_loopback_address_alone(running: Callable[[], Any]) -> None:
    with running() as server, socket.socket() as elsewhere:
        port = int(server.url.rpartition(":")[2])
        assert server.url == f"http://127.0.0.1:{port}"
        elsewhere.settimeout(2)
        # This address would be open if the server listened everywhere.
        assert elsewhere.connect_ex(("127.0.0.2", port)) != 0
