package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// How long a killed Node process may keep its output open before the host stops waiting for it.
const outputGracePeriod = 5 * time.Second

// Run runs a program until it ends. A program that fails is an answer, not an error of this call.
func (host *nodeHost) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if request.AttachDebugger {
		return nil, status.Error(codes.Unimplemented, "this Node language host cannot attach a debugger")
	}
	node, err := nodeOnPath()
	if err != nil {
		return nil, err
	}
	sdk, err := installedSDK(request.Info)
	if err != nil {
		return nil, err
	}
	configuration, err := languagehost.StackConfiguration(request.Config, request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	ctx, stop := host.Alive(ctx)
	defer stop()

	options := request.Info.Options.GetFields()
	arguments := append(strings.Fields(options["nodeargs"].GetStringValue()), filepath.Join(sdk, "cmd", "run"))
	arguments = append(arguments,
		"--monitor", request.MonitorAddress,
		"--engine", host.Engine(),
		"--project", request.Project,
		"--stack", request.Stack,
		"--organization", request.Organization,
		"--root-directory", request.Info.RootDirectory,
		"--pwd", request.Pwd,
		"--parallel", strconv.Itoa(int(request.Parallel)),
	)
	if request.DryRun {
		arguments = append(arguments, "--dry-run")
	}
	arguments = append(arguments, request.Info.EntryPoint)

	command := exec.CommandContext(ctx, node, append(arguments, request.Args...)...)
	command.Dir = request.Pwd
	command.WaitDelay = outputGracePeriod
	command.Env = append(os.Environ(), configuration...)
	// A program is in TypeScript unless it says that it is not.
	if typescript, said := options["typescript"]; !said || typescript.GetBoolValue() {
		command.Env = append(command.Env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if tsconfig := options["tsconfig"].GetStringValue(); tsconfig != "" {
		command.Env = append(command.Env, "PULUMI_NODEJS_TSCONFIG_PATH="+tsconfig)
	}
	return languagehost.RunProgram("Node", command)
}

func nodeOnPath() (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", status.Error(codes.FailedPrecondition,
			"node is not on PATH; install Node.js as https://nodejs.org/ describes")
	}
	return node, nil
}

// installedSDK is the folder of @pulumi/pulumi where a program finds it.
func installedSDK(info *pulumirpc.ProgramInfo) (string, error) {
	for _, installed := range packageFolders(info.ProgramDirectory) {
		sdk := filepath.Join(installed, "@pulumi", "pulumi")
		if _, err := os.Stat(filepath.Join(sdk, "package.json")); err == nil {
			return sdk, nil
		}
	}
	return "", status.Errorf(codes.FailedPrecondition,
		"@pulumi/pulumi is not installed in %s; run \"pulumi install\" in %s to install what package.json names",
		filepath.Join(info.ProgramDirectory, "node_modules"), info.RootDirectory)
}

// packageFolders are those where Node looks for the packages of a program, the nearest first. Not all need exist.
func packageFolders(folder string) []string {
	folders := []string{filepath.Join(folder, "node_modules")}
	for folder != filepath.Dir(folder) {
		folder = filepath.Dir(folder)
		folders = append(folders, filepath.Join(folder, "node_modules"))
	}
	return folders
}
