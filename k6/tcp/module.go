// Package tcp is the JavaScript module k6/x/tcp: TCP and TLS sockets with the documented API of
// k6's official extension of that name, and additions for measuring streams, such as the arrival time
// of each read. README.md describes them.
package tcp

import (
	"context"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"
)

// ImportPath is the name under which a script imports the module.
const ImportPath = "k6/x/tcp"

func init() {
	modules.Register(ImportPath, New())
}

// New returns the module for k6's registry.
func New() modules.Module { return rootModule{} }

type rootModule struct{}

// NewModuleInstance is called by k6 once per VU.
func (rootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	registry := vu.InitEnv().Registry
	return &module{vu: vu, registry: registry, metrics: registerMetrics(registry), self: sobek.NewSymbol("socket")}
}

type module struct {
	vu       modules.VU
	registry *metrics.Registry
	metrics  *socketMetrics
	exports  modules.Exports
	// byName holds the script's metrics from the first addSample on.
	byName map[string]*metrics.Metric
	kept   []kept          // added and not pushed yet
	keptIn context.Context // of the iteration that added them
	timers timers
	// self is the property through which the accessors of the prototype find the Go socket.
	self *sobek.Symbol
}

// Exports is called by k6 each time that a script reads an import, so what it gives is kept.
func (m *module) Exports() modules.Exports {
	if m.exports.Named == nil {
		m.exports.Named = map[string]any{"Socket": m.class()}
	}
	return m.exports
}

// class builds the constructor. Properties are accessors of the prototype; methods are the object's
// own, bound to it, because `setTimeout(socket.destroy, 100)` works with the official module.
func (m *module) class() *sobek.Object {
	rt := m.vu.Runtime()
	class := rt.ToValue(m.construct).ToObject(rt)
	proto := class.Get("prototype").ToObject(rt)
	for name, get := range map[string]func(*socket) any{
		"ready_state":   func(s *socket) any { return string(s.readyState()) },
		"connected":     func(s *socket) any { return s.readyState() == stateOpen },
		"bytes_read":    func(s *socket) any { return s.bytesRead.Load() },
		"bytes_written": func(s *socket) any { return s.bytesWritten.Load() },
		"local_ip":      func(s *socket) any { return s.endpoint().localIP },
		"local_port":    func(s *socket) any { return s.endpoint().localPort },
		"remote_ip":     func(s *socket) any { return s.endpoint().remoteIP },
		"remote_port":   func(s *socket) any { return s.endpoint().remotePort },
	} {
		getter := rt.ToValue(func(call sobek.FunctionCall) sobek.Value {
			return rt.ToValue(get(m.socketOf(call.This)))
		})
		m.must(proto.DefineAccessorProperty(name, getter, nil, sobek.FLAG_FALSE, sobek.FLAG_TRUE))
	}
	// Tells a script, before any socket is open, that its reads will carry times.
	m.must(class.DefineDataProperty("arrivalTimes", rt.ToValue(true),
		sobek.FLAG_FALSE, sobek.FLAG_FALSE, sobek.FLAG_TRUE))
	for name, function := range map[string]func(sobek.FunctionCall) sobek.Value{
		"addSample": m.addSample, "pushSamples": m.pushSamples, "addUp": m.addUp,
		"setTimer": m.setTimer, "clearTimer": m.clearTimer, "now": m.now,
	} {
		m.must(class.DefineDataProperty(name, rt.ToValue(function),
			sobek.FLAG_FALSE, sobek.FLAG_FALSE, sobek.FLAG_TRUE))
	}
	return class
}

// handle hides the socket's Go methods from scripts.
type handle struct{ socket *socket }

func (m *module) construct(call sobek.ConstructorCall) *sobek.Object {
	rt := m.vu.Runtime()
	options, err := parseSocketOptions(rt, call.Argument(0))
	m.must(err)
	s := newSocket(m, call.This, options)
	m.must(s.this.DefineDataPropertySymbol(m.self, rt.ToValue(&handle{s}),
		sobek.FLAG_FALSE, sobek.FLAG_FALSE, sobek.FLAG_FALSE))
	for name, method := range map[string]func(sobek.FunctionCall) sobek.Value{
		"on": s.on, "connect": s.connect, "write": s.write, "setTimeout": s.setTimeout, "destroy": s.destroy,
		"detach": s.detach, "attach": s.attach, "repeats": s.repeats,
	} {
		m.must(s.this.Set(name, method))
	}
	return nil // the object under construction
}

func (m *module) socketOf(this sobek.Value) *socket {
	if object, ok := this.(*sobek.Object); ok {
		if value := object.GetSymbol(m.self); value != nil {
			if h, ok := value.Export().(*handle); ok {
				return h.socket
			}
		}
	}
	panic(m.vu.Runtime().NewTypeError("not a k6/x/tcp Socket"))
}

func (m *module) must(err error) {
	if err != nil {
		common.Throw(m.vu.Runtime(), err)
	}
}
