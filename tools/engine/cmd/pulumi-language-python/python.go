package main

import (
	"context"
	"os/exec"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// How long a killed Python process may keep its output open before the host stops waiting for it.
const outputGracePeriod = 5 * time.Second

// chosenToolchain is the package manager and the virtual environment that the runtime options of a
// Pulumi.yaml or PulumiPolicy.yaml ask for.
func chosenToolchain(info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	options := toolchain.PythonOptions{Root: info.RootDirectory, ProgramDir: info.ProgramDirectory}
	fields := info.Options.GetFields()
	options.Virtualenv = fields["virtualenv"].GetStringValue()
	switch name := fields["toolchain"].GetStringValue(); name {
	case "", "auto":
		options.Toolchain = toolchain.Auto
	case "pip":
		options.Toolchain = toolchain.Pip
	case "poetry":
		options.Toolchain = toolchain.Poetry
	case "uv":
		options.Toolchain = toolchain.Uv
	default:
		return nil, status.Errorf(codes.InvalidArgument,
			"the runtime option toolchain in %s is %q; it can be pip, poetry or uv", info.RootDirectory, name)
	}
	return toolchain.ResolveToolchain(options)
}

// readyToolchain is chosenToolchain with a virtual environment that is there, or an error that says how
// to make it.
func readyToolchain(ctx context.Context, info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	python, err := chosenToolchain(info)
	if err != nil {
		return nil, err
	}
	if python.ValidateVenv(ctx) == nil {
		return python, nil
	}
	folder, err := python.VirtualEnvPath(ctx)
	if err != nil {
		return nil, err
	}
	return nil, status.Errorf(codes.FailedPrecondition,
		"there is no virtual environment at %s; run \"pulumi install\" in %s to make it",
		folder, info.RootDirectory)
}

// pythonCommand is a command of that Python, in a folder, with variables added to an environment.
func pythonCommand(
	ctx context.Context, python toolchain.Toolchain, folder string, environment, variables, arguments []string,
) (*exec.Cmd, error) {
	command, err := python.Command(ctx, arguments...)
	if err != nil {
		return nil, err
	}
	virtualEnvironment, err := python.VirtualEnvPath(ctx)
	if err != nil {
		return nil, err
	}
	if virtualEnvironment != "" {
		environment = toolchain.ActivateVirtualEnv(environment, virtualEnvironment)
	}
	command.Env = append(append([]string{}, environment...), variables...)
	command.Dir = folder
	command.WaitDelay = outputGracePeriod
	return command, nil
}
