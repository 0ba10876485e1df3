package tcp

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATimerKeepsTheIterationUntilItFires(t *testing.T) {
	r := newRig(t)
	began := time.Now()
	log := r.run(`
		Socket.setTimer(() => log('late'), 30);
		Socket.setTimer(() => log('soon'), -1);
	`)
	assert.Equal(t, []string{"soon", "late"}, log)
	assert.GreaterOrEqual(t, time.Since(began), 30*time.Millisecond)
	assert.Empty(t, r.module.timers.pending)
}

func TestAClearedTimerIsNotWaitedFor(t *testing.T) {
	r := newRig(t)
	log := r.run(`
		const hour = Socket.setTimer(() => log('fired'), 3600e3);
		Socket.clearTimer(hour);
		Socket.clearTimer(hour);
		Socket.clearTimer(undefined);
		const never = Socket.setTimer(() => log('fired'), NaN);
		// It has fired before the script comes to clear it.
		for (const until = Date.now() + 20; Date.now() < until;);
		Socket.clearTimer(never);
		const own = Socket.setTimer(() => { Socket.clearTimer(own); log('own') }, 1);
	`)
	assert.Equal(t, []string{"own"}, log)
	assert.Empty(t, r.module.timers.pending)
}

func TestATimerEndsWithItsIteration(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.runtime.VU.Runtime().Set("cut", func() { go r.cancel() }))
	require.NoError(t, r.iteration(`Socket.setTimer(() => log('fired'), 3600e3); cut()`))
	assert.Empty(t, r.log)
	assert.Empty(t, r.module.timers.pending)
	assert.Equal(t, []string{"next"}, r.next(`Socket.setTimer(() => log('next'), 0)`))
}

func TestAnExceptionInATimerEndsTheIteration(t *testing.T) {
	r := newRig(t)
	require.ErrorContains(t, r.iteration(`
		Socket.setTimer(() => log('fired'), 3600e3);
		Socket.setTimer(() => { throw new Error('on purpose') }, 1);
	`), "on purpose")
	assert.Empty(t, r.log)
	assert.Empty(t, r.module.timers.pending)
}

func TestATimerNeedsAFunctionAndAVU(t *testing.T) {
	r := newRig(t)
	require.ErrorContains(t, r.iteration(`Socket.setTimer(1, 1)`), "a function is expected")
	r.runtime.VU.StateField = nil
	_, err := r.runtime.VU.Runtime().RunString(`Socket.setTimer(() => {}, 1)`)
	require.ErrorContains(t, err, "init context")
}

func TestTheClockIsThatOfTheRun(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.iteration(`const before = now(), at = Socket.now(); if (!(before <= at && at <= now())) throw new Error(at)`))
	r.runtime.VU.CtxField = context.Background()
	_, err := r.runtime.VU.Runtime().RunString(`Socket.now()`)
	require.ErrorContains(t, err, "clock is not known")
}
