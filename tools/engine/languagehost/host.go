package languagehost

import (
	"context"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Host answers the engine's calls that have nothing to do with a language. Calls that it has no method
// for answer "unimplemented", which the engine understands.
type Host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	// alive ends with the host.
	alive context.Context

	guard         sync.Mutex
	engineAddress string
}

// Handshake tells the host where its engine is, when it was not told at its start.
func (host *Host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	host.guard.Lock()
	defer host.guard.Unlock()
	host.engineAddress = request.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo says which version this is: that of the CLI that it was built with.
func (host *Host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// Engine is the address of the engine.
func (host *Host) Engine() string {
	host.guard.Lock()
	defer host.guard.Unlock()
	return host.engineAddress
}

// Alive is a call's context that ends with the host too. A blocked preview interrupts the host. A program that waits
// for an answer of the engine would outlive it, and the engine would wait for that.
func (host *Host) Alive(call context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(call)
	forget := context.AfterFunc(host.alive, stop)
	return ctx, func() {
		forget()
		stop()
	}
}
