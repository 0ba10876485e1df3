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

// itemsPerSample: a sample is given as name, value, tags.
const itemsPerSample = 3

var (
	errSamplesInInit = errors.New("samples cannot be added in the init context")
	errNoSampleList  = fmt.Errorf("%w: name, value, tags, … are expected", errInvalidType)
)

// addSamples(labels, name, value, tags, name, value, tags, …) is a script's
// `metric.add(value, {...labels, ...tags})` for each sample, all with one time and handed to k6 in one call.
// k6's own add() hands over each sample alone and wakes its collector each time. Samples are arguments
// because sobek hands those over as they are (`apply`), where each look-up in a list takes a string.
// A value that is not a number is left out with a warning, as in add() (with `throw` it is an error); any
// other mistake adds nothing.
func (m *module) addSamples(call sobek.FunctionCall) sobek.Value {
	state := m.vu.State()
	if state == nil {
		m.must(errSamplesInInit)
	}
	base := state.Tags.GetCurrentValues()
	m.must(common.ApplyCustomUserTags(m.vu.Runtime(), &base, call.Argument(0)))
	samples, err := m.samplesOf(call.Arguments[min(1, len(call.Arguments)):], base, state)
	m.must(err)
	if len(samples) > 0 {
		metrics.PushIfNotDone(m.vu.Context(), state.Samples, samples)
	}
	return sobek.Undefined()
}

func (m *module) samplesOf(
	items []sobek.Value, base metrics.TagsAndMeta, state *lib.State,
) (metrics.Samples, error) {
	if len(items)%itemsPerSample != 0 {
		return nil, errNoSampleList
	}
	item := func(i int) sobek.Value {
		if items[i] == nil { // a hole in the array that was applied
			return sobek.Undefined()
		}
		return items[i]
	}
	now := time.Now()
	samples := make(metrics.Samples, 0, len(items)/itemsPerSample)
	// The samples of a request share a few objects of tags.
	known := make(map[*sobek.Object]metrics.TagsAndMeta, 4)
	for i := 0; i < len(items); i += itemsPerSample {
		metric, err := m.metricOf(item(i).String())
		if err != nil {
			return nil, err
		}
		number := item(i + 1).ToFloat()
		if math.IsNaN(number) {
			err := fmt.Errorf("value of metric %q is %.100v, a number is expected", metric.Name, item(i+1))
			if state.Options.Throw.Bool {
				return nil, err
			}
			state.Logger.Warn(err)
			continue
		}
		tags, err := m.tagsOf(item(i+2), base, known)
		if err != nil {
			return nil, err
		}
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags.Tags},
			Time:       now, Metadata: tags.Metadata, Value: number,
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

// tagsOf adds a sample's own tags to those that it shares with the others in its list.
func (m *module) tagsOf(
	value sobek.Value, base metrics.TagsAndMeta, known map[*sobek.Object]metrics.TagsAndMeta,
) (metrics.TagsAndMeta, error) {
	if !given(value) {
		return base, nil
	}
	object, ok := value.(*sobek.Object)
	if !ok {
		return base, fmt.Errorf("%w: tags are %s, an object is expected", errInvalidType, value)
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
