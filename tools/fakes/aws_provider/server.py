"""The provider's gRPC service, as the engine speaks to it."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tools.fakes.aws_provider.checks import AutomaticName, check_failures, checked_inputs
from tools.fakes.aws_provider.invokes import NotFoundError, invoke
from tools.fakes.aws_provider.launcher import VERSION, VERSION_VARIABLE
from tools.fakes.aws_provider.outputs import (
    Resource,
    changed_properties,
    found_resource,
    replacing_properties,
    resource_outputs,
)
from tools.fakes.aws_provider.schema import provider_schema
from tools.fakes.aws_provider.settings import ProviderSettings, checked_settings, provider_settings
from tools.fakes.aws_provider.values import Properties, from_message, to_message

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class AwsStandIn(provider_pb2_grpc.ResourceProviderServicer):
    """The provider; the engine runs one for each set of provider settings."""

    def __init__(self, version: str = VERSION) -> None:
        self._version = version
        self._regional = int(version.split(".")[0]) >= 7
        self._settings = ProviderSettings(regional=self._regional)
        self._reading_schema = threading.Lock()

    def Handshake(self, request: provider_pb2.ProviderHandshakeRequest, context: Any) -> Any:
        """Agree on the protocol: secrets are left to the engine."""
        return provider_pb2.ProviderHandshakeResponse(supports_autonaming_configuration=True)

    def Attach(self, request: plugin_pb2.PluginAttach, context: Any) -> Any:
        """Serve an engine that did not start this process."""
        return Empty()

    def GetPluginInfo(self, request: Empty, context: Any) -> Any:
        """The version of the provider that this stands for."""
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: Any) -> Any:
        """What the host of a program in YAML asks for, to know the program's types."""
        # pulumi_aws imports its modules late, and shows two threads a module that is only half there.
        with self._reading_schema:
            return provider_pb2.GetSchemaResponse(schema=provider_schema(self._version))

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Any) -> Any:
        """Accept the provider's settings; structured ones become JSON texts, however they came."""
        return provider_pb2.CheckResponse(inputs=to_message(checked_settings(from_message(request.news))))

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Any) -> Any:
        """Any change of the provider's settings is made in place."""
        same = from_message(request.old_inputs or request.olds) == from_message(request.news)
        difference = provider_pb2.DiffResponse.DiffChanges
        return provider_pb2.DiffResponse(changes=difference.DIFF_NONE if same else difference.DIFF_SOME)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: Any) -> Any:
        """Take the region and the account from the provider's settings."""
        self._settings = provider_settings(from_message(request.args), self._regional)
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> Any:
        """Fill in and judge a resource's inputs."""
        resource = Resource(request.urn)
        autonaming = request.autonaming
        automatic_name = AutomaticName(
            resource.logical_name,
            request.randomSeed,
            proposed=autonaming.proposed_name,
            disabled=autonaming.mode == provider_pb2.CheckRequest.AutonamingOptions.Mode.DISABLE,
        )
        inputs = checked_inputs(
            resource.kind,
            from_message(request.news),
            from_message(request.olds),
            automatic_name,
            self._settings,
        )
        failures = check_failures(resource.kind, resource.logical_name, inputs)
        return provider_pb2.CheckResponse(
            inputs=to_message(inputs),
            failures=[provider_pb2.CheckFailure(reason=reason) for reason in failures],
        )

    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> Any:
        """Say what an update would change, and whether in place."""
        kind = Resource(request.urn).kind
        olds, news = from_message(request.old_inputs), from_message(request.news)
        changed = changed_properties(kind, olds, news)
        difference = provider_pb2.DiffResponse.DiffChanges
        return provider_pb2.DiffResponse(
            changes=difference.DIFF_SOME if changed else difference.DIFF_NONE,
            diffs=changed,
            replaces=replacing_properties(kind, changed),
        )

    def Create(self, request: provider_pb2.CreateRequest, context: Any) -> Any:
        """Plan or create a resource."""
        outputs = self._outputs(request.urn, request.properties, {}, request.preview)
        identifier = "" if request.preview else outputs["id"]
        return provider_pb2.CreateResponse(id=identifier, properties=to_message(outputs))

    def Update(self, request: provider_pb2.UpdateRequest, context: Any) -> Any:
        """Plan or make a change in place."""
        previous = from_message(request.olds)
        outputs = self._outputs(request.urn, request.news, previous, request.preview)
        return provider_pb2.UpdateResponse(properties=to_message(outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> Any:
        """Describe a resource that exists; an answer without an id says that it does not."""
        resource, known = Resource(request.urn), from_message(request.properties)
        found = found_resource(resource, request.id, known, self._settings)
        if found is None:
            return provider_pb2.ReadResponse()
        if request.inputs.fields:
            # A refresh: what the state says is what exists.
            return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        inputs, outputs = found
        return provider_pb2.ReadResponse(id=outputs["id"], properties=to_message(outputs), inputs=to_message(inputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> Any:
        """Forget a resource, which was never anywhere."""
        return Empty()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> Any:
        """Call one of the provider's functions."""
        try:
            result = invoke(request.tok, from_message(request.args), self._settings)
        except NotFoundError as error:
            failure = provider_pb2.CheckFailure(reason=str(error))
            return provider_pb2.InvokeResponse(failures=[failure])
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_message(result))  # a keyword of Python
        return response

    def Cancel(self, request: Empty, context: Any) -> Any:
        """Nothing here takes long enough to be worth stopping; the engine ends the process."""
        return Empty()

    def _outputs(self, urn: str, inputs: Any, previous: Properties, preview: bool) -> Properties:
        resource = Resource(urn)
        return resource_outputs(resource, from_message(inputs), self._settings, previous, preview)


def start(version: str) -> tuple[grpc.Server, int]:
    """Start serving a provider. Answers its port too."""
    server = grpc.server(ThreadPoolExecutor(max_workers=8), options=UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsStandIn(version), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve() -> None:
    """Serve until the engine ends this process or is gone itself; prints the port first."""
    server, port = start(os.environ.get(VERSION_VARIABLE, VERSION))
    print(port, flush=True)
    engine = os.getppid()
    try:
        # A killed engine cannot end its plugins; a new parent shows that it is gone.
        while os.getppid() == engine:
            threading.Event().wait(timeout=1)
    except KeyboardInterrupt:
        pass
    server.stop(grace=None)
