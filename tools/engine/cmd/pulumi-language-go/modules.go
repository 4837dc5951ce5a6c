package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// module is one that a program's module needs. Its folder is empty until it is downloaded.
type module struct {
	path, version, folder string
	indirect              bool
}

// modules are those that the module of a folder needs.
func modules(ctx context.Context, folder string) ([]module, error) {
	format := `{{if not .Main}}{{.Path}}{{"\t"}}{{.Version}}{{"\t"}}{{.Dir}}{{"\t"}}{{.Indirect}}{{end}}`
	output, err := askGo(ctx, folder, "list", "-mod=readonly", "-m", "-f", format, "all")
	if err != nil {
		return nil, err
	}
	var found []module
	for _, line := range strings.Split(output, "\n") {
		if fields := strings.Split(line, "\t"); len(fields) == 4 {
			found = append(found, module{fields[0], fields[1], fields[2], fields[3] == "true"})
		}
	}
	return found, nil
}

// GetRequiredPackages names the provider plugins that the modules of a program belong to: those that carry a
// pulumi-plugin.json. Others, and those of a finished executable, are found by the engine when their first resource is
// registered.
func (host *languageHost) GetRequiredPackages(
	ctx context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	response := &pulumirpc.GetRequiredPackagesResponse{}
	if option(request.Info, "binary") != "" {
		return response, nil
	}
	needed, err := modules(ctx, request.Info.ProgramDirectory)
	if err != nil {
		return nil, err
	}
	for _, each := range needed {
		if each.indirect || each.folder == "" {
			continue
		}
		for _, place := range []string{"", "go/*", "go/*/*", "*"} {
			files, err := fs.Glob(os.DirFS(each.folder), path.Join(place, "pulumi-plugin.json"))
			if err != nil {
				return nil, err
			}
			for _, file := range files {
				description, err := plugin.LoadPulumiPluginJSON(filepath.Join(each.folder, file))
				if err != nil {
					return nil, fmt.Errorf("cannot read %s in %s: %w", file, each.folder, err)
				}
				if description.Resource {
					response.Packages = append(
						response.Packages, languagehost.RequiredPackage(description, path.Base(path.Dir(file))))
				}
			}
		}
	}
	return response, nil
}

// GetProgramDependencies lists the modules that a program needs.
func (host *languageHost) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	needed, err := modules(ctx, request.Info.ProgramDirectory)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, each := range needed {
		if request.TransitiveDependencies || !each.indirect {
			response.Dependencies = append(response.Dependencies,
				&pulumirpc.DependencyInfo{Name: each.path, Version: each.version})
		}
	}
	return response, nil
}
