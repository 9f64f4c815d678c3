package main

import "fmt"

// rawCodec hands messages through as bytes, so that no generated CRI code is needed.
//
// It has String and not Name on purpose: with a name, gRPC says `application/grpc+name` where a kubelet says `application/grpc`.
type rawCodec struct{}

func (rawCodec) Marshal(value interface{}) ([]byte, error) {
	message, ok := value.([]byte)
	if !ok {
		return nil, fmt.Errorf("not bytes: %T", value)
	}
	return message, nil
}

func (rawCodec) Unmarshal(message []byte, value interface{}) error {
	// The buffer belongs to gRPC after the return.
	*value.(*[]byte) = append([]byte(nil), message...)
	return nil
}

func (rawCodec) String() string { return "raw" }
