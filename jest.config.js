/** Native ESM; jest strips the types itself. Tests that need more than Redis and Apertium end in `.slow.test.ts`. */
const slow = process.env.TEST_ALL === '1';

export default {
  testEnvironment: 'node',
  // Tests of whole processes mostly wait for them: a file a core, none kept free.
  maxWorkers: '100%',
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{apps,packages}/*/test/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(slow ? [] : ['\\.slow\\.test\\.ts$'])],
  coverageProvider: 'v8',
  testTimeout: 90_000,
};
