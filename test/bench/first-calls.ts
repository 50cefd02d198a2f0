import { readFile } from 'node:fs/promises';
import { createEngineOf } from './engine-over-tls.ts';
import { translateOnce } from './translate-many.ts';

// Runs in a separate process per start, like a worker. Arguments: base URL, path of the certificate, `warm` or
// `cold`. Prints the latencies of the first calls in milliseconds as JSON.
const [baseUrl = '', certificateFile = '', start = ''] = process.argv.slice(2);
const calls = 11;
const { signal } = new AbortController();
const engine = createEngineOf({ baseUrl, certificateAuthority: await readFile(certificateFile, 'utf8') });
if (start === 'warm') await engine.warm(signal);
const latenciesMs: number[] = [];
for (let call = 0; call < calls; call++) {
  const startedAtMs = performance.now();
  await translateOnce(engine, `call ${call} after a start`, signal);
  latenciesMs.push(performance.now() - startedAtMs);
}
await engine.close();
process.stdout.write(JSON.stringify(latenciesMs));
