package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// GetRequiredPackages names the provider plugins that a program's npm packages belong to: those whose package.json says
// so. Others are found by the engine when their first resource is registered.
func (host *nodeHost) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	var files []string
	for _, installed := range packageFolders(request.Info.ProgramDirectory) {
		for _, pattern := range []string{"*", filepath.Join("@*", "*")} {
			found, err := filepath.Glob(filepath.Join(installed, pattern, "package.json"))
			if err != nil {
				return nil, err
			}
			files = append(files, found...)
		}
	}
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, file := range files {
		required, err := requiredPackage(file)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", file, err)
		}
		if required != nil {
			response.Packages = append(response.Packages, required)
		}
	}
	return response, nil
}

// requiredPackage is the plugin that an npm package belongs to, or nil.
func requiredPackage(file string) (*pulumirpc.PackageDependency, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var described struct {
		Name    string
		Version string
		Pulumi  json.RawMessage
	}
	// Packages that have nothing to do with Pulumi may have anything there.
	if err := json.Unmarshal(content, &described); err != nil || described.Pulumi == nil {
		return nil, nil
	}
	description := &plugin.PulumiPluginJSON{}
	if err := json.Unmarshal(described.Pulumi, description); err != nil || !description.Resource {
		return nil, err
	}
	if description.Version == "" {
		description.Version = described.Version
	}
	return languagehost.RequiredPackage(description, described.Name[strings.LastIndex(described.Name, "/")+1:]), nil
}
