//go:build pulumi_command

// Package engine pins the Pulumi CLI. This import keeps the CLI and everything it needs in go.mod
// and go.sum; the build tag is never set, because a command cannot be imported.
package engine

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
