package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"

	"cloudtrail-cloudwatch-logs/engine/languagehost"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// RunPlugin runs a policy pack until the engine is done with it.
func (host *languageHost) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	if request.Kind != "analyzer" {
		return status.Errorf(codes.Unimplemented,
			"this Python language host runs policy packs, but no plugins of kind %q", request.Kind)
	}
	if request.AttachDebugger {
		return status.Error(codes.Unimplemented, "this Python language host cannot attach a debugger")
	}
	ctx := stream.Context()
	python, err := readyToolchain(ctx, request.Info)
	if err != nil {
		return err
	}
	sender := &languagehost.OneSender[pulumirpc.RunPluginResponse]{ServerStreamingServer: stream}
	closer, output, errorOutput, err := rpcutil.MakeRunPluginStreams(sender, false)
	if err != nil {
		return err
	}
	defer closer.Close()

	// The pack reads the stack's configuration at its start, so the proxy serves the engine until that
	// has arrived.
	proxy, packOutput, err := sdk.NewPolicyProxy(ctx, output)
	if err != nil {
		return err
	}
	configuration, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	variables, err := packVariables(configuration)
	if err != nil {
		return err
	}
	folder := request.Info.ProgramDirectory
	arguments := append([]string{"-u", "-m", "pulumi.policy"}, request.Args...)
	command, err := pythonCommand(ctx, python, folder, request.Env, variables, append(arguments, folder))
	if err != nil {
		return err
	}
	command.Stdout, command.Stderr = packOutput, errorOutput
	if err := command.Start(); err != nil {
		// Attach is called all the same: it is what ends the engine's waiting.
		fmt.Fprintf(errorOutput, "cannot start the policy pack: %v\n", err)
	}

	err = proxy.Attach(ctx, command)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return sender.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(errorOutput, "the policy pack in %s did not get ready: it ended by itself, or it printed"+
			" something before the port that the engine waits for\n", folder)
	}
	return err
}

// packVariables tells a pack the stack that it judges. Without a stack ("pulumi policy publish") there
// is nothing to tell.
func packVariables(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	variables, err := languagehost.StackConfiguration(stack.Config, stack.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	variables = append(variables,
		"PULUMI_PROJECT="+stack.Project,
		"PULUMI_STACK="+stack.Stack,
		"PULUMI_DRY_RUN="+strconv.FormatBool(stack.DryRun),
	)
	if stack.Organization != "" {
		variables = append(variables, "PULUMI_ORGANIZATION="+stack.Organization)
	}
	return variables, nil
}
