package tcp

import (
	"errors"
	"fmt"
)

var (
	errDestroyed    = errors.New("socket is destroyed")
	errConnected    = errors.New("socket is already connected or connecting")
	errNoConnection = errors.New("no active connection")
	errNoTLSConfig  = errors.New("TLS asked for, but k6 has no TLS configuration here")
	errInitContext  = errors.New("sockets cannot connect in the init context")
	errNoClock      = errors.New("the run's clock is not known here")
	errTimersInInit = errors.New("timers cannot be set in the init context")
)

// TCPError is what a script sees of a failure: {name, method, message}. As text it names both.
type TCPError struct {
	Name    string
	Method  string
	Message string
}

func newTCPError(method string, err error) *TCPError {
	return &TCPError{Name: "TCPError", Method: method, Message: err.Error()}
}

func (e *TCPError) Error() string {
	return fmt.Sprintf("TCP error during %s: %s", e.Method, e.Message)
}
