package main

import (
	"fmt"
	"io"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies brings the modules that a program imports, and shows what Go prints.
func (host *languageHost) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	command, err := goCommand(stream.Context(), request.Info.ProgramDirectory, "mod", "tidy")
	if err != nil {
		return err
	}
	return languagehost.ShowInstallation(request, stream, func(output, errorOutput io.Writer) error {
		command.Stdout, command.Stderr = output, errorOutput
		if err := command.Run(); err != nil {
			return fmt.Errorf("\"go mod tidy\" in %s failed: %w", command.Dir, err)
		}
		return nil
	})
}
