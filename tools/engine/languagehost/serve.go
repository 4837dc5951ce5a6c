// Package languagehost is what the language hosts in cmd share: how one is started, served and ended by
// the Pulumi CLI, and how it runs a program.
package languagehost

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

// Main serves a language host until it ends; name is that of its file.
func Main(name string, newServer func(*Host) pulumirpc.LanguageRuntimeServer) {
	if err := serve(newServer); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// serve listens until the engine is gone, or interrupts the host. The first line on stdout is the port, which the engine reads.
func serve(newServer func(*Host) pulumirpc.LanguageRuntimeServer) error {
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
			host := newServer(&Host{alive: alive, engineAddress: engineAddress})
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}
