package main

import (
	"context"
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
	about, err := python.About(ctx)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{
		Executable: about.PythonExecutable, Version: about.PythonVersion.String(),
	}, nil
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
