// This program is a thin Node language host: what the Pulumi CLI starts to run a program in TypeScript or JavaScript.
// It stands in for the host that a Pulumi installation brings along, as pulumi-language-python does for Python.
//
// It runs programs, installs their dependencies, and reports which provider plugins they need. It leaves out: policy
// packs and other plugins in TypeScript, dynamic providers, invokes that block (the old `async: false`), debuggers,
// tracing, code generation, templates and packaging.
package main

import (
	"cloudtrail-cloudwatch-logs/engine/languagehost"

	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// nodeHost answers the engine's calls about programs for Node.
type nodeHost struct {
	*languagehost.Host
}

func main() {
	languagehost.Main("pulumi-language-nodejs", func(host *languagehost.Host) pulumirpc.LanguageRuntimeServer {
		return &nodeHost{host}
	})
}

// packageManager is the one that the runtime options of a Pulumi.yaml, or else the lock files beside it, ask for.
func packageManager(info *pulumirpc.ProgramInfo) npm.PackageManagerType {
	return npm.PackageManagerType(info.Options.GetFields()["packagemanager"].GetStringValue())
}
