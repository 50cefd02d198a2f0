import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError, variables, type Config } from '@parley/config';
import type { Logger } from '@parley/telemetry';

/** PEM-encoded. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

/** What takes a new certificate: a TLS server. Connections that are open keep theirs. */
interface SecureServer {
  setSecureContext(options: CertificateAndKey): void;
}

export interface TlsFilesOptions {
  readonly config: Pick<Config, 'TLS_CERT_FILE' | 'TLS_KEY_FILE'>;
  readonly logger: Logger;
  readonly checkIntervalMs?: number;
}

const defaultCheckIntervalMs = 1000;

/**
 * The certificate and the private key of the edge. The files are looked at every second, since notices of changes get lost
 * where a file is replaced by a link, as certificate managers do.
 */
export class TlsFiles implements Disposable {
  readonly #certFile: string;
  readonly #keyFile: string;
  readonly #options: TlsFilesOptions;
  #current: CertificateAndKey;
  readonly #servers = new Set<SecureServer>();

  /**
   * @returns `undefined` if neither file is configured
   * @throws ConfigError if only one is, if one can't be read, or if they don't belong together
   */
  static open(options: TlsFilesOptions): TlsFiles | undefined {
    const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = options.config;
    if (certFile === undefined && keyFile === undefined) return undefined;
    if (certFile === undefined) throw configError('TLS_CERT_FILE', '', 'set, since TLS_KEY_FILE is');
    if (keyFile === undefined) throw configError('TLS_KEY_FILE', '', 'set, since TLS_CERT_FILE is');
    return new TlsFiles(certFile, keyFile, options);
  }

  private constructor(certFile: string, keyFile: string, options: TlsFilesOptions) {
    this.#certFile = certFile;
    this.#keyFile = keyFile;
    this.#options = options;
    this.#current = this.#read();
  }

  get current(): CertificateAndKey {
    return this.#current;
  }

  /** Passes changed files on to a server, until disposal. Files that can't be used are ignored and logged. */
  watch(server: SecureServer): void {
    this.#servers.add(server);
    // One server for each address of `localhost`, and one watcher for all.
    if (this.#servers.size > 1) return;
    const interval = this.#options.checkIntervalMs ?? defaultCheckIntervalMs;
    for (const file of this.#files) watchFile(file, { interval, persistent: false }, this.#reload);
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) unwatchFile(file, this.#reload);
  }

  get #files(): readonly string[] {
    return [this.#certFile, this.#keyFile];
  }

  readonly #reload = (): void => {
    const { logger } = this.#options;
    try {
      const changed = this.#read();
      if (changed.cert === this.#current.cert && changed.key === this.#current.key) return;
      for (const server of this.#servers) server.setSecureContext(changed);
      this.#current = changed;
      logger.info('TLS certificate reloaded');
    } catch (error) {
      // Often one of two files that are about to be replaced.
      logger.warn({ err: error }, 'reloading the TLS certificate failed; keeping the previous one');
    }
  };

  #read(): CertificateAndKey {
    const cert = readPem('TLS_CERT_FILE', this.#certFile);
    const key = readPem('TLS_KEY_FILE', this.#keyFile);
    try {
      createSecureContext({ cert, key });
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'unknown';
      throw configError('TLS_CERT_FILE', this.#certFile, `it must belong to the key of TLS_KEY_FILE: ${problem}`);
    }
    return { cert, key };
  }
}

function readPem(variable: 'TLS_CERT_FILE' | 'TLS_KEY_FILE', path: string): string {
  const { allowed } = variables[variable];
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw configError(variable, path, `${allowed}; the file cannot be read: ${code}`);
  }
  // A file that is just being written. Node.js takes an empty text for none, and every handshake would fail.
  if (text.trim() === '') throw configError(variable, path, `${allowed}; the file is empty`);
  return text;
}

function configError(variable: 'TLS_CERT_FILE' | 'TLS_KEY_FILE', value: string, allowed: string): ConfigError {
  return new ConfigError([{ variable, value, allowed }]);
}
