import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The variables with which a worker connects to the local engine over TLS, valid until disposal. */
interface TrustedEngine extends AsyncDisposable {
  readonly environment: { readonly OPENAI_BASE_URL: string; readonly ENGINE_CA_FILE: string };
}

/** Fetches the certificate of a local engine and stores it in a temporary file. */
export async function trustEngine(engineUrl: string): Promise<TrustedEngine> {
  const answer = await fetch(new URL('/debug/tls', engineUrl));
  if (!answer.ok) throw new Error(`the engine does not listen over TLS: HTTP ${answer.status}`);
  const { url, certificate } = (await answer.json()) as { url: string; certificate: string };
  const folder = await mkdtemp(join(tmpdir(), 'parley-certificate-'));
  const path = join(folder, 'engine.pem');
  await writeFile(path, certificate);
  return {
    environment: { OPENAI_BASE_URL: url, ENGINE_CA_FILE: path },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
