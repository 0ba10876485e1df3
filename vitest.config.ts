import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Vitest leaves one core free; on two cores that doubles the time.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          // Nearly all that is tested is pure. Loading the modules anew for each file took a third of the time.
          isolate: false,
          // Property tests take seconds where other work shares the machine.
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/global-setup.ts',
          // Each run of k6 takes seconds; a busy machine may take a multiple.
          testTimeout: 90_000,
          hookTimeout: 180_000,
          maxConcurrency: 3,
          fileParallelism: false,
        },
      },
    ],
  },
})
