package tcp

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/grafana/sobek"
)

const (
	defaultHost = "localhost"
	// maxCoalesceDelay is far above any use and keeps a mistyped unit from looking like a dead server.
	maxCoalesceDelay = time.Minute
	untilAnswer      = "answer"
)

var errInvalidType = errors.New("invalid type")

type socketOptions struct {
	tags map[string]string
	// coalesce is nil when every read is a delivery of its own.
	coalesce *coalesceOptions
	// byteStrings: the data handler gets a string, one character (0-255) per byte.
	byteStrings bool
}

type coalesceOptions struct {
	maxDelay    time.Duration
	untilAnswer bool
}

type connectOptions struct {
	host string
	port int
	tls  bool
	tags map[string]string
}

func given(value sobek.Value) bool {
	return value != nil && !sobek.IsUndefined(value) && !sobek.IsNull(value)
}

func parseSocketOptions(rt *sobek.Runtime, value sobek.Value) (socketOptions, error) {
	options := socketOptions{}
	if !given(value) {
		return options, nil
	}
	object, ok := value.(*sobek.Object)
	if !ok {
		return options, fmt.Errorf("%w: Socket options are %s, an object is expected", errInvalidType, value)
	}
	var err error
	if options.tags, err = parseTags(rt, object.Get("tags")); err != nil {
		return options, err
	}
	if encoding := object.Get("encoding"); given(encoding) {
		if options.byteStrings = encoding.String() == "latin1"; !options.byteStrings {
			return options, fmt.Errorf("encoding is %q, accepted: 'latin1', or none for bytes", encoding)
		}
	}
	if coalesce := object.Get("coalesce"); given(coalesce) {
		options.coalesce, err = parseCoalesce(rt, coalesce)
	}
	return options, err
}

func parseCoalesce(rt *sobek.Runtime, value sobek.Value) (*coalesceOptions, error) {
	object, ok := value.(*sobek.Object)
	if !ok {
		return nil, fmt.Errorf("%w: coalesce is %s, {maxDelayMs, until} is expected", errInvalidType, value)
	}
	delay := math.NaN()
	if given(object.Get("maxDelayMs")) {
		delay = object.Get("maxDelayMs").ToFloat()
	}
	limit := float64(maxCoalesceDelay.Milliseconds())
	if !(delay > 0 && delay <= limit) {
		return nil, fmt.Errorf("coalesce.maxDelayMs is %v, accepted: more than 0, at most %v (milliseconds)",
			object.Get("maxDelayMs"), limit)
	}
	coalesce := &coalesceOptions{maxDelay: time.Duration(delay * float64(time.Millisecond))}
	if until := object.Get("until"); given(until) {
		if coalesce.untilAnswer = until.String() == untilAnswer; !coalesce.untilAnswer {
			return nil, fmt.Errorf("coalesce.until is %q, accepted: %q, or none", until, untilAnswer)
		}
	}
	return coalesce, nil
}

func parseTags(rt *sobek.Runtime, value sobek.Value) (map[string]string, error) {
	if !given(value) {
		return nil, nil
	}
	var tags map[string]string
	if err := rt.ExportTo(value, &tags); err != nil {
		return nil, fmt.Errorf("%w: tags: %w", errInvalidType, err)
	}
	return tags, nil
}

// parseConnect reads connect(port, host) and connect({port, host, tls, tags}).
func parseConnect(rt *sobek.Runtime, first, second sobek.Value) (connectOptions, error) {
	options := connectOptions{host: defaultHost}
	port := first
	object, isObject := first.(*sobek.Object)
	if isObject {
		port, second = object.Get("port"), object.Get("host")
		if value := object.Get("tls"); value != nil {
			options.tls = value.ToBoolean()
		}
		var err error
		if options.tags, err = parseTags(rt, object.Get("tags")); err != nil {
			return options, err
		}
	}
	if given(second) && second.String() != "" {
		options.host = second.String()
	}
	var kind reflect.Kind
	if given(port) {
		kind = port.ExportType().Kind()
	}
	if !slices.Contains([]reflect.Kind{reflect.Int64, reflect.Float64, reflect.String}, kind) {
		return options, fmt.Errorf("%w: port is %v, expected integer or object", errInvalidType, port)
	}
	number := port.ToFloat()
	if number != math.Trunc(number) || number < 0 || number > 65535 {
		return options, fmt.Errorf("port is %v, accepted: 1 to 65535", port)
	}
	options.port = int(number)
	return options, nil
}

// parseWrite reads the arguments of write(data, {encoding, tags}) into bytes of its own.
func parseWrite(rt *sobek.Runtime, data, value sobek.Value) ([]byte, map[string]string, error) {
	encoding := ""
	var tags map[string]string
	if object, ok := value.(*sobek.Object); ok {
		if given(object.Get("encoding")) {
			encoding = object.Get("encoding").String()
		}
		var err error
		if tags, err = parseTags(rt, object.Get("tags")); err != nil {
			return nil, nil, err
		}
	}
	switch content := data.Export().(type) {
	case string:
		bytes, err := decode(content, encoding)
		return bytes, tags, err
	case []byte:
		return slices.Clone(content), tags, nil
	case sobek.ArrayBuffer:
		return slices.Clone(content.Bytes()), tags, nil
	default:
		return nil, tags, fmt.Errorf("%w: data is %v, String or ArrayBuffer expected", errInvalidType, data)
	}
}

func decode(text, encoding string) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "", "utf8", "utf-8", "ascii":
		return []byte(text), nil
	case "base64":
		return base64.StdEncoding.DecodeString(text)
	case "base64url":
		return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	case "hex":
		return hex.DecodeString(text)
	default:
		return nil, fmt.Errorf("unsupported encoding %q, accepted: utf8, ascii, base64, base64url, hex", encoding)
	}
}
