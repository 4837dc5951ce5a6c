package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// About says which Node a program runs on.
func (host *nodeHost) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := nodeOnPath()
	if err != nil {
		return nil, err
	}
	output, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run %s: %w", node, err)
	}
	version := strings.TrimPrefix(strings.TrimSpace(string(output)), "v")
	return &pulumirpc.AboutResponse{Executable: node, Version: version}, nil
}

// GetProgramDependencies lists the npm packages that the lock file of a program names.
func (host *nodeHost) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	folder := request.Info.ProgramDirectory
	manager, err := npm.ResolvePackageManager(packageManager(request.Info), folder)
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(ctx, folder, request.TransitiveDependencies)
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
