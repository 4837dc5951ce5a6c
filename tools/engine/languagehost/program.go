package languagehost

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunProgram runs a program until it ends. A program that fails is an answer, not an error.
func RunProgram(language string, command *exec.Cmd) (*pulumirpc.RunResponse, error) {
	// The engine shows what the host prints.
	command.Stdout, command.Stderr = os.Stdout, os.Stderr

	err := command.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == constant.ExitStatusLoggedError:
		// The SDK has already shown the user what went wrong.
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the %s program ended with %v", language, exit)}, nil
	default:
		return nil, fmt.Errorf("cannot start the %s program: %w", language, err)
	}
}

// StackConfiguration is how Pulumi's SDKs expect a stack's configuration in the environment.
func StackConfiguration(values map[string]string, secretKeys []string) ([]string, error) {
	if values == nil {
		values = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	valuesText, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("the stack's configuration: %w", err)
	}
	keysText, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, fmt.Errorf("the stack's secret configuration keys: %w", err)
	}
	return []string{"PULUMI_CONFIG=" + string(valuesText), "PULUMI_CONFIG_SECRET_KEYS=" + string(keysText)}, nil
}
