package tcp

import (
	"context"
	"sync"
	"time"

	"github.com/grafana/sobek"
)

// timers are the VU's pending ones, by their ids. k6's own clearTimeout() stops a goroutine with its last
// timer, and the script waits until that has been scheduled: 0.3 ms on a busy machine, after each answer.
type timers struct {
	lastID  int64
	pending map[int64]*alarm
}

// alarm is one timer. It keeps the iteration alive until it has fired, was cleared or the iteration is over,
// whichever comes first.
type alarm struct {
	mu      sync.Mutex
	hold    func(func() error) // nil once it was called
	timer   *time.Timer
	unwatch func() bool
}

// setTimer(handler, ms) calls the handler once; it is the setTimeout of k6, for sockets, and gives an id.
func (m *module) setTimer(call sobek.FunctionCall) sobek.Value {
	if m.vu.State() == nil {
		m.must(errTimersInInit)
	}
	rt := m.vu.Runtime()
	handler, ok := sobek.AssertFunction(call.Argument(0))
	if !ok {
		panic(rt.NewTypeError("handler of a timer is %v, a function is expected", call.Argument(0)))
	}
	m.timers.lastID++
	id := m.timers.lastID
	a := &alarm{hold: m.vu.RegisterCallback()}
	if m.timers.pending == nil {
		m.timers.pending = make(map[int64]*alarm)
	}
	m.timers.pending[id] = a
	ctx := m.vu.Context()
	run := func() error {
		_, waits := m.timers.pending[id] // it may have been cleared after it fired
		delete(m.timers.pending, id)
		if !waits || ctx.Err() != nil {
			return nil
		}
		_, err := handler(sobek.Undefined())
		return err
	}
	a.mu.Lock() // it may fire before its fields are set
	defer a.mu.Unlock()
	a.timer = time.AfterFunc(delayOf(call.Argument(1)), func() { a.end(run) })
	a.unwatch = context.AfterFunc(ctx, func() { a.end(func() error { return m.forget(id) }) })
	return rt.ToValue(id)
}

// clearTimer(id) lets the handler of a timer never be called. An id that is not pending is no error.
func (m *module) clearTimer(call sobek.FunctionCall) sobek.Value {
	id := call.Argument(0).ToInteger()
	if a := m.timers.pending[id]; a != nil {
		delete(m.timers.pending, id)
		a.end(func() error { return nil })
	}
	return sobek.Undefined()
}

func (m *module) forget(id int64) error {
	delete(m.timers.pending, id)
	return nil
}

// end hands the last function of a timer to the event loop, the first time it is called.
func (a *alarm) end(last func() error) {
	a.mu.Lock()
	hold := a.hold
	a.hold = nil
	a.mu.Unlock()
	if hold == nil {
		return
	}
	a.timer.Stop()
	a.unwatch()
	hold(last)
}

// delayOf bounds what a script asks for: a time.Duration holds 292 years.
func delayOf(ms sobek.Value) time.Duration {
	const most = 1e12
	if value := ms.ToFloat(); value > 0 {
		return time.Duration(min(value, most) * float64(time.Millisecond))
	}
	return 0 // NaN, too
}
