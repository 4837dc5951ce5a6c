// This program is a thin Go language host: what the Pulumi CLI starts to run a Go program. It stands in for the
// host that a Pulumi installation brings along, as pulumi-language-python does for Python.
//
// It runs programs, installs their dependencies, and reports which provider plugins they need. It leaves out: plugins
// in Go, debuggers, tracing, code generation, templates and packaging.
package main

import (
	"cloudtrail-cloudwatch-logs/engine/languagehost"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// languageHost answers the engine's calls about programs in Go.
type languageHost struct {
	*languagehost.Host
}

func main() {
	languagehost.Main("pulumi-language-go", func(host *languagehost.Host) pulumirpc.LanguageRuntimeServer {
		return &languageHost{host}
	})
}
