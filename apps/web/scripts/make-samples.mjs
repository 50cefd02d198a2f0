// Generates public/samples/ from test/fixtures/asr-traces: what was really said, at the pace of the recording.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const traces = new URL('../../../test/fixtures/asr-traces/', import.meta.url);
const samples = new URL('../public/samples/', import.meta.url);
const titles = {
  service: 'A church service',
  lecture: 'A lecture about bridges',
  meeting: 'A project meeting',
  clinic: 'At the doctor',
  support: 'A support call',
};

/** How it is written rather than read aloud. */
const written = new Map([
  ['In nineteen forty a famous bridge began to swing and', 'In 1940, a famous bridge began to swing, and'],
  ['Thank you for calling, how can', 'Thank you for calling. How can'],
  ['Good morning, please', 'Good morning. Please'],
  ['one moment please', 'one moment, please'],
]);
const asWritten = (text) => [...written].reduce((result, [spoken, better]) => result.replace(spoken, better), text);

/** The lines of a file. */
const linesOf = (name) => readFileSync(new URL(name, traces), 'utf8').trim().split('\n');

mkdirSync(samples, { recursive: true });
for (const [name, title] of Object.entries(titles)) {
  const entries = linesOf(`${name}.stream.jsonl`).map((line) => JSON.parse(line));
  const sentences = linesOf(`${name}.txt`).map((text, index) => {
    const times = entries.filter(({ segment }) => segment === index + 1).map(({ t }) => t);
    if (times.length === 0) throw new Error(`${name}: nothing was recognized of sentence ${index + 1}`);
    return { startMs: Math.min(...times), endMs: Math.max(...times), text: asWritten(text) };
  });
  const list = sentences.map((sentence) => `    ${JSON.stringify(sentence)}`).join(',\n');
  const file = fileURLToPath(new URL(`${name}.json`, samples));
  writeFileSync(
    file,
    `{\n  "title": ${JSON.stringify(title)},\n  "language": "en",\n  "sentences": [\n${list}\n  ]\n}\n`,
  );
}
const index = Object.entries(titles).map(([name, title]) => ({ name, title }));
writeFileSync(fileURLToPath(new URL('index.json', samples)), `${JSON.stringify(index, null, 2)}\n`);
