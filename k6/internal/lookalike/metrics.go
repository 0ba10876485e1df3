package lookalike

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"
)

// moduleMetrics are those of the official module, under its names: every output and summary meets them.
type moduleMetrics struct {
	connecting, resolving, duration *metrics.Metric
	sockets, reads, writes, errors  *metrics.Metric
}

func newMetrics(vu modules.VU) *moduleMetrics {
	registry := vu.InitEnv().Registry
	trend := func(name string) *metrics.Metric {
		return registry.MustNewMetric("tcp_"+name, metrics.Trend, metrics.Time)
	}
	counter := func(name string) *metrics.Metric {
		return registry.MustNewMetric("tcp_"+name, metrics.Counter)
	}
	// Registered and never counted here, as nothing of this project makes them.
	counter("timeouts")
	counter("partial_writes")
	return &moduleMetrics{
		connecting: trend("socket_connecting"), resolving: trend("socket_resolving"),
		duration: trend("socket_duration"), sockets: counter("sockets"), reads: counter("reads"),
		writes: counter("writes"), errors: counter("errors"),
	}
}

// push takes nil for tags, as the official module does where a read has failed.
func (s *socket) push(metric *metrics.Metric, value float64, tags *metrics.TagSet) {
	metrics.PushIfNotDone(s.ctx, s.vu.State().Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags}, Time: time.Now(), Value: value,
	})
}

func (s *socket) timed(metric *metrics.Metric, since time.Time) {
	s.push(metric, float64(time.Since(since).Milliseconds()), s.allTags())
}

func (s *socket) currentTags() *metrics.TagSet {
	return s.vu.State().Tags.GetCurrentValues().Tags
}

// allTags are the VU's, those the script gave the socket, and the address.
func (s *socket) allTags() *metrics.TagSet {
	tags := s.currentTags().With("proto", "TCP")
	for _, name := range slices.Sorted(maps.Keys(s.tags)) {
		tags = tags.With(name, s.tags[name])
	}
	return tags.With("host", s.host).With("port", strconv.Itoa(s.port))
}
