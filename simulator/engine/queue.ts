/** First come, first served, in constant time at both ends. */
export interface Queue<T> {
  readonly size: number
  first(): T | undefined
  push(item: T): void
  pushFirst(item: T): void
  shift(): void
  remove(item: T): void
}

export function createQueue<T>(): Queue<T> {
  const items: T[] = []
  let head = 0
  return {
    get size() {
      return items.length - head
    },
    first: () => items[head],
    push(item) {
      items.push(item)
    },
    pushFirst(item) {
      if (head > 0) items[--head] = item
      else items.unshift(item)
    },
    shift() {
      head++
      if (head > 1024 && head * 2 > items.length) {
        items.splice(0, head)
        head = 0
      }
    },
    remove(item) {
      items.splice(items.indexOf(item, head), 1)
    },
  }
}
