package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// How long a killed process may keep its output open before the host stops waiting for it.
const outputGracePeriod = 5 * time.Second

// goCommand is a command of the Go on PATH, in a folder.
func goCommand(ctx context.Context, folder string, arguments ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, status.Error(codes.FailedPrecondition,
			"a Go program needs Go, and there is no go on PATH; install it as https://go.dev/doc/install describes")
	}
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir = folder
	command.WaitDelay = outputGracePeriod
	return command, nil
}

// askGo is what such a command prints, and with an error what it complained about.
func askGo(ctx context.Context, folder string, arguments ...string) (string, error) {
	command, err := goCommand(ctx, folder, arguments...)
	if err != nil {
		return "", err
	}
	var output, complaint bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaint
	err = command.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("\"go %s\" in %s: %s", arguments[0], folder, strings.TrimSpace(complaint.String()))
	}
	return output.String(), err
}
