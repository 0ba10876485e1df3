export { main } from './main.ts'
export { limitOf, PRICE_HELP, PRICE_OPTIONS, pricesOf } from './prices.ts'
