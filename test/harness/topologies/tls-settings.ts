import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '@parley/local-engine';

interface TlsSettings {
  /** Settings of a server or sentinel. */
  readonly settings: Readonly<Record<string, string>>;
  /** The certificate that Parley has to trust. */
  readonly caFile: string;
  /** How tests connect. */
  readonly tls: { readonly ca: string; readonly servername: string };
}

/**
 * Makes a certificate for servers on loopback.
 *
 * @param resources removes its files
 * @param addresses for which it is valid besides the name `localhost`; default: those of loopback
 */
export async function createTlsSettings(
  resources: AsyncDisposableStack,
  addresses?: readonly string[],
): Promise<TlsSettings> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-tls-'));
  resources.defer(() => rm(folder, { recursive: true }));
  const { certificate, privateKey } = await createCertificate(addresses);
  const [caFile, keyFile] = [join(folder, 'redis.crt'), join(folder, 'redis.key')];
  await Promise.all([writeFile(caFile, certificate), writeFile(keyFile, privateKey)]);
  return {
    settings: {
      'tls-cert-file': caFile,
      'tls-key-file': keyFile,
      'tls-ca-cert-file': caFile,
      'tls-auth-clients': 'no',
    },
    caFile,
    tls: { ca: certificate, servername: 'localhost' },
  };
}
