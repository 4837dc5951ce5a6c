package languagehost

import (
	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RequiredPackage is a provider plugin as the SDK that belongs to it describes it; name is that of one
// whose description has none.
func RequiredPackage(description *plugin.PulumiPluginJSON, name string) *pulumirpc.PackageDependency {
	if description.Name != "" {
		name = description.Name
	}
	required := &pulumirpc.PackageDependency{Name: name, Kind: "resource", Server: description.Server}
	// The engine refuses a version that it cannot read, but finds a plugin without one.
	if _, err := semver.ParseTolerant(description.Version); err == nil {
		required.Version = description.Version
	}
	required.Parameterization = parameterization(description.Parameterization)
	required.Extension = parameterization(description.ExtensionParameterization)
	return required
}

func parameterization(described *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if described == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{
		Name: described.Name, Version: described.Version, Value: described.Value,
	}
}
