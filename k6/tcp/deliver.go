package tcp

import (
	"slices"

	"github.com/grafana/sobek"
)

// scheduleLocked hands deliver to the event loop when something is due and no function of ours is
// queued there yet.
func (s *socket) scheduleLocked() {
	if s.hold == nil || !s.incoming.due(s.options.coalesce) {
		return
	}
	hold := s.hold
	s.hold = nil
	hold(s.deliver)
}

// deliver runs on the main thread and takes everything that has arrived: reads that pile up while a VU
// is busy cost only one turn of its event loop.
func (s *socket) deliver() (err error) {
	s.running = true
	s.mu.Lock()
	taken := s.incoming.take()
	silent := s.aborted
	s.space.Broadcast()
	s.mu.Unlock()
	defer s.rearm(taken.closing)
	if silent {
		return nil
	}
	err = s.emitBatch(taken)
	s.mu.Lock()
	s.incoming.giveBack(taken)
	s.mu.Unlock()
	return err
}

func (s *socket) emitBatch(taken batch) error {
	if err := s.emitData(taken); err != nil {
		return err
	}
	if taken.timedOut && !taken.closing && !s.dropped {
		if err := s.emit("timeout"); err != nil {
			return err
		}
	}
	if taken.failure != nil && !s.dropped {
		if s.handlers["error"] == nil {
			s.warn("%s", taken.failure)
		}
		if err := s.emitError(taken.failure, s.scope, s.tags); err != nil {
			return err
		}
	}
	if taken.closing {
		return s.emit("close")
	}
	return nil
}

// emitData calls the handler once, or once per read without coalescing.
func (s *socket) emitData(taken batch) error {
	if len(taken.data) == 0 || s.dropped || s.handlers["data"] == nil {
		return nil
	}
	if s.options.coalesce != nil {
		return s.emitReads(taken.data, taken.stamps)
	}
	for i, stamp := range taken.stamps {
		end := len(taken.data)
		if i+1 < len(taken.stamps) {
			end = taken.stamps[i+1].offset
		}
		if err := s.emitReads(taken.data[stamp.offset:end], taken.stamps[i:i+1]); err != nil || s.dropped {
			return err
		}
	}
	return nil
}

func (s *socket) emitReads(data []byte, stamps []readStamp) error {
	var value sobek.Value
	if s.options.byteStrings {
		value = byteString(data)
	} else {
		value = s.rt.ToValue(slices.Clone(data)) // the script's own, valid after its handler too
	}
	if !s.scope.clock.runs() {
		return s.emit("data", value)
	}
	s.handled = batch{data: data, stamps: stamps}
	defer func() { s.handled = batch{} }()
	return s.emit("data", value, stampArray(s.rt, stamps, stamps[0].offset))
}
