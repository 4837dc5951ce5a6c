package main

import (
	"io"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies makes the node_modules of a program, and shows what the package manager prints.
func (host *nodeHost) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	return languagehost.ShowInstallation(request, stream, func(output, errorOutput io.Writer) error {
		const withoutDevelopment = false
		_, err := npm.Install(stream.Context(), packageManager(request.Info), request.Info.ProgramDirectory,
			withoutDevelopment, output, errorOutput)
		return err
	})
}
