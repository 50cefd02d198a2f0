import type { Attack, Target } from '../attack.ts';
import { frameHeader } from '../frames.ts';
import { RawClient } from '../raw-client.ts';
import { repeat } from '../repeat.ts';
import type { Tally } from '../tally.ts';

const kibibyte = 1024;
const fragment = Buffer.concat([frameHeader(1, { opcode: 0, isLast: false }), Buffer.from('x')]);
const opening = Buffer.concat([frameHeader(1, { isLast: false }), Buffer.from('{')]);

interface Unfinished {
  readonly access: (target: Target) => string;
  readonly sockets: number;
  /** What is sent first. */
  readonly first: Buffer;
  /** What is sent then, again and again, without ever completing a message. */
  readonly more?: Buffer;
}

function unfinished({ access, sockets, first, more }: Unfinished): Attack['run'] {
  return (target: Target, tally: Tally, signal: AbortSignal) =>
    repeat(sockets, signal, async () => {
      const client = new RawClient({ port: target.port, access: access(target), tally, signal });
      if (await client.opened) await client.write(first);
      while (more !== undefined && !client.isClosed) {
        await client.write(more);
        tally.count('sent');
        await new Promise(setImmediate);
      }
      await client.closed;
    });
}

/** All of a message but its last byte. */
const allButOne = (bytes: number): Buffer => Buffer.concat([frameHeader(bytes), Buffer.alloc(bytes - 1, 'x')]);

const asListener = ({ joinCode }: Target): string => `join.${joinCode}`;
const asHost = ({ apiKey }: Target): string => `bearer.${apiKey}`;

/** Attacks on the memory of an edge: messages that are never complete. */
export const memoryAttacks: readonly Attack[] = [
  {
    name: 'unfinished messages of 60 listeners',
    run: unfinished({
      access: asListener,
      sockets: 60,
      first: allButOne(8 * kibibyte),
    }),
  },
  {
    name: 'announced messages of 16 MiB of 60 listeners',
    run: unfinished({
      access: asListener,
      sockets: 60,
      first: frameHeader(16 * kibibyte * kibibyte),
      more: Buffer.alloc(64 * kibibyte, 'x'),
    }),
  },
  {
    name: 'fragments of one byte of 60 listeners',
    run: unfinished({
      access: asListener,
      sockets: 60,
      first: opening,
      more: Buffer.concat(Array<Buffer>(64).fill(fragment)),
    }),
  },
  {
    name: 'unfinished messages of 1 MiB on 200 sockets with a key',
    run: unfinished({
      access: asHost,
      sockets: 200,
      first: allButOne(kibibyte * kibibyte),
    }),
  },
];
