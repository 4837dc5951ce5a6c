package main

import (
	"context"
	"fmt"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// About says which Python a program runs on.
func (host *languageHost) About(
	ctx context.Context, request *pulumirpc.AboutRequest,
) (*pulumirpc.AboutResponse, error) {
	python, err := readyToolchain(ctx, request.Info)
	if err != nil {
		return nil, err
	}
	// Every run asks this. The toolchain's own answer starts pip for its version, which takes half a second.
	command, err := python.Command(ctx, "-c", "import platform, sys; print(sys.executable, platform.python_version(), sep='\n')")
	if err != nil {
		return nil, err
	}
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run %s: %w", command.Path, err)
	}
	executable, version, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	return &pulumirpc.AboutResponse{Executable: executable, Version: version}, nil
}

// GetProgramDependencies lists the Python packages that a program has installed.
func (host *languageHost) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	python, err := readyToolchain(ctx, request.Info)
	if err != nil {
		return nil, err
	}
	packages, err := python.ListPackages(ctx, request.TransitiveDependencies)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, installed := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: installed.Name, Version: installed.Version})
	}
	return response, nil
}
