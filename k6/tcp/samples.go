package tcp

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

var errSamplesInInit = errors.New("samples cannot be added in the init context")

// kept is a sample that waits for pushSamples.
type kept struct {
	metric *metrics.Metric
	value  float64
	tags   sobek.Value
}

// addSample(name, value, tags) and pushSamples(labels) are together a script's
// `metric.add(value, {...labels, ...tags})` for each sample since the last push, all with one time and handed to k6
// in one piece. k6's own add() hands over each sample alone and wakes its collector each time. A sample is a call
// of its own because that takes a script less than a list of them does.
// A value that is not a number is left out with a warning, as in add() (with `throw` it is an error); where a tag
// is wrong, nothing is pushed.
func (m *module) addSample(call sobek.FunctionCall) sobek.Value {
	state := m.stateForSamples()
	metric, err := m.metricOf(call.Argument(0).String())
	m.must(err)
	tags := call.Argument(2)
	if _, ok := tags.(*sobek.Object); !ok && given(tags) {
		m.must(fmt.Errorf("%w: tags are %s, an object is expected", errInvalidType, tags))
	}
	number := call.Argument(1).ToFloat()
	if math.IsNaN(number) {
		err := fmt.Errorf("value of metric %q is %.100v, a number is expected", metric.Name, call.Argument(1))
		if state.Options.Throw.Bool {
			m.must(err)
		}
		state.Logger.Warn(err)
		return sobek.Undefined()
	}
	if ctx := m.vu.Context(); ctx != m.keptIn { // an iteration was cut off between add and push
		m.keptIn, m.kept = ctx, m.kept[:0]
	}
	m.kept = append(m.kept, kept{metric, number, tags})
	return sobek.Undefined()
}

func (m *module) pushSamples(call sobek.FunctionCall) sobek.Value {
	state := m.stateForSamples()
	waiting := m.kept
	m.kept = m.kept[:0]
	base := state.Tags.GetCurrentValues()
	m.must(common.ApplyCustomUserTags(m.vu.Runtime(), &base, call.Argument(0)))
	samples, err := m.samplesOf(waiting, base)
	clear(waiting) // the script's objects
	m.must(err)
	if len(samples) > 0 {
		metrics.PushIfNotDone(m.vu.Context(), state.Samples, samples)
	}
	return sobek.Undefined()
}

func (m *module) stateForSamples() *lib.State {
	state := m.vu.State()
	if state == nil {
		m.must(errSamplesInInit)
	}
	return state
}

func (m *module) samplesOf(waiting []kept, base metrics.TagsAndMeta) (metrics.Samples, error) {
	now := time.Now()
	samples := make(metrics.Samples, 0, len(waiting))
	// The samples of a request share a few objects of tags.
	known := make(map[*sobek.Object]metrics.TagsAndMeta, 4)
	for _, one := range waiting {
		tags, err := m.tagsOf(one.tags, base, known)
		if err != nil {
			return nil, err
		}
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: one.metric, Tags: tags.Tags},
			Time:       now, Metadata: tags.Metadata, Value: one.value,
		})
	}
	return samples, nil
}

// metricOf finds a metric that the script has made.
func (m *module) metricOf(name string) (*metrics.Metric, error) {
	if m.byName == nil {
		m.byName = make(map[string]*metrics.Metric)
		for _, metric := range m.registry.All() {
			m.byName[metric.Name] = metric
		}
	}
	if metric := m.byName[name]; metric != nil {
		return metric, nil
	}
	return nil, fmt.Errorf("there is no metric %q", name)
}

// tagsOf adds a sample's own tags to those that it shares with the others.
func (m *module) tagsOf(
	value sobek.Value, base metrics.TagsAndMeta, known map[*sobek.Object]metrics.TagsAndMeta,
) (metrics.TagsAndMeta, error) {
	object, ok := value.(*sobek.Object)
	if !ok { // none were given
		return base, nil
	}
	tags, seen := known[object]
	if seen {
		return tags, nil
	}
	tags = base.Clone()
	err := common.ApplyCustomUserTags(m.vu.Runtime(), &tags, object)
	known[object] = tags
	return tags, err
}
