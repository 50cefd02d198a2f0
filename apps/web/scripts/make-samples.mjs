// Generates public/samples/ from the recognizer traces in test/fixtures/asr-traces.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const traces = new URL('../../../test/fixtures/asr-traces/', import.meta.url);
const samples = new URL('../public/samples/', import.meta.url);
const title = {
  meeting: 'A project meeting',
  lecture: 'A lecture about bridges',
  clinic: 'At the doctor',
  service: 'A church service',
  support: 'A support call',
};
/** Times of partials that contain a misrecognized swear word. */
const excludedTimes = { meeting: [2525], service: [48906] };

mkdirSync(samples, { recursive: true });
for (const [name, about] of Object.entries(title)) {
  const lines = readFileSync(new URL(`${name}.stream.jsonl`, traces), 'utf8')
    .trim()
    .split('\n');
  const entries = lines.map((line) => JSON.parse(line)).filter(({ t }) => !excludedTimes[name]?.includes(t));
  const list = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  const file = fileURLToPath(new URL(`${name}.json`, samples));
  writeFileSync(
    file,
    `{\n  "title": ${JSON.stringify(about)},\n  "language": "en",\n  "entries": [\n${list}\n  ]\n}\n`,
  );
}
const index = Object.entries(title).map(([name, about]) => ({ name, title: about }));
writeFileSync(fileURLToPath(new URL('index.json', samples)), `${JSON.stringify(index, null, 2)}\n`);
