package main

import (
	"math"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestGarbageIsBoundedByWhatIsLive(t *testing.T) {
	for name, tc := range map[string]struct {
		live uint64
		want int
	}{
		"nothing yet":   {0, 300},
		"a few VUs":     {50 << 20, 300},
		"some hundreds": {200 << 20, 199},
		"a thousand":    {1000 << 20, 39},
		"far more":      {8 << 30, 33},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, percentFor(tc.live)) })
	}
}

func TestEachCollectionIsFollowed(t *testing.T) {
	calls := atomic.Int32{}
	afterEachCollection(func() { calls.Add(1) })
	for want := range int32(3) {
		assert.Eventually(t, func() bool {
			runtime.GC()
			return calls.Load() > want
		}, time.Minute, time.Millisecond)
	}
}

func TestMemoryIsTheLeastThatIsAllowed(t *testing.T) {
	const (
		v2, v1, machine = "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/proc/meminfo"
		total           = "MemTotal:       16384000 kB\nMemFree:          100 kB\n"
	)
	for name, tc := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"a container, v2":    {map[string]string{v2: "1073741824\n", machine: total}, 1 << 30},
		"a container, v1":    {map[string]string{v1: "1073741824\n", machine: total}, 1 << 30},
		"no limit, v2":       {map[string]string{v2: "max\n", machine: total}, 16384000 << 10},
		"no limit, v1":       {map[string]string{v1: "9223372036854771712\n", machine: total}, 16384000 << 10},
		"no control groups":  {map[string]string{machine: total}, 16384000 << 10},
		"not Linux":          {nil, math.MaxInt64},
		"something else":     {map[string]string{v2: "0", machine: "MemTotal: much\n"}, math.MaxInt64},
		"more than there is": {map[string]string{v2: "99999999999999\n", machine: total}, 16384000 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			read := func(file string) ([]byte, error) {
				if text, found := tc.files[file]; found {
					return []byte(text), nil
				}
				return nil, os.ErrNotExist
			}
			assert.Equal(t, tc.want, memoryOf(read))
		})
	}
}
