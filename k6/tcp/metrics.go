package tcp

import (
	"context"
	"strconv"
	"time"

	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

// socketMetrics carry the official module's names. `tcp_reads` is counted by the module and given as
// one sample when a socket closes: one sample per read would cost more than the read.
type socketMetrics struct {
	connecting, resolving, duration                           *metrics.Metric
	sockets, reads, writes, partialWrites, timeouts, failures *metrics.Metric
}

func registerMetrics(registry *metrics.Registry) *socketMetrics {
	return &socketMetrics{
		connecting:    registry.MustNewMetric("tcp_socket_connecting", metrics.Trend, metrics.Time),
		resolving:     registry.MustNewMetric("tcp_socket_resolving", metrics.Trend, metrics.Time),
		duration:      registry.MustNewMetric("tcp_socket_duration", metrics.Trend, metrics.Time),
		sockets:       registry.MustNewMetric("tcp_sockets", metrics.Counter),
		reads:         registry.MustNewMetric("tcp_reads", metrics.Counter),
		writes:        registry.MustNewMetric("tcp_writes", metrics.Counter),
		partialWrites: registry.MustNewMetric("tcp_partial_writes", metrics.Counter),
		timeouts:      registry.MustNewMetric("tcp_timeouts", metrics.Counter),
		failures:      registry.MustNewMetric("tcp_errors", metrics.Counter),
	}
}

// scope is what a socket keeps of the iteration that connected it. It is taken on the main thread:
// the VU's own fields change under other goroutines when the next iteration begins.
type scope struct {
	ctx   context.Context
	state *lib.State
	clock runClock
}

// scopeOf is the iteration that the VU runs. Main thread only.
func scopeOf(vu modules.VU) scope {
	ctx := vu.Context()
	return scope{ctx: ctx, state: vu.State(), clock: runClock{lib.GetExecutionState(ctx)}}
}

// push must not be called with a socket's lock held: k6's sample channel may block.
func (c scope) push(metric *metrics.Metric, tags *metrics.TagSet, value float64) {
	metrics.PushIfNotDone(c.ctx, c.state.Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags},
		Time:       time.Now(),
		Value:      value,
	})
}

// pushReads counts a socket's reads, one sample for all of them.
func (c scope) pushReads(to *socketMetrics, tags *metrics.TagSet, reads int64) {
	if reads > 0 {
		c.push(to.reads, tags, float64(reads))
	}
}

// timed runs fn and gives its length in milliseconds to metric, whether fn failed or not.
func (c scope) timed(metric *metrics.Metric, tags *metrics.TagSet, fn func() error) error {
	start := time.Now()
	err := fn()
	c.push(metric, tags, metrics.D(time.Since(start)))
	return err
}

// tags are the VU's, the socket's and the connection's, later ones first.
func (c scope) tags(socket socketOptions, connect connectOptions) *metrics.TagSet {
	return c.state.Tags.GetCurrentValues().Tags.
		With("proto", "TCP").
		WithTagsFromMap(socket.tags).
		WithTagsFromMap(connect.tags).
		With("host", connect.host).
		With("port", strconv.Itoa(connect.port))
}
