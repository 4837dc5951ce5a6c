package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies makes the virtual environment of a program or a policy pack and fills it, and
// shows what the package manager prints.
func (host *languageHost) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	python, err := chosenToolchain(request.Info)
	if err != nil {
		return err
	}
	sender := &oneSender[pulumirpc.InstallDependenciesResponse]{ServerStreamingServer: stream}
	closer, output, errorOutput, err := rpcutil.MakeInstallDependenciesStreams(sender, request.IsTerminal)
	if err != nil {
		return err
	}
	const showOutput = true
	err = python.InstallDependencies(stream.Context(), request.Info.ProgramDirectory,
		request.UseLanguageVersionTools, showOutput, output, errorOutput)
	// Closing sends what is still in the pseudo-terminal.
	if closed := closer.Close(); err == nil {
		err = closed
	}
	return err
}
