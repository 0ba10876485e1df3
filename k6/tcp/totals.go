package tcp

import (
	"sync"

	"github.com/grafana/sobek"
)

// totals are sums by name that all VUs of the process share.
var totals = struct {
	sync.Mutex
	byName map[string]float64
}{byName: map[string]float64{}}

// addUp(name, value) adds to a sum of the process and returns it. Each VU has a JavaScript engine of its
// own, and k6 gives scripts nothing that they share and can change.
func (m *module) addUp(call sobek.FunctionCall) sobek.Value {
	name, value := call.Argument(0).String(), call.Argument(1).ToFloat()
	totals.Lock()
	defer totals.Unlock()
	totals.byName[name] += value
	return m.vu.Runtime().ToValue(totals.byName[name])
}
