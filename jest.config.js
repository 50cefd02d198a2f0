import { availableParallelism } from 'node:os';

/**
 * Native ESM; jest strips the types itself. `.integration.test.ts` files and those in `test/` need Redis or start processes;
 * `.slow.test.ts` files take minutes or need more than Redis and Apertium.
 */
const isUnit = process.env.TEST_UNIT === '1';
const isAll = process.env.TEST_ALL === '1';

export default {
  testEnvironment: 'node',
  // Tests of whole processes spend most of their time waiting for them.
  maxWorkers: (isUnit ? 1 : 2) * availableParallelism(),
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{apps,packages}/*/test/**/*.test.ts', ...(isUnit ? [] : ['<rootDir>/test/**/*.test.ts'])],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(isAll ? [] : ['\\.slow\\.test\\.ts$']),
    ...(isUnit ? ['\\.integration\\.test\\.ts$'] : []),
  ],
  coverageProvider: 'v8',
  testTimeout: 90_000,
  // Of tests that mostly wait and say so with `it.concurrent`.
  maxConcurrency: 3,
};
