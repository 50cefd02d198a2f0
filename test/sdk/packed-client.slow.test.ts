import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLiveSession } from '@parley/client';
import type { Browser } from 'playwright-core';
import { startStack, type TestStack } from '../harness/index.ts';
import { launchBrowser } from '../pages/browser.ts';
import { installPackedClient, readmeExamples, type Project } from './packed-client.ts';

const apiKey = 'a-key-of-this-test-alone';
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves the files of a folder; `/` is `index.html`. */
async function serve(folder: string): Promise<{ url: string } & AsyncDisposable> {
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = pathname === '/' ? '/index.html' : pathname;
    readFile(join(folder, file)).then(
      (body) => response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

/** What the page of this test runs: a speaker, and a listener that closes right behind its end. */
const talk = (url: string) => `
  import { joinLive, startLiveSession } from '@parley/client';

  window.talk = async () => {
    const urls = ['${url}'];
    const languages = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: ['ca'] };
    const speaker = await startLiveSession({ urls, apiKey: '${apiKey}', ...languages });
    const { joinCode } = speaker.started;
    const heard = [];
    const onMessage = (message) => message.type === 'translation.final' && heard.push(message.targetLanguage);
    const listener = await joinLive({ urls, joinCode, targetLanguages: ['es', 'ca'], onMessage });
    await speaker.sendFinal({ segmentId: 1, text: 'Good morning everyone.' });
    await speaker.end();
    await listener.close();
    return heard.sort();
  };
  window.refused = (options) =>
    startLiveSession({ sourceLanguage: 'en', targetLanguages: ['es'], ...options }).then(
      () => 'accepted',
      ({ name, status, message }) => ({ name, status, message }),
    );
`;

describe('the packed client in a page built by Vite', () => {
  let stack: TestStack;
  let project: Project;
  let browser: Browser;
  let page: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    project = await installPackedClient('vite@7.3.8');
    stack = await startStack({ env: { API_KEYS: `tenant:${apiKey}` } });
    browser = await launchBrowser();
    const values = { url: stack.streamUrl(0), apiKey, joinCode: '' };
    const [listener = ''] = (await readmeExamples(values))('In a browser');
    await project.write('listener.js', listener);
    await project.write('talk.js', talk(values.url));
    const scripts = '<script type="module">import "./talk.js"; import "./listener.js";</script>';
    await project.write('index.html', `<!doctype html><title>Captions</title><body>${scripts}</body>`);
    await project.run('npx', 'vite', 'build', '--logLevel', 'warn', '--target', 'es2022');
    page = await serve(join(project.folder, 'dist'));
  }, 300_000);
  afterAll(async () => {
    await page[Symbol.asyncDispose]();
    await browser.close();
    await stack[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  it('shows captions with the example of the README', async () => {
    const languages = { sourceLanguage: 'en', targetLanguages: ['es'] };
    await using speaker = await startLiveSession({ urls: [stack.streamUrl(0)], apiKey, ...languages });
    const listener = await browser.newPage();
    await listener.goto(`${page.url}/?code=${speaker.started.joinCode}`);
    await speaker.sendFinal({ segmentId: 1, text: 'Good morning everyone.' });
    await listener.locator('li').first().waitFor();
    expect(await listener.locator('li').allTextContents()).toEqual(['[es] Good morning everyone.']);
    await speaker.end();
    await listener.close();
  });

  it('says why it is not connected', async () => {
    const listener = await browser.newPage();
    await listener.goto(`${page.url}/?code=WRONGCODE1`);
    await listener.getByText('HTTP 401: no session has this join code').waitFor();
    await listener.close();
  });

  it('throws a refusal with its status at once', async () => {
    const speaker = await browser.newPage();
    await speaker.goto(page.url);
    await speaker.waitForFunction('window.refused !== undefined');
    const options = JSON.stringify({ urls: [stack.streamUrl(0)], apiKey: 'wrong' });
    expect(await speaker.evaluate(`refused(${options})`)).toEqual({
      name: 'ConnectionRefusedError',
      status: 401,
      message: 'the server refused the connection with HTTP 401: the API key is unknown',
    });
    await speaker.close();
  });

  it('loses nothing if a listener closes right behind the end of the speaker', async () => {
    const talking = await browser.newPage();
    await talking.goto(page.url);
    await talking.waitForFunction('window.talk !== undefined');
    for (let round = 0; round < 20; round += 1) {
      expect({ round, heard: await talking.evaluate('talk()') }).toEqual({ round, heard: ['ca', 'es'] });
    }
    await talking.close();
  }, 120_000);
});
