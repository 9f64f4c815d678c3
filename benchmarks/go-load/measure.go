package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
)

// The kubelet's deadline for most calls (runtimeRequestTimeout); it travels as `grpc-timeout`.
const patience = 2 * time.Minute

// measurement asks for one call, made over and over at each of some sockets.
type measurement struct {
	Method   string   `json:"method"`
	Request  []byte   `json:"request"`
	InFlight int      `json:"inFlight"`
	Rounds   int      `json:"rounds"`
	Batch    int      `json:"batch"`
	Sockets  []string `json:"sockets"`
}

// series is what one socket gave: a time for each call, and the time that all its batches took.
type series struct {
	connection *grpc.ClientConn
	latencies  []time.Duration
	medians    []float64
	busy       time.Duration
}

// measure goes round the sockets in batches, each round from another start and every other lap backwards. Whatever the machine does meanwhile,
// it does to all of them.
func (c client) measure(asked measurement) ([]result, error) {
	all := make([]series, len(asked.Sockets))
	for i, socket := range asked.Sockets {
		connection, err := c.connection(socket)
		if err != nil {
			return nil, err
		}
		all[i] = series{connection: connection, latencies: make([]time.Duration, 0, asked.Rounds*asked.Batch)}
	}
	for round := 0; round < asked.Rounds; round++ {
		for turn := range all {
			i := (round + turn) % len(all)
			if round/len(all)%2 == 1 {
				i = len(all) - 1 - i
			}
			if err := all[i].batch(asked); err != nil {
				return nil, fmt.Errorf("%s at %s failed: %w", asked.Method, asked.Sockets[i], err)
			}
		}
	}
	results := make([]result, len(all))
	for i := range all {
		results[i] = all[i].result()
	}
	return results, nil
}

// batch makes its calls with as many in flight as asked, all on the one connection.
func (s *series) batch(asked measurement) error {
	first := len(s.latencies)
	s.latencies = s.latencies[:first+asked.Batch]
	next := int64(first) - 1
	failures := make([]error, asked.InFlight)
	var workers sync.WaitGroup
	start := time.Now()
	for worker := 0; worker < asked.InFlight; worker++ {
		workers.Add(1)
		go func(worker int) {
			defer workers.Done()
			for failures[worker] == nil {
				i := int(atomic.AddInt64(&next, 1))
				if i >= len(s.latencies) {
					return
				}
				s.latencies[i], failures[worker] = s.call(asked)
			}
		}(worker)
	}
	workers.Wait()
	s.busy += time.Since(start)
	s.medians = append(s.medians, quantile(sorted(s.latencies[first:]), 0.5))
	for _, failure := range failures {
		if failure != nil {
			return failure
		}
	}
	return nil
}

func (s *series) call(asked measurement) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var length int
	start := time.Now()
	err := s.connection.Invoke(ctx, asked.Method, asked.Request, &length)
	return time.Since(start), err
}
