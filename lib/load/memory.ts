/**
 * What k6 takes of memory, MiB resident, with the garbage around what is in use: the own socket module,
 * measured by `npm run bench:sizing`. docs/sizing.md says on which machine.
 */
export const K6_MEMORY = {
  /** Without any VU. */
  mibBase: 93,
  /** Each VU, with its bundle and its stream. */
  mibPerVu: 2.9,
} as const
