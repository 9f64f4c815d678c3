package main

import (
	"sort"
	"time"
)

// result is one socket's part of an answer. Times are in microseconds.
type result struct {
	Calls          int     `json:"calls"`
	CallsPerSecond float64 `json:"callsPerSecond"`
	P50            float64 `json:"p50"`
	P90            float64 `json:"p90"`
	P99            float64 `json:"p99"`
	Max            float64 `json:"max"`
}

func (s *series) result() result {
	sort.Slice(s.latencies, func(i, j int) bool { return s.latencies[i] < s.latencies[j] })
	return result{
		Calls:          len(s.latencies),
		CallsPerSecond: float64(len(s.latencies)) / s.busy.Seconds(),
		P50:            s.quantile(0.5),
		P90:            s.quantile(0.9),
		P99:            s.quantile(0.99),
		Max:            s.quantile(1),
	}
}

// quantile takes the nearest rank: a time that some call really took.
func (s *series) quantile(share float64) float64 {
	rank := int(share * float64(len(s.latencies)))
	if rank == len(s.latencies) {
		rank--
	}
	return float64(s.latencies[rank]) / float64(time.Microsecond)
}
