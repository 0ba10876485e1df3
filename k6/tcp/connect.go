package tcp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

// connect(port, host) or connect({port, host, tls, tags}): a promise, resolved when the connection
// (with TLS: the handshake) stands, after the 'connect' event.
func (s *socket) connect(call sobek.FunctionCall) sobek.Value {
	if s.vu.State() == nil {
		s.module.must(errInitContext)
	}
	options, err := parseConnect(s.rt, call.Argument(0), call.Argument(1))
	current := scopeOf(s.vu)
	tags := current.tags(s.options, options)
	promise, resolve, reject := s.rt.NewPromise()
	callback := s.vu.RegisterCallback()

	if err == nil {
		err = s.startConnecting(current, options, tags)
	}
	if err != nil {
		callback(func() error { return s.failConnect(err, current, tags, reject) })
		return s.rt.ToValue(promise)
	}

	dialCtx, cancel := context.WithCancel(current.ctx)
	s.mu.Lock()
	s.cancelDial = cancel
	s.mu.Unlock()
	go func() {
		defer cancel()
		conn, ends, handshake, err := s.open(dialCtx, options, current, tags)
		if err == nil {
			err = s.opened(conn, ends)
		}
		if err != nil {
			callback(func() error { return s.connectFailed(err, current, tags, reject) })
			return
		}
		callback(func() error { return s.connected(handshake, resolve, reject) })
	}()
	return s.rt.ToValue(promise)
}

func (s *socket) startConnecting(current scope, options connectOptions, tags *metrics.TagSet) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.state {
	case stateDestroyed:
		return errDestroyed
	case stateOpening, stateOpen:
		return errConnected
	default:
		s.state, s.scope, s.target, s.tags = stateOpening, current, options, tags
		return nil
	}
}

// open resolves, dials and shakes hands, which takes so many ms (a float64); with no TLS that is nil.
func (s *socket) open(
	ctx context.Context, options connectOptions, current scope, tags *metrics.TagSet,
) (conn net.Conn, ends endpoint, handshake any, err error) {
	address := net.JoinHostPort(options.host, strconv.Itoa(options.port))
	err = current.timed(s.module.metrics.resolving, tags, func() (err error) {
		address, err = resolve(ctx, current.state.GetAddrResolver(), address)
		return err
	})
	if err != nil {
		return nil, endpoint{}, nil, err
	}
	err = current.timed(s.module.metrics.connecting, tags, func() (err error) {
		if conn, err = current.state.Dialer.DialContext(ctx, "tcp", address); err == nil && options.tls {
			began := time.Now()
			conn, err = shakeHands(ctx, conn, current.state.TLSConfig, options.host)
			handshake = metrics.D(time.Since(began))
		}
		return err
	})
	if err != nil {
		return nil, endpoint{}, nil, err
	}
	current.push(s.module.metrics.sockets, tags, 1)
	ends.localIP, ends.localPort = splitAddr(conn.LocalAddr())
	ends.remoteIP, ends.remotePort = splitAddr(conn.RemoteAddr())
	return conn, ends, handshake, nil
}

// resolve asks k6's resolver (its `dns`, `hosts` and block lists). A look-up cannot be cancelled, so
// one that the script gave up on still runs to its end.
func resolve(ctx context.Context, resolver lib.AddrResolver, address string) (string, error) {
	if resolver == nil {
		return address, nil
	}
	type answer struct {
		ip   net.IP
		port int
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		ip, port, err := resolver.ResolveAddr(address)
		answers <- answer{ip, port, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-answers:
		if a.err != nil {
			return "", a.err
		}
		// The port too: an entry of `hosts` may name one.
		return net.JoinHostPort(a.ip.String(), strconv.Itoa(a.port)), nil
	}
}

func shakeHands(ctx context.Context, conn net.Conn, shared *tls.Config, host string) (net.Conn, error) {
	if shared == nil {
		_ = conn.Close()
		return nil, errNoTLSConfig
	}
	config := shared.Clone()
	if config.ServerName == "" {
		config.ServerName = host
	}
	// What a script speaks over a raw socket is not HTTP/2's binary frames.
	config.NextProtos = []string{"http/1.1"}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("TLS handshake failed: %w", err)
	}
	return secure, nil
}

func splitAddr(addr net.Addr) (ip, port any) {
	if tcpAddr, ok := addr.(*net.TCPAddr); ok {
		return tcpAddr.IP.String(), tcpAddr.Port
	}
	return sobek.Undefined(), sobek.Undefined()
}

// opened takes the connection over and starts to read, unless destroy() or the iteration's end came first.
func (s *socket) opened(conn net.Conn, ends endpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != stateOpening {
		closeConn(conn)
		return errDestroyed
	}
	s.conn, s.ends, s.state, s.openedAt = conn, ends, stateOpen, time.Now()
	if ip, ok := ends.remoteIP.(string); ok {
		s.ip, s.tags = ip, s.tags.With("ip", ip)
	}
	s.setDeadlineLocked()
	s.unwatch = context.AfterFunc(s.scope.ctx, s.abort)
	go s.readLoop(conn, s.scope.clock)
	return nil
}

func (s *socket) connected(handshake any, resolve, reject func(any) error) error {
	s.running = true
	defer s.rearm(false)
	if s.dropped || s.scope.ctx.Err() != nil {
		return reject(s.rt.ToValue(newTCPError("connect", errDestroyed)))
	}
	failure := s.emit("connect")
	if handshake == nil {
		handshake = sobek.Undefined()
	}
	return firstError(failure, resolve(handshake))
}

// connectFailed leaves a socket that may try again, or one whose 'close' is still to be delivered.
func (s *socket) connectFailed(err error, current scope, tags *metrics.TagSet, reject func(any) error) error {
	s.mu.Lock()
	s.aborted = current.ctx.Err() != nil // with the iteration over, the script is told nothing
	destroyed := s.state == stateDestroyed || s.aborted
	s.state = stateDisconnected
	if destroyed {
		s.state = stateDestroyed
	}
	s.cancelDial = nil
	s.mu.Unlock()
	if !destroyed {
		return s.failConnect(err, current, tags, reject)
	}
	s.running = true
	defer s.rearm(false)
	return reject(s.rt.ToValue(newTCPError("connect", errDestroyed)))
}

func (s *socket) failConnect(err error, current scope, tags *metrics.TagSet, reject func(any) error) error {
	failure := newTCPError("connect", err)
	thrown := s.emitError(failure, current, tags)
	return firstError(thrown, reject(s.rt.ToValue(failure)))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
