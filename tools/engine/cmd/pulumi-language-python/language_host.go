package main

import (
	"context"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// languageHost answers the engine's calls. Calls that it has no method for answer "unimplemented",
// which the engine understands.
type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	// alive ends with the host.
	alive context.Context

	guard         sync.Mutex
	engineAddress string
}

// Handshake tells the host where its engine is, when it was not told at its start.
func (host *languageHost) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	host.guard.Lock()
	defer host.guard.Unlock()
	host.engineAddress = request.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo says which version this is: that of the CLI that it was built with.
func (host *languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

func (host *languageHost) engine() string {
	host.guard.Lock()
	defer host.guard.Unlock()
	return host.engineAddress
}
