package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Run builds a program and runs it until it ends. A program that fails is an answer, not an error of this call, and so is
// one that does not compile.
func (host *languageHost) Run(
	ctx context.Context, request *pulumirpc.RunRequest,
) (*pulumirpc.RunResponse, error) {
	if request.AttachDebugger {
		return nil, status.Error(codes.Unimplemented, "this Go language host cannot attach a debugger")
	}
	ctx, stop := host.Alive(ctx)
	defer stop()

	executable, err := finished(request)
	if err == nil && executable == "" {
		var remove func()
		executable, remove, err = build(ctx, request.Info)
		defer remove()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		// The compiler has said why.
		return &pulumirpc.RunResponse{Error: "the Go program does not compile"}, nil
	}
	if err != nil {
		return nil, err
	}
	configuration, err := languagehost.StackConfiguration(request.Config, request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, executable, request.Args...)
	command.Dir = request.Pwd
	command.WaitDelay = outputGracePeriod
	command.Env = append(os.Environ(), configuration...)
	command.Env = append(command.Env,
		"PULUMI_PROJECT="+request.Project,
		"PULUMI_STACK="+request.Stack,
		"PULUMI_ORGANIZATION="+request.Organization,
		"PULUMI_ROOT_DIRECTORY="+request.Info.RootDirectory,
		"PULUMI_DRY_RUN="+strconv.FormatBool(request.DryRun),
		"PULUMI_PARALLEL="+strconv.Itoa(int(request.Parallel)),
		"PULUMI_MONITOR="+request.MonitorAddress,
		"PULUMI_ENGINE="+host.Engine(),
	)
	return languagehost.RunProgram("Go", command)
}

// finished is the executable that the runtime option binary names, in the program's folder or on PATH; without that
// option it is empty.
func finished(request *pulumirpc.RunRequest) (string, error) {
	binary := option(request.Info, "binary")
	if binary == "" {
		return "", nil
	}
	path := binary
	if !filepath.IsAbs(path) {
		path = filepath.Join(request.Pwd, path)
	}
	if file, err := os.Stat(path); err == nil && file.Mode().IsRegular() {
		return path, nil
	}
	path, err := exec.LookPath(binary)
	if err != nil {
		return "", status.Errorf(codes.FailedPrecondition,
			"the runtime option binary in %s is %q, which is neither a file there nor on PATH",
			request.Info.RootDirectory, binary)
	}
	return path, nil
}

// build builds a program to the file that the runtime option buildTarget names, or else to one that is to be removed.
func build(ctx context.Context, info *pulumirpc.ProgramInfo) (string, func(), error) {
	keep := func() {}
	target, remove := option(info, "buildTarget"), keep
	if target == "" {
		folder, err := os.MkdirTemp("", "pulumi-go-")
		if err != nil {
			return "", keep, err
		}
		target, remove = filepath.Join(folder, "program"), func() { os.RemoveAll(folder) }
	} else if !filepath.IsAbs(target) {
		target = filepath.Join(info.ProgramDirectory, target)
	}
	command, err := goCommand(ctx, info.ProgramDirectory, "build", "-o", target, ".")
	if err != nil {
		return "", remove, err
	}
	// The engine shows what the host prints.
	output, err := command.CombinedOutput()
	fmt.Fprint(os.Stderr, strings.TrimLeft(string(output), "\n"))
	return target, remove, err
}

func option(info *pulumirpc.ProgramInfo, name string) string {
	return info.Options.GetFields()[name].GetStringValue()
}
