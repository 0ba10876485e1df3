import Papa from 'papaparse'

/** Records with quotes are handed to papaparse this many at a time: a call costs more than a record. */
const BATCH = 256
/** A quoted field may hold line breaks; one that runs on for longer is a quote never closed. */
const MAX_RECORD_CHARS = 16 * 1024 * 1024

/**
 * Records of a CSV file from its lines. Lines without a quote are split at the delimiter, 1.7 us a
 * line in k6 where papaparse takes 8 (measured); what has quotes is parsed by papaparse.
 * @param onRecord fields of a record and the number of its first line
 * @param onBadQuotes number of the first line of a record whose quotes do not match
 */
export function csvRecords(
  delimiter: string,
  onRecord: (fields: string[], line: number) => void,
  onBadQuotes: (line: number) => void,
) {
  let open = ''
  let openLine = 0
  let batch: string[] = []
  let batchLines: number[] = []

  const flush = () => {
    if (batch.length === 0) return
    const records = batch
    const lines = batchLines
    batch = []
    batchLines = []
    const parsed = parse(records.join('\n'), delimiter)
    if (parsed.errors.length === 0 && parsed.data.length === records.length) {
      parsed.data.forEach((fields, i) => onRecord(fields, lines[i] as number))
      return
    }
    // Something does not fit: one by one, so that the right line is named.
    records.forEach((record, i) => {
      const one = parse(record, delimiter)
      if (one.errors.length > 0 || one.data.length !== 1) onBadQuotes(lines[i] as number)
      else onRecord(one.data[0] as string[], lines[i] as number)
    })
  }
  const add = (record: string, line: number) => {
    batch.push(record)
    batchLines.push(line)
    if (batch.length === BATCH) flush()
  }

  return {
    line(line: string, number: number) {
      if (open !== '') {
        open += `\n${line}`
        if (!staysOpen(line, delimiter, true)) {
          add(open, openLine)
          open = ''
        } else if (open.length > MAX_RECORD_CHARS) {
          onBadQuotes(openLine)
          open = ''
        }
      } else if (line.indexOf('"') < 0) {
        if (batch.length > 0) flush()
        onRecord(line.split(delimiter), number)
      } else if (staysOpen(line, delimiter, false)) {
        open = line
        openLine = number
      } else {
        add(line, number)
      }
    },
    /** Whether the last line ended inside a quoted field. */
    isOpen: () => open !== '',
    end() {
      flush()
      if (open !== '') onBadQuotes(openLine)
      open = ''
    },
  }
}

/** The fields of one line. */
export function csvFields(line: string, delimiter: string): string[] {
  return parse(line, delimiter).data[0] ?? []
}

function parse(text: string, delimiter: string) {
  return Papa.parse<string[]>(text, { delimiter, newline: '\n' })
}

/** Whether a quoted field is open at the end of a line (RFC 4180: quotes open at a field's start). */
function staysOpen(line: string, delimiter: string, inside: boolean): boolean {
  let at = 0
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote < 0) return inside
    if (!inside) {
      inside = quote === 0 || line[quote - 1] === delimiter
      at = quote + 1
    } else if (line[quote + 1] === '"') {
      at = quote + 2
    } else {
      inside = false
      at = quote + 1
    }
  }
}
