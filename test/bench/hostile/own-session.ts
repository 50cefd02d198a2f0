import type { Target } from './attack.ts';
import { messageFrame } from './frames.ts';
import { RawClient } from './raw-client.ts';
import type { Tally } from './tally.ts';

export const manyTargets = [
  'es',
  'ca',
  'fr',
  'pt',
  'it',
  'de',
  'nl',
  'sv',
  'da',
  'nb',
  'fi',
  'pl',
  'cs',
  'sk',
  'hu',
  'ro',
  'bg',
  'el',
  'tr',
  'uk',
];

interface OwnSession {
  readonly client: RawClient;
  readonly started: { readonly sessionId: string; readonly joinCode: string };
}

/** Opens a connection of the attacking tenant and starts a session; `undefined` if that is refused. */
export async function openOwnSession(
  { port, apiKey }: Target,
  options: object,
  tally: Tally,
  signal: AbortSignal,
): Promise<OwnSession | undefined> {
  const started = Promise.withResolvers<OwnSession['started'] | undefined>();
  const client = new RawClient({
    port,
    access: `bearer.${apiKey}`,
    tally,
    signal,
    onText: (text) => {
      if (text.startsWith('{"type":"session.started"')) started.resolve(JSON.parse(text) as OwnSession['started']);
      else if (text.startsWith('{"type":"error"')) started.resolve(undefined);
    },
  });
  void client.closed.then(() => started.resolve(undefined));
  if (await client.opened) {
    await client.write(
      messageFrame({ type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'], ...options }),
    );
  }
  const session = await started.promise;
  if (session !== undefined) return { client, started: session };
  client.drop();
  return undefined;
}

/**
 * Sends frames on a session of its own, as fast as the edge reads them, until the connection or the signal ends.
 *
 * @param frameOf returns the bytes for a number that grows from 0
 */
export async function flood(
  target: Target,
  options: object,
  frameOf: (number: number) => Buffer,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const session = await openOwnSession(target, options, tally, signal);
  if (session === undefined) return;
  const { client } = session;
  for (let number = 0; !client.isClosed; number++) {
    await client.write(frameOf(number));
    tally.count('sent');
    // Whatever was answered is read meanwhile.
    if (number % 16 === 15) await new Promise(setImmediate);
  }
}
