#!/usr/bin/env node
// Plain JavaScript, so that an old Node.js can parse it and print the version error.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < neededMajor) {
  console.error(
    `parley needs Node.js ${neededMajor} or newer; this is ${process.versions.node}. ` +
      'Inside the clone, run it as `npx parley` or `npm start`: both bring the right Node.js along.',
  );
  process.exitCode = 1;
} else {
  // Set in the environment as well, so that worker threads and child processes use the cache too.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../../../.parley/compile-cache', import.meta.url));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import('../src/main.ts');
}
