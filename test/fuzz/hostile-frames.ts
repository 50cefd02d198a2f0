type Random = () => number;
type Message = Readonly<Record<string, unknown>>;
export interface HostileFrame {
  readonly data: string | Buffer;
  readonly fin?: boolean;
  /** The fields that were replaced, removed or added; `undefined` if that is not known. */
  readonly changed?: readonly string[];
}

const oneOf = <Item>(items: readonly [Item, ...Item[]], random: Random): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];

const valid: readonly [Message, ...Message[]] = [
  {
    type: 'session.start',
    sourceLanguage: 'en',
    targetLanguages: ['es', 'ca'],
    glossary: [{ source: 'a', target: 'b' }],
  },
  { type: 'session.update', targetLanguages: ['fr'], listenerLanguages: ['de'] },
  { type: 'session.update', paused: true },
  { type: 'session.update', joinCode: 'change' },
  { type: 'session.resume', sessionId: 'x', resumeToken: 'y', offset: 1, held: [1, 2] },
  { type: 'session.join', joinCode: 'WRONGCODE0', targetLanguages: ['es'], offset: 0 },
  { type: 'transcript.partial', segmentId: 1, revision: 1, text: 'good morning', stable: 'good', speaker: 'Ana' },
  { type: 'transcript.final', segmentId: 1, text: 'Good morning.', startMs: 1, endMs: 2, language: 'en' },
  { type: 'transcript.correct', segmentId: 1, text: 'Good day.', correctionId: 'c', targetLanguage: 'es' },
  { type: 'session.end' },
  { type: 'ping', id: 'a' },
];

/** Values at or beyond the bounds of fields. */
const values: readonly [(random: Random) => unknown, ...((random: Random) => unknown)[]] = [
  () => null,
  () => -1,
  () => 1e308,
  () => 2 ** 53,
  () => '',
  () => '\ud800',
  () => '\ufeff',
  () => 'banana',
  () => ({}),
  (random) => 'é, '.repeat(random() * 60_000),
  (random) => 'x'.repeat(190 + random() * 20),
  (random) => Array<string>(Math.floor(random() * 50_000)).fill('es'),
  (random) => Array.from({ length: Math.floor(random() * 600) }, () => ({ source: 'x'.repeat(200), target: 'y' })),
  (random) => Array<number>(Math.floor(random() * 20_000)).fill(7),
];

/** A valid message with some of its fields replaced, removed or added. */
function mutated(random: Random): HostileFrame & { readonly data: string } {
  const message: Record<string, unknown> = { ...oneOf(valid, random) };
  const names = [
    ...Object.keys(message),
    'id',
    'context',
    'glossary',
    'listenerLanguages',
    'held',
    'stable',
    'constructor',
  ];
  const changed: string[] = [];
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    const name = names[Math.floor(random() * names.length)] ?? 'id';
    changed.push(name);
    if (random() < 0.2) Reflect.deleteProperty(message, name);
    else if (name !== 'type' || random() < 0.1) message[name] = oneOf(values, random)(random);
  }
  return { data: JSON.stringify(message), changed };
}

/** A text with some of its characters replaced, or cut. */
function garbled(text: string, random: Random): string {
  const position = Math.floor(random() * text.length);
  const inserted = oneOf(['"', '{', '\\u0000', '[[[[', '\u0000', ''], random);
  return text.slice(0, position) + inserted + text.slice(position + (random() < 0.5 ? 1 : text.length));
}

/** A random frame of a client that means no good, or knows no better. */
export function hostileFrame(random: Random): HostileFrame {
  const kind = random();
  if (kind < 0.5) return mutated(random);
  if (kind < 0.7) return { data: garbled(mutated(random).data, random) };
  if (kind < 0.75) return { data: Buffer.from(Array.from({ length: random() * 2000 }, () => random() * 256)) };
  if (kind < 0.78) return { data: 'x'.repeat(random() * 1_200_000) };
  if (kind < 0.8) return { data: `{"type":"ping","a":${'['.repeat(random() * 100_000)}` };
  if (kind < 0.83) return { data: 'x'.repeat(random() * 10_000), fin: false };
  return { data: JSON.stringify(oneOf(valid, random)), changed: [] };
}

/** Bytes that are no WebSocket frame, except by chance. */
export function randomStreamBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 1 + random() * 5000 }, () => random() * 256));
}
