import { prove } from './proof.ts'

/**
 * Prints how often compare is wrong and how often it finds what is there, over many pairs of
 * one-minute virtual runs: `node --import tsx scripts/virtual/main.ts [PAIRS] [RATE…]`
 */
const pairs = Number(process.argv[2] ?? 200)
const rates = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [4, 12, 20, 22]
for (const ratePerS of rates) {
  for (const sameTraffic of [true, false]) {
    const name = `${ratePerS}/s, ${sameTraffic ? 'the same requests' : 'different requests'}`
    const percent = (n: number, of = pairs) => `${((100 * n) / of).toFixed(1)} %`
    // Without a smallest effect: the level must hold by the test alone.
    const none = prove({ pairs, sameTraffic, slower: 1, ratePerS, minEffect: 0 })
    console.log(`${name}: false alarms ${percent(none.anyFinding)}`, none.findings)
    const five = prove({ pairs, sameTraffic, slower: 1.05, ratePerS })
    const from = percent(five.tpotDetectable, 1)
    console.log(
      `${name}: 5 % TPOT found ${percent(five.tpotWorse)}, said to find from ${from}`,
      five.findings,
    )
  }
}
