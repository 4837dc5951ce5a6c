package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// GetRequiredPackages names the provider plugins that a program's Python packages belong to: those that
// carry a pulumi-plugin.json. Others are found by the engine when their first resource is registered.
func (host *languageHost) GetRequiredPackages(
	ctx context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	python, err := readyToolchain(ctx, request.Info)
	if err != nil {
		return nil, err
	}
	folders, err := importFolders(ctx, python)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*", "pulumi-plugin.json"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			description, err := plugin.LoadPulumiPluginJSON(file)
			if err != nil {
				return nil, fmt.Errorf("cannot read %s: %w", file, err)
			}
			if description.Resource {
				response.Packages = append(response.Packages, requiredPackage(file, description))
			}
		}
	}
	return response, nil
}

// importFolders are the folders that Python imports installed packages from.
func importFolders(ctx context.Context, python toolchain.Toolchain) ([]string, error) {
	command, err := python.Command(ctx, "-c", "import json, sys; print(json.dumps(sys.path[1:]))")
	if err != nil {
		return nil, err
	}
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run %s: %w", command.Path, err)
	}
	var folders []string
	if err := json.Unmarshal(output, &folders); err != nil {
		return nil, fmt.Errorf("%s did not say where it imports from: %w", command.Path, err)
	}
	return folders, nil
}

func requiredPackage(file string, description *plugin.PulumiPluginJSON) *pulumirpc.PackageDependency {
	folder := filepath.Base(filepath.Dir(file))
	return languagehost.RequiredPackage(
		description, strings.ReplaceAll(strings.TrimPrefix(folder, "pulumi_"), "_", "-"))
}
