package languagehost

import (
	"sync"

	"google.golang.org/grpc"
)

// OneSender lets a process's two outputs share a stream, which takes one message at a time.
type OneSender[Message any] struct {
	grpc.ServerStreamingServer[Message]

	guard sync.Mutex
}

func (sender *OneSender[Message]) Send(message *Message) error {
	sender.guard.Lock()
	defer sender.guard.Unlock()
	return sender.ServerStreamingServer.Send(message)
}
