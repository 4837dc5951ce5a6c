package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const launcherName = "pulumi-language-python-exec"

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
	ctx, stop := host.Alive(ctx)
	defer stop()

	launcher, err := launcherPath()
	if err != nil {
		return nil, err
	}
	configuration, err := languagehost.StackConfiguration(request.Config, request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}

	arguments := []string{
		"-u", launcher,
		"--monitor", request.MonitorAddress,
		"--engine", host.Engine(),
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
	return languagehost.RunProgram("Python", command)
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
