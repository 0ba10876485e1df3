package lookalike

func (s *socket) enqueue(event func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.queue = append(s.queue, event)
	s.scheduleLocked()
}

// release ends the socket's hold on the iteration once everything queued has been delivered.
func (s *socket) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.scheduleLocked()
}

func (s *socket) scheduleLocked() {
	if s.hold != nil {
		hold := s.hold
		s.hold = nil
		hold(s.deliver)
	}
}

func (s *socket) deliver() error {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			if !s.over {
				s.hold = s.vu.RegisterCallback()
			}
			s.mu.Unlock()
			return nil
		}
		event := s.queue[0]
		s.queue = s.queue[1:]
		s.mu.Unlock()
		if err := event(); err != nil {
			s.abort()
			return err
		}
	}
}
