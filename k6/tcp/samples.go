package tcp

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/metrics"
)

// itemsASample: a list of samples is [name, value, tags, name, value, tags, …].
const itemsASample = 3

// addSamples(labels, list) is a script's `metric.add(value, {...labels, ...tags})` for each sample of
// the list, all at one moment and handed to k6 in one piece. k6's own add() hands over each by itself,
// and its collector, which takes them as they come, is woken for each.
func (m *module) addSamples(call sobek.FunctionCall) sobek.Value {
	state := m.vu.State()
	if state == nil {
		m.must(errInitContext)
	}
	rt := m.vu.Runtime()
	base := state.Tags.GetCurrentValues()
	m.must(common.ApplyCustomUserTags(rt, &base, call.Argument(0)))
	list := call.Argument(1).ToObject(rt)
	items := int(list.Get("length").ToInteger())
	item := func(i int) sobek.Value { return list.Get(strconv.Itoa(i)) }
	now := time.Now()
	samples := make(metrics.Samples, 0, items/itemsASample)
	// The samples of a request share a few objects of tags.
	tagged := make(map[sobek.Value]metrics.TagsAndMeta, 4)
	for i := 0; i+itemsASample <= items; i += itemsASample {
		metric, err := m.metricOf(item(i).String())
		m.must(err)
		value := item(i + 1).ToFloat()
		if math.IsNaN(value) {
			m.must(fmt.Errorf("value of metric %q is %v, a number is expected", metric.Name, item(i+1)))
		}
		tags, known := tagged[item(i+2)]
		if !known {
			tags = base.Clone()
			m.must(common.ApplyCustomUserTags(rt, &tags, item(i+2)))
			tagged[item(i+2)] = tags
		}
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags.Tags},
			Time:       now, Metadata: tags.Metadata, Value: value,
		})
	}
	if len(samples) > 0 {
		metrics.PushIfNotDone(m.vu.Context(), state.Samples, samples)
	}
	return sobek.Undefined()
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
