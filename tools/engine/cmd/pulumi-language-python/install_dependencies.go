package main

import (
	"io"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

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
	const showOutput = true
	return languagehost.ShowInstallation(request, stream, func(output, errorOutput io.Writer) error {
		return python.InstallDependencies(stream.Context(), request.Info.ProgramDirectory,
			request.UseLanguageVersionTools, showOutput, output, errorOutput)
	})
}
