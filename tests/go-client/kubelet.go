// Stands in for a kubelet where there is none: finds its runtime as a kubelet does (`containerRuntimeEndpoint` of its configuration, the files of
// its drop-in directory over that), lists pods and containers each second, and answers on /healthz.
//
//	kubelet --config FILE [--config-dir DIR]
//	kubelet --config FILE [--config-dir DIR] --cycles N    runs N pods besides, one after the other, on a connection of its own, and ends
//
// With --cycles it prints how many calls it made, and ends with 1 if one failed: no call is made twice.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
)

// A NamespaceOption: network NODE, pid CONTAINER.
var nodeNetwork = []byte{1 << 3, 2, 2 << 3, 1}

// What the kubelet gives RunPodSandbox.
const patience = 4 * time.Minute

const runtimeService = "/runtime.v1.RuntimeService/"

func main() {
	config := flag.String("config", "/var/lib/kubelet/config.yaml", "")
	directory := flag.String("config-dir", "", "")
	cycles := flag.Int("cycles", 0, "")
	flag.Parse()
	endpoint, err := find(*config, *directory)
	if err == nil && *cycles > 0 {
		err = load(endpoint, *cycles)
	} else if err == nil {
		err = serve(endpoint)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// find reads the one key that matters; later files win.
func find(config, directory string) (string, error) {
	files := []string{config}
	if directory != "" {
		more, _ := filepath.Glob(filepath.Join(directory, "*.conf"))
		sort.Strings(more)
		files = append(files, more...)
	}
	endpoint := ""
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return "", err
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			if value := strings.TrimPrefix(lines.Text(), "containerRuntimeEndpoint:"); value != lines.Text() {
				value, _, _ = strings.Cut(value, " #")
				endpoint = strings.Trim(strings.TrimSpace(value), `"'`)
			}
		}
		file.Close()
	}
	if !strings.HasPrefix(endpoint, "unix://") {
		return "", fmt.Errorf("no containerRuntimeEndpoint in %v", files)
	}
	return strings.TrimPrefix(endpoint, "unix://"), nil
}

func serve(socket string) error {
	connection, err := open(socket)
	if err != nil {
		return err
	}
	// As a kubelet, it is not healthy when it could not list for long.
	var listed int64
	http.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) {
		if time.Since(time.Unix(0, atomic.LoadInt64(&listed))) > 30*time.Second {
			http.Error(answer, "PLEG is not healthy", http.StatusInternalServerError)
		}
	})
	go func() { fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:10248", nil)) }()
	for {
		err := list(connection)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		} else {
			atomic.StoreInt64(&listed, time.Now().UnixNano())
		}
		time.Sleep(time.Second)
	}
}

// load runs pods while another goroutine lists without pause.
func load(socket string, cycles int) error {
	connection, err := open(socket)
	if err != nil {
		return err
	}
	defer connection.Close()
	done, ended := make(chan struct{}), make(chan error)
	calls := 0
	go func() {
		for {
			select {
			case <-done:
				ended <- nil
				return
			default:
				if err := list(connection); err != nil {
					ended <- err
					return
				}
				calls += 2
				time.Sleep(100 * time.Millisecond)
			}
		}
	}()
	for i := 0; i < cycles; i++ {
		if err := cycle(connection, fmt.Sprintf("load-%d-%d", os.Getpid(), i)); err != nil {
			return err
		}
	}
	close(done)
	if err := <-ended; err != nil {
		return err
	}
	fmt.Printf("%d pods, %d lists\n", cycles, calls)
	return nil
}

func list(connection *grpc.ClientConn) error {
	if _, err := call(connection, "ListPodSandbox", nil); err != nil {
		return err
	}
	_, err := call(connection, "ListContainers", nil)
	return err
}

// cycle is a pod's life as a kubelet drives it.
func cycle(connection *grpc.ClientConn, name string) error {
	pod := sandbox(name)
	id, err := call(connection, "RunPodSandbox", message(1, pod))
	if err != nil {
		return err
	}
	container := append(append(text(1, id), message(2, sleeper())...), message(3, pod)...)
	main, err := call(connection, "CreateContainer", container)
	if err != nil {
		return err
	}
	steps := []struct {
		method  string
		request []byte
	}{
		{"StartContainer", text(1, main)},
		{"ContainerStatus", text(1, main)},
		{"ExecSync", append(text(1, main), text(2, "/bin/busybox")...)},
		{"StopContainer", text(1, main)},
		{"RemoveContainer", text(1, main)},
		{"StopPodSandbox", text(1, id)},
		{"RemovePodSandbox", text(1, id)},
	}
	for _, step := range steps {
		if _, err := call(connection, step.method, step.request); err != nil {
			return err
		}
	}
	return nil
}

// sandbox is a PodSandboxConfig; the numbers are those of the CRI's api.proto.
func sandbox(name string) []byte {
	metadata := append(append(text(1, name), text(2, name)...), text(3, "load")...)
	config := message(1, metadata)
	for key, value := range map[string]string{"name": name, "namespace": "load", "uid": name} {
		config = append(config, message(6, append(text(1, "io.kubernetes.pod."+key), text(2, value)...))...)
	}
	// In the node's network, which takes no plugin.
	return append(config, message(8, append(text(1, "/kubepods.slice/kubepods-besteffort.slice"), message(2, message(1, nodeNetwork))...))...)
}

// sleeper is a ContainerConfig.
func sleeper() []byte {
	config := append(message(1, text(1, "main")), message(2, text(1, "criguard.test/busybox:1"))...)
	for _, word := range []string{"/bin/busybox", "sleep", "1000"} {
		config = append(config, text(3, word)...)
	}
	return append(config, message(15, message(2, message(3, nodeNetwork)))...)
}

// call makes a call and returns field 1 of the reply, which is an id where there is one.
func call(connection *grpc.ClientConn, method string, request []byte) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var reply []byte
	if err := connection.Invoke(ctx, runtimeService+method, request, &reply); err != nil {
		return "", fmt.Errorf("%s: %w", method, err)
	}
	if len(reply) > 2 && reply[0] == 0x0a && int(reply[1]) <= len(reply)-2 {
		return string(reply[2 : 2+int(reply[1])]), nil
	}
	return "", nil
}

// message writes a field of bytes (wire type 2).
func message(number int, content []byte) []byte {
	field := []byte{byte(number<<3 | 2)}
	for length := len(content); ; length >>= 7 {
		if length < 0x80 {
			return append(append(field, byte(length)), content...)
		}
		field = append(field, byte(length)|0x80)
	}
}

func text(number int, value string) []byte { return message(number, []byte(value)) }

func open(socket string) (*grpc.ClientConn, error) {
	// As a kubelet (pkg/kubelet/cri/remote: maxBackoffDelay). It gives a server 5 s to say something, which in an emulator is no time.
	pauses := backoff.DefaultConfig
	pauses.MaxDelay = 3 * time.Second
	return grpc.Dial(socket,
		grpc.WithInsecure(),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: pauses, MinConnectTimeout: patience}),
		grpc.WithContextDialer(func(ctx context.Context, path string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20), grpc.CallCustomCodec(rawCodec{})))
}
