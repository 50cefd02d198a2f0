import { generate } from 'selfsigned';

/** A certificate and its private key, PEM-encoded. */
export interface Certificate {
  readonly certificate: string;
  readonly privateKey: string;
}

const validDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Creates a self-signed certificate for `localhost`. It is valid for 30 days and kept in memory only.
 *
 * @param addresses for which it is valid, too
 */
export async function createCertificate(addresses: readonly string[] = ['127.0.0.1', '::1']): Promise<Certificate> {
  const now = Date.now();
  const { cert, private: privateKey } = await generate([{ name: 'commonName', value: 'Parley local engine' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Allow for clients whose clock is behind.
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + validDays * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...addresses.map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
  });
  return { certificate: cert, privateKey };
}
