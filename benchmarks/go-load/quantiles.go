package main

import (
	"sort"
	"time"
)

// result is one socket's part of an answer. Times are in microseconds.
type result struct {
	Calls          int       `json:"calls"`
	CallsPerSecond float64   `json:"callsPerSecond"`
	P50            float64   `json:"p50"`
	P99            float64   `json:"p99"`
	Medians        []float64 `json:"medians"`
}

func (s *series) result() result {
	all := sorted(s.latencies)
	return result{
		Calls:          len(all),
		CallsPerSecond: float64(len(all)) / s.busy.Seconds(),
		P50:            quantile(all, 0.5),
		P99:            quantile(all, 0.99),
		Medians:        s.medians,
	}
}

func sorted(latencies []time.Duration) []time.Duration {
	copied := append([]time.Duration(nil), latencies...)
	sort.Slice(copied, func(i, j int) bool { return copied[i] < copied[j] })
	return copied
}

// quantile takes the nearest rank of sorted times: one that some call really took.
func quantile(sorted []time.Duration, share float64) float64 {
	return float64(sorted[int(share*float64(len(sorted)))]) / float64(time.Microsecond)
}
