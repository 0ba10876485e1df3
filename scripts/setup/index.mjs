export { codeOf, messageOf, SetupError } from './errors.mjs'
export { findGo } from './go.mjs'
export { ensureK6 } from './k6.mjs'
export { checkNode, ensurePackages } from './packages.mjs'
