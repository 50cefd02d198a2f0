import { expect, it } from '@jest/globals';
import { edgesForFile } from './edges-for-file.ts';
import { EventClient } from './event-client.ts';
import { StreamClient } from './stream-client.ts';

const key = 'a-key-of-this-test-alone';
const { urls } = await edgesForFile({ API_KEYS: `clinic:${key}`, MAX_HTTP_CONNECTIONS_PER_ADDRESS: '10' });

it('event streams do not count as HTTP connections of their address', async () => {
  await using host = await StreamClient.open(urls[0], `bearer.${key}`);
  const { joinCode } = await host.start({ targetLanguages: ['en'] });
  await using opened = new AsyncDisposableStack();
  for (let count = 0; count < 12; count++) {
    const listener = opened.use(await EventClient.open(`${urls[0]}/v1/listen/${joinCode}/events?lang=en`));
    expect(listener.response.status).toBe(200);
  }
});
