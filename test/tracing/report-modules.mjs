// Preloaded into every thread of a process: writes the OpenTelemetry packages that it loads into a file named like the process.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    const [, name] = /node_modules\/(@opentelemetry\/[^/]+)\//.exec(resolved.url) ?? [];
    if (name !== undefined) appendFileSync(join(process.env.REPORTS_FOLDER, `${process.pid}`), `${name}\n`);
    return resolved;
  },
});
