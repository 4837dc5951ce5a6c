package main

import (
	"context"
	"errors"
	"fmt"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

const launcherName = "pulumi-language-python-exec"

// The launcher's exit status when it has already shown the user what went wrong.
const alreadyExplained = 32

// Run runs a program until it ends. A program that fails is an answer, not an error of this call.
func (host *languageHost) Run(
	ctx context.Context, request *pulumirpc.RunRequest,
) (*pulumirpc.RunResponse, error) {
	if request.AttachDebugger {
		return nil, status.Error(codes.Unimplemented, "this Python language host cannot attach a debugger")
	}
	python, err := readyToolchain(ctx, request.Info)
	if err != nil {
		return nil, err
	}
	// A blocked preview interrupts the host. A program that waits for an answer of the engine would outlive it, and the
	// engine would wait for that.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(host.alive, stop)()

	launcher, err := launcherPath()
	if err != nil {
		return nil, err
	}
	configuration, err := stackConfiguration(request.Config, request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}

	arguments := []string{
		"-u", launcher,
		"--monitor", request.MonitorAddress,
		"--engine", host.engine(),
		"--project", request.Project,
		"--stack", request.Stack,
		"--organization", request.Organization,
		"--root_directory", request.Info.RootDirectory,
		"--pwd", request.Pwd,
		"--parallel", strconv.Itoa(int(request.Parallel)),
		"--dry_run", strconv.FormatBool(request.DryRun),
		"--", request.Info.EntryPoint,
	}
	command, err := pythonCommand(
		ctx, python, request.Pwd, os.Environ(), configuration, append(arguments, request.Args...))
	if err != nil {
		return nil, err
	}
	// The engine shows what the host prints.
	command.Stdout, command.Stderr = os.Stdout, os.Stderr

	err = command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == alreadyExplained:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the Python program ended with %v", exit)}, nil
	default:
		return nil, fmt.Errorf("cannot start the Python program: %w", err)
	}
}

// launcherPath finds the script that runs a program: beside this host, else on PATH.
func launcherPath() (string, error) {
	host, err := os.Executable()
	if err != nil {
		return "", err
	}
	beside := filepath.Join(filepath.Dir(host), launcherName)
	if _, err := os.Stat(beside); err == nil {
		return beside, nil
	}
	if onPath, err := exec.LookPath(launcherName); err == nil {
		return onPath, nil
	}
	return "", status.Errorf(codes.FailedPrecondition, "%s is missing beside %s", launcherName, host)
}
