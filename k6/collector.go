package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
)

// The engines of the VUs stay, and what a request leaves is little beside them, so garbage is collected
// seldom: when it has reached three times what is live, but no more than garbageBytes. At 100 streams of
// 100 tokens/s that is 11 % less CPU per token than with Go's own 100 %. At 1,000 streams a share of 300 %
// would keep 3 GB of garbage.
const (
	mostPercent  = 300
	leastPercent = 33
	garbageBytes = 400 << 20
)

// limitShare of the memory of the machine or the container is what Go tries to stay within; the rest is
// for what it does not count, and for others.
const limitShare = 0.85

// tuneCollector sets Go's collector by what is live. GOGC and GOMEMLIMIT in the environment go before.
func tuneCollector(env func(string) string) {
	if bytes := memoryOf(os.ReadFile); bytes < math.MaxInt64 {
		// For scripts, which can then say when the VUs of their plan do not fit.
		_ = os.Setenv("K6_INFERENCE_MEMORY_BYTES", strconv.FormatInt(bytes, 10))
		if env("GOMEMLIMIT") == "" {
			debug.SetMemoryLimit(int64(float64(bytes) * limitShare))
		}
	}
	if env("GOGC") != "" {
		return
	}
	debug.SetGCPercent(mostPercent)
	now := mostPercent
	afterEachCollection(func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		// Setting it stops all VUs for a moment, so small changes are left.
		if next := percentFor(live[0].Value.Uint64()); next*10 > now*11 || next*10 < now*9 {
			debug.SetGCPercent(next)
			now = next
		}
	})
}

// afterEachCollection calls run after each collection. Once a second would be too late while VUs are made: what
// was allowed for a hundred of them would let a thousand take gigabytes.
func afterEachCollection(run func()) {
	type sentinel [64]byte // nothing holds it; anything smaller may share its memory with what is held
	runtime.SetFinalizer(new(sentinel), func(*sentinel) {
		run()
		afterEachCollection(run)
	})
}

// percentFor is how much garbage may gather, in percent of the bytes that are live.
func percentFor(live uint64) int {
	share := garbageBytes * 100 / (live + 1)
	return int(max(leastPercent, min(mostPercent, share)))
}

// memoryOf gives the bytes that this process may use: the least of what the machine and its control groups
// (v2, v1) allow; MaxInt64 where nothing tells.
func memoryOf(read func(string) ([]byte, error)) int64 {
	least := int64(math.MaxInt64)
	for _, file := range []string{
		"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
	} {
		if text, err := read(file); err == nil {
			if bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && bytes > 0 {
				least = min(least, bytes)
			}
		}
	}
	text, err := read("/proc/meminfo")
	if err != nil {
		return least
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "MemTotal:"); found {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err == nil {
				least = min(least, kib<<10)
			}
		}
	}
	return least
}
