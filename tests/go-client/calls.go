package main

import "strings"

// call is one line of the scenario: a method, its request in wire format, and the gRPC code that any runtime must answer with.
type call struct {
	method  string
	request []byte
	want    []string
}

const (
	ok            = "OK"
	notFound      = "NotFound"
	unimplemented = "Unimplemented"
)

// field writes field 1 as a string: the ids that most requests of the CRI begin with.
func field(value string) []byte {
	return append([]byte{0x0a, byte(len(value))}, value...)
}

// The scenario of a kubelet that comes up: who are you, how are you, what is there, and then what newer and older clients try.
func calls() []call {
	unknown := field(strings.Repeat("0", 64))
	return []call{
		{"/runtime.v1.RuntimeService/Version", field("0.1.0"), []string{ok}},
		{"/runtime.v1alpha2.RuntimeService/Version", field("0.1.0"), []string{ok, unimplemented}},
		{"/runtime.v1.RuntimeService/Status", nil, []string{ok}},
		{"/runtime.v1.RuntimeService/ListPodSandbox", nil, []string{ok}},
		{"/runtime.v1.RuntimeService/ListContainers", nil, []string{ok}},
		{"/runtime.v1.ImageService/ListImages", nil, []string{ok}},
		{"/runtime.v1.RuntimeService/PodSandboxStatus", unknown, []string{notFound}},
		{"/runtime.v1.RuntimeService/ContainerStatus", unknown, []string{notFound}},
		{"/runtime.v1.RuntimeService/StartContainer", unknown, []string{notFound}},
		{"/runtime.v1.RuntimeService/StopPodSandbox", unknown, []string{ok, notFound}},
		{"/runtime.v1.RuntimeService/ListThingsOfTomorrow", nil, []string{unimplemented}},
	}
}
