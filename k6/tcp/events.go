package tcp

import (
	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/metrics"
)

// on(event, handler): one handler per event; a second one replaces the first.
func (s *socket) on(call sobek.FunctionCall) sobek.Value {
	event := call.Argument(0).String()
	handler, ok := sobek.AssertFunction(call.Argument(1))
	if !ok {
		panic(s.rt.NewTypeError("handler of %q is %v, a function is expected", event, call.Argument(1)))
	}
	switch event {
	case "connect", "data", "close", "error", "timeout":
	default:
		s.warn("Unknown event type %q, known: connect, data, close, error, timeout", event)
		return sobek.Undefined()
	}
	if s.handlers[event] != nil {
		s.warn("Handler of event %q replaced", event)
	}
	s.handlers[event] = handler
	return sobek.Undefined()
}

// emit runs on the main thread. An exception of the handler ends the iteration, as everywhere in k6.
func (s *socket) emit(event string, args ...sobek.Value) error {
	handler := s.handlers[event]
	if handler == nil {
		return nil
	}
	_, err := handler(sobek.Undefined(), args...)
	return err
}

// emitError counts a failure and tells the script. Main thread.
func (s *socket) emitError(failure *TCPError, scope scope, tags *metrics.TagSet) error {
	scope.push(s.module.metrics.failures, tags, 1)
	return s.emit("error", s.rt.ToValue(failure))
}

func (s *socket) warn(format string, args ...any) {
	if state := s.vu.State(); state != nil {
		state.Logger.WithField("module", "tcp").Warnf(format, args...)
	} else if env := s.vu.InitEnv(); env != nil {
		env.Logger.WithField("module", "tcp").Warnf(format, args...)
	}
}
