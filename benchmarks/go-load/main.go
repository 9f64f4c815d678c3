// The load client: one and the same grpc-go for every endpoint, so that what differs between two endpoints is what is between it and the runtime.
//
//	go-load < measurements > results
//
// Obeys one measurement a line, in JSON, and answers each with one line. Connections are kept from one to the next. Ends with its input.
// Exits 1 at the first call that fails: figures of calls that did not do their work mean nothing.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	client := client{}
	defer client.close()
	lines, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var asked measurement
		if err := lines.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		results, err := client.measure(asked)
		if err != nil {
			return err
		}
		if err := answers.Encode(results); err != nil {
			return err
		}
	}
}
