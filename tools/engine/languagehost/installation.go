package languagehost

import (
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// ShowInstallation shows the user what an installation of dependencies prints.
func ShowInstallation(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
	install func(output, errorOutput io.Writer) error,
) error {
	sender := &OneSender[pulumirpc.InstallDependenciesResponse]{ServerStreamingServer: stream}
	closer, output, errorOutput, err := rpcutil.MakeInstallDependenciesStreams(sender, request.IsTerminal)
	if err != nil {
		return err
	}
	err = install(output, errorOutput)
	// Closing sends what is still in the pseudo-terminal.
	if closed := closer.Close(); err == nil {
		err = closed
	}
	return err
}
