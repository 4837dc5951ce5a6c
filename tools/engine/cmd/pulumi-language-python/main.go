// This program is a thin Python language host: what the Pulumi CLI starts to run a Python program or
// a Python policy pack. It stands in for the host that a Pulumi installation brings along, on machines
// where the CLI can be built from its Go module but Pulumi's own host, which no registry serves as a
// module, is not installed. Where Pulumi is installed, its own host is used.
//
// It runs programs and policy packs, installs their dependencies, and reports which provider plugins
// they need. It leaves out: plugins in Python other than policy packs (providers, dynamic providers,
// converters), type checkers, debuggers, tracing, code generation, templates and packaging.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// How often the host looks whether its engine is still there.
const engineCheckInterval = 10 * time.Second

func main() {
	if err := serve(); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-python: %v\n", err)
		os.Exit(1)
	}
}

// serve listens until the engine is gone, or interrupts the host. The first line on stdout is the port, which the engine reads.
func serve() error {
	// The engine may pass this to every plugin, and -logtostderr and -v, which the SDK's logging reads.
	flag.String("tracing", "", "accepted and ignored")
	flag.Parse()
	engineAddress := flag.Arg(0)
	if engineAddress == "" {
		return fmt.Errorf("the address of the engine is missing; the Pulumi CLI starts this program, nobody else")
	}

	alive, engineIsGone := signal.NotifyContext(context.Background(), os.Interrupt)
	defer engineIsGone()
	if err := rpcutil.Healthcheck(alive, engineAddress, engineCheckInterval, engineIsGone); err != nil {
		return fmt.Errorf("cannot reach the engine at %s: %w", engineAddress, err)
	}
	stop := make(chan bool)
	go func() {
		<-alive.Done()
		close(stop)
	}()

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &languageHost{alive: alive, engineAddress: engineAddress})
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}
