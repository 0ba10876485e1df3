package tcp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestVUsShareTheirSums(t *testing.T) {
	name := t.TempDir() // of this run alone: the sums are the process's
	one, other := newRig(t), newRig(t)
	add := `Socket.addUp("` + name + `", 2.5)`
	one.run("%s", add)
	other.run("%s", add)
	other.run(`if (%s !== 7.5) throw new Error("not shared")`, add)
	one.run(`if (Socket.addUp("%s", 0) !== 7.5) throw new Error("not shared")`, name)
	one.run(`if (Socket.addUp("another %s", -1) !== -1) throw new Error("mixed up")`, name)
	assert.InDelta(t, 7.5, totals.byName[name], 0)
}
