// Stands in for Node's streams in bundles for k6, which has none and calls none.
export {}
