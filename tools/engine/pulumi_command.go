//go:build pulumi_command

// Package engine pins the Pulumi CLI and the language host of programs in YAML. These imports keep both commands and
// everything they need in go.mod and go.sum; the build tag is never set, because a command cannot be imported.
package engine

import (
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
