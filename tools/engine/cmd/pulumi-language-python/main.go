// This program is a thin Python language host: what the Pulumi CLI starts to run a Python program or
// a Python policy pack. It stands in for the host that a Pulumi installation brings along, on machines
// where the CLI can be built from its Go module but Pulumi's own host, which no registry serves as a
// module, is not installed. Where Pulumi is installed, its own host is used.
//
// It runs programs and policy packs, installs their dependencies, and reports which provider plugins
// they need. It leaves out: plugins in Python other than policy packs (providers, dynamic providers,
// converters), type checkers, debuggers, tracing, code generation, templates and packaging.
package main

import (
	"cloudtrail-cloudwatch-logs/engine/languagehost"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// languageHost answers the engine's calls about programs and policy packs in Python.
type languageHost struct {
	*languagehost.Host
}

func main() {
	languagehost.Main("pulumi-language-python", func(host *languagehost.Host) pulumirpc.LanguageRuntimeServer {
		return &languageHost{host}
	})
}
