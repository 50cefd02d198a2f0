/**
 * Follows docs/tutorials/captions-for-sunday.md as it is printed, up to a caption on a phone, and again a week later. It opens this
 * machine to its network, so it is run in a network that has nobody else in it.
 *
 * `node sunday-service.ts ADDRESS`: the address of this machine in that network.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { SpeakerPage } from '../../apps/web/test/speak/speaker-page.ts';
import { ParleyStart } from '../harness/parley-start.ts';
import { startProcess } from '../harness/process.ts';
import { launchBrowser, openPage } from '../pages/browser.ts';
import { shown } from '../pages/captions-on-page.ts';

const [, , address = ''] = process.argv;
const tutorial = readFileSync(new URL('../../docs/tutorials/captions-for-sunday.md', import.meta.url), 'utf8');
const [setKey = '', start = ''] = [...tutorial.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);

/** Holds a service, and returns the link of its audience. */
async function holdService(browser: Browser, commands: string, vendor: string): Promise<string> {
  await using parley = new ParleyStart(commands, { PORT: '8787', OPENAI_BASE_URL: vendor });
  await parley.running();
  const [onThisComputer = ''] = parley.text.match(/^http:\/\/localhost\S+/m) ?? [];
  await using speaker = await SpeakerPage.open(browser, onThisComputer);
  await speaker.start('spanish');
  const link = await speaker.link();
  assert.ok(link.startsWith(`http://${address}:8787/listen/`), link);
  await using phone = await openPage(browser, `${link}?lang=es`);
  await speaker.page.getByText('1 person is listening').waitFor();
  await speaker.say('Welcome to our service.');
  await shown(phone.page, '[es] Welcome to our service.');
  await speaker.end();
  assert.deepEqual(phone.problems, []);
  return link;
}

await using vendor = await startProcess({ name: 'engine', env: { ENGINE_TRANSLATIONS: 'marked' } });
await using opened = new AsyncDisposableStack();
const browser = opened.adopt(await launchBrowser(), (launched) => launched.close());
const vendorUrl = new URL('/v1', vendor.url).href;
const link = await holdService(browser, setKey + start, vendorUrl);
assert.equal(await holdService(browser, setKey + start, vendorUrl), link);
console.log('two services were held');
