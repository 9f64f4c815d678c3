// A CRI client that dials as kubelets up to 1.30 do: the target is the path of the socket, so that `:authority` is it too.
//
//	go-client SOCKET [PARALLEL]
//
// Makes the calls of a kubelet that comes up, first one by one and then PARALLEL times at once, and prints one JSON line for each of
// the first. Two runtimes that answer alike give equal output. Exits 1 if a call does not end as it must.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// The kubelet's limit for a reply (pkg/kubelet/cri/remote: maxMsgSize).
const maxReply = 16 << 20

// The kubelet's deadline for most calls (runtimeRequestTimeout).
const patience = 2 * time.Minute

type answer struct {
	Method   string      `json:"method"`
	Code     string      `json:"code"`
	Message  string      `json:"message"`
	Bytes    int         `json:"bytes"`
	Digest   string      `json:"digest"`
	Trailers metadata.MD `json:"trailers"`
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: go-client SOCKET [PARALLEL]")
		os.Exit(2)
	}
	parallel := 0
	if len(os.Args) > 2 {
		parallel, _ = strconv.Atoi(os.Args[2])
	}
	if err := run(os.Args[1], parallel); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(socket string, parallel int) error {
	connection, err := dial(socket)
	if err != nil {
		return err
	}
	defer connection.Close()

	out := json.NewEncoder(os.Stdout)
	for _, call := range calls() {
		answer, err := invoke(connection, call)
		out.Encode(answer)
		if err != nil {
			return err
		}
	}
	return together(connection, parallel)
}

func dial(socket string) (*grpc.ClientConn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return grpc.DialContext(ctx, socket,
		grpc.WithInsecure(),
		grpc.WithBlock(),
		grpc.WithContextDialer(func(ctx context.Context, path string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReply), grpc.CallCustomCodec(rawCodec{})))
}

func invoke(connection *grpc.ClientConn, call call) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var reply []byte
	trailers := metadata.MD{}
	err := connection.Invoke(ctx, call.method, call.request, &reply, grpc.Trailer(&trailers))
	state := status.Convert(err)
	result := answer{call.method, state.Code().String(), state.Message(), len(reply), digest(reply), trailers}
	for _, code := range call.want {
		if result.Code == code {
			return result, nil
		}
	}
	return result, fmt.Errorf("%s ended with %s (%s), must be one of %v", call.method, result.Code, result.Message, call.want)
}

// digest is the same for two replies that differ only in order: runtimes list in the order of a map, and write maps so too.
func digest(reply []byte) string {
	var counts [256]int
	for _, b := range reply {
		counts[b]++
	}
	sum := sha256.Sum256([]byte(fmt.Sprint(counts)))
	return hex.EncodeToString(sum[:8])
}

// together makes every call at the same time on the one connection, as pod workers do.
func together(connection *grpc.ClientConn, parallel int) error {
	failures := make(chan error)
	for i := 0; i < parallel; i++ {
		call := calls()[i%len(calls())]
		go func() {
			_, err := invoke(connection, call)
			failures <- err
		}()
	}
	var first error
	for i := 0; i < parallel; i++ {
		if err := <-failures; err != nil && first == nil {
			first = err
		}
	}
	return first
}
