/**
 * Native ESM; jest strips the types itself. `.integration.test.ts` files and those in `test/` need Redis, processes or servers;
 * `.slow.test.ts` files take minutes or need more than Redis and Apertium.
 */
const isUnit = process.env.TEST_UNIT === '1';
const isAll = process.env.TEST_ALL === '1';

export default {
  testEnvironment: 'node',
  // One file per core: more of them slow each other down, since starting processes takes most of the CPU.
  maxWorkers: '100%',
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{apps,packages}/*/test/**/*.test.ts', ...(isUnit ? [] : ['<rootDir>/test/**/*.test.ts'])],
  // The built package has the name of its sources.
  modulePathIgnorePatterns: ['<rootDir>/packages/client/dist'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(isAll ? [] : ['\\.slow\\.test\\.ts$']),
    ...(isUnit ? ['\\.integration\\.test\\.ts$'] : []),
  ],
  coverageProvider: 'v8',
  testTimeout: 90_000,
};
