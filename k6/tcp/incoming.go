package tcp

import (
	"time"

	"go.k6.io/k6/v2/metrics"
)

const (
	// maxPendingBytes and maxPendingReads bound what a socket holds for a VU that is busy; beyond them
	// it stops reading, and the peer is slowed down by TCP.
	maxPendingBytes = 64 << 10
	maxPendingReads = 16 << 10
	// keepBytes is the largest buffer kept for the next delivery: half a second of 100 tokens/s. A late VU
	// leaves larger ones, which would stay with a thousand sockets.
	keepBytes = 16 << 10
)

// batch is what one delivery takes.
type batch struct {
	data     []byte
	stamps   []readStamp
	timedOut bool
	failure  *TCPError
	closing  bool
}

// incoming is what waits for the main thread. All of it is guarded by the socket's lock.
type incoming struct {
	batch
	spare   batch // the buffers of the delivery before, for reuse
	flush   bool  // deliver without waiting: the delay is over, or an answer is whole
	answers answers
	timer   *time.Timer
}

func (in *incoming) full() bool {
	return len(in.data) >= maxPendingBytes || len(in.stamps) >= maxPendingReads
}

// due tells whether a delivery is called for now.
func (in *incoming) due(coalesce *coalesceOptions) bool {
	if in.closing || in.timedOut {
		return true
	}
	return len(in.data) > 0 && (coalesce == nil || in.flush || in.full())
}

// waiting tells whether anything is still to be delivered.
func (in *incoming) waiting() bool {
	return len(in.data) > 0 || in.closing || in.timedOut || in.failure != nil
}

// waited reports whether the last read came in the last tenth of the wait for more. Everything is then
// delivered with that read. A server writes the tokens of a batch at once, so reads come in bursts, and
// waking the VU within a burst costs less than waking the process later for a timer (7 % of the CPU of
// 100 streams on two cores).
func (in *incoming) waited(maxDelay time.Duration) bool {
	waitedMs := in.stamps[len(in.stamps)-1].atMs - in.stamps[0].atMs
	return waitedMs >= 0.9*metrics.D(maxDelay)
}

func (in *incoming) add(data []byte, atMs float64) {
	in.stamps = append(in.stamps, readStamp{len(in.data), atMs})
	in.data = append(in.data, data...)
	in.timedOut = false // the silence that was to be reported is over
}

func (in *incoming) take() batch {
	taken := in.batch
	in.batch = batch{data: in.spare.data[:0], stamps: in.spare.stamps[:0]}
	in.spare = batch{}
	in.flush = false
	in.stopTimer()
	return taken
}

// giveBack returns the buffers of a batch that was delivered.
func (in *incoming) giveBack(taken batch) {
	if cap(taken.data) <= keepBytes && cap(taken.stamps) <= keepBytes/16 {
		in.spare = batch{data: taken.data, stamps: taken.stamps}
	}
}

func (in *incoming) stopTimer() {
	if in.timer != nil {
		in.timer.Stop()
	}
}

func (in *incoming) free() {
	in.stopTimer()
	in.batch, in.spare, in.answers = batch{}, batch{}, answers{}
}
