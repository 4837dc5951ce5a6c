package main

import (
	"context"
	"os/exec"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// About says which Go builds a program. A finished executable needs none.
func (host *languageHost) About(
	ctx context.Context, request *pulumirpc.AboutRequest,
) (*pulumirpc.AboutResponse, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return &pulumirpc.AboutResponse{}, nil
	}
	version, err := askGo(ctx, request.Info.ProgramDirectory, "version")
	if err != nil {
		return nil, err
	}
	version = strings.TrimPrefix(strings.TrimSpace(version), "go version ")
	return &pulumirpc.AboutResponse{Executable: path, Version: version}, nil
}
