package tcp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"
)

func rigWithMetrics(t *testing.T) *rig {
	r := newRig(t)
	_, err := r.module.registry.NewMetric("llm_ttft", metrics.Trend, metrics.Time)
	require.NoError(t, err)
	_, err = r.module.registry.NewMetric("llm_requests", metrics.Counter)
	require.NoError(t, err)
	return r
}

func TestSamplesAreAddedInOnePiece(t *testing.T) {
	r := rigWithMetrics(t)
	r.state.Tags.Modify(func(tags *metrics.TagsAndMeta) {
		tags.SetTag("scenario", "load")
		tags.SetMetadata("trace", "t1")
	})
	r.run(`
		const usage = {tokens: 'usage', app: 'own'};
		const add = Socket.addSample;
		add('llm_ttft', 101.5, usage);
		add('llm_requests', 1, {outcome: 'completed', n: 3, ok: true});
		add('llm_ttft', 7, usage);
		add('llm_requests', 2);
		Socket.pushSamples({phase: 'spike', app: 'chat'});
		Socket.pushSamples({});
		add('llm_requests', 4, null);
		Socket.pushSamples();
	`)
	first, second := (<-r.samples).GetSamples(), (<-r.samples).GetSamples()
	assert.Empty(t, r.samples, "no samples are no piece")
	require.Len(t, first, 4)
	values, names, tags := []float64{}, []string{}, []map[string]string{}
	for _, sample := range first {
		values = append(values, sample.Value)
		names = append(names, sample.Metric.Name)
		tags = append(tags, sample.Tags.Map())
		assert.Equal(t, first[0].Time, sample.Time)
		assert.Equal(t, map[string]string{"trace": "t1"}, sample.Metadata)
	}
	assert.Equal(t, []float64{101.5, 1, 7, 2}, values)
	assert.Equal(t, []string{"llm_ttft", "llm_requests", "llm_ttft", "llm_requests"}, names)
	own := map[string]string{"scenario": "load", "phase": "spike", "app": "own", "tokens": "usage"}
	assert.Equal(t, []map[string]string{
		own,
		{"scenario": "load", "phase": "spike", "app": "chat", "outcome": "completed", "n": "3", "ok": "true"},
		own,
		{"scenario": "load", "phase": "spike", "app": "chat"},
	}, tags)
	assert.Equal(t, map[string]string{"scenario": "load"}, second[0].Tags.Map())
}

func TestSamplesThatCannotBeAdded(t *testing.T) {
	for script, message := range map[string]string{
		`Socket.addSample('no_such', 1, {})`:                                 `there is no metric "no_such"`,
		`Socket.addSample(undefined, 1, {})`:                                 `there is no metric "undefined"`,
		`Socket.addSample('llm_ttft', 1, 'tags')`:                            `tags are tags, an object is expected`,
		`Socket.addSample('llm_ttft', 1, {a: {}}); Socket.pushSamples({})`:   `invalid value for metric tag 'a'`,
		`Socket.addSample('llm_ttft', 1, {}); Socket.pushSamples({a: null})`: `invalid value for metric tag 'a'`,
	} {
		t.Run(script, func(t *testing.T) {
			r := rigWithMetrics(t)
			require.ErrorContains(t, r.iteration(script), message)
			assert.Empty(t, r.samples, "all or none")
			r.next(`Socket.pushSamples({})`)
			assert.Empty(t, r.samples, "and none later")
		})
	}
}

func TestAValueThatIsNoNumberIsLeftOut(t *testing.T) {
	const script = `
		Socket.addSample('llm_ttft', 'fast', {});
		Socket.addSample('llm_ttft');
		Socket.addSample('llm_requests', '3', {});
		Socket.pushSamples({})`
	r := rigWithMetrics(t)
	require.NoError(t, r.iteration(script))
	samples := (<-r.samples).GetSamples()
	require.Len(t, samples, 1)
	assert.InDelta(t, 3, samples[0].Value, 0)

	r = rigWithMetrics(t)
	r.state.Options.Throw = null.BoolFrom(true)
	require.ErrorContains(t, r.iteration(script), `value of metric "llm_ttft" is fast, a number is expected`)
	assert.Empty(t, r.samples)
}

func TestNoSamplesInTheInitContext(t *testing.T) {
	r := rigWithMetrics(t)
	r.runtime.VU.StateField = nil
	_, err := r.runtime.VU.Runtime().RunString(`Socket.addSample('llm_ttft', 1, {})`)
	require.ErrorContains(t, err, "init context")
}

func TestSamplesOfAnIterationThatWasCutOffAreDropped(t *testing.T) {
	r := rigWithMetrics(t)
	require.ErrorContains(t, r.iteration(`Socket.addSample('llm_ttft', 1); throw new Error('on purpose')`), "on purpose")
	r.next(`Socket.addSample('llm_requests', 2); Socket.pushSamples({phase: 'spike'})`)
	samples := (<-r.samples).GetSamples()
	require.Len(t, samples, 1)
	assert.Equal(t, "llm_requests", samples[0].Metric.Name)
}
