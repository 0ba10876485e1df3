import { parseArgs } from 'node:util'
import { prove } from './proof.ts'

/**
 * Prints how often compare gives false alarms and how often it finds a real change, over many pairs of
 * one-minute virtual runs: `node --import tsx scripts/virtual/main.ts [PAIRS] [RATE…]`
 *
 * `--engine '{"kvBlocks":300}'` changes the server; `--asked 512` asks for 512 tokens and lets answers
 * end by themselves; `--seed N` uses other pairs.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string' },
    asked: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const pairs = Number(positionals[0] ?? 200)
const rates = positionals.length > 1 ? positionals.slice(1).map(Number) : [4, 12, 20, 22]
const run = {
  engine: values.engine === undefined ? undefined : JSON.parse(values.engine),
  askedOutputTokens: values.asked === undefined ? undefined : Number(values.asked),
}
const firstSeed = Number(values.seed)
for (const ratePerS of rates) {
  for (const sameTraffic of [true, false]) {
    const name = `${ratePerS}/s, ${sameTraffic ? 'the same requests' : 'different requests'}`
    const percent = (n: number, of = pairs) => `${((100 * n) / of).toFixed(1)} %`
    const options = { pairs, sameTraffic, ratePerS, firstSeed, run }
    // Without a smallest effect: the level must hold by the test alone.
    const none = prove({ ...options, slower: 1, minEffect: 0 })
    console.log(`${name}: false alarms ${percent(none.anyFinding)}`, none.findings)
    const five = prove({ ...options, slower: 1.05 })
    const from = percent(five.tpotDetectable, 1)
    console.log(
      `${name}: 5 % TPOT found ${percent(five.tpotWorse)}, said to find from ${from}`,
      five.findings,
    )
  }
}
