package tcp

import (
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
)

// runClock is the clock of `exec.instance.currentTestRunDuration`, read from the same counter, so
// that times taken here and in a script are comparable to the microsecond, pauses included.
type runClock struct{ execution *lib.ExecutionState }

// runs is false where k6 has no such clock (teardown).
func (c runClock) runs() bool { return c.execution != nil }

// now returns milliseconds since the start of the run, 0 without a clock.
func (c runClock) now() float64 {
	if c.execution == nil {
		return 0
	}
	return float64(c.execution.GetCurrentTestRunDuration()) / float64(time.Millisecond)
}

// now() is `exec.instance.currentTestRunDuration`, which k6 finds by reflection: ten times a request.
func (m *module) now(sobek.FunctionCall) sobek.Value {
	clock := runClock{lib.GetExecutionState(m.vu.Context())}
	if !clock.runs() {
		m.must(errNoClock)
	}
	return m.vu.Runtime().ToValue(clock.now())
}
