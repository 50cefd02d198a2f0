import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineUnavailableError,
} from '@parley/translation';
import OpenAI from 'openai';
import { gatewayReplies } from './corpus/gateways.ts';
import { openAi } from './corpus/openai.ts';
import type { ErrorClass, RecordedReply, Vendor } from './corpus/vendor.ts';
import { vendors } from './corpus/vendors.ts';
import { longFinal, translateAll } from './engine-under-test.ts';
import type { OpenAiFixture } from './openai-fixture.ts';
import { sendErrorAnswer, sendRecordedReply, startVendorFixture } from './vendor-fixture.ts';

const errorTypes = {
  rejected: EngineRejectedError,
  unavailable: EngineUnavailableError,
  'rate-limited': EngineRateLimitedError,
  'bad-reply': EngineReplyError,
} satisfies Record<ErrorClass, unknown>;

/** What the official client makes of a reply, with what any of its users does. */
async function readByClient(client: OpenAI, stream: boolean): Promise<string> {
  const request = { model: 'test-model', messages: [{ role: 'user' as const, content: 'Good morning everyone.' }] };
  const textOf = (content: unknown): string =>
    Array.isArray(content)
      ? content.map((part: unknown) => (typeof part === 'string' ? part : textOfPart(part))).join('')
      : typeof content === 'string'
        ? content
        : '';
  const textOfPart = (part: unknown): string => {
    const { type = 'text', text } = (part ?? {}) as { type?: string; text?: string };
    return type === 'text' && text !== undefined ? text : '';
  };
  const isFirst = ({ index }: { readonly index?: unknown }): boolean => Number(index ?? 0) === 0;
  if (!stream) {
    const { choices } = await client.chat.completions.create(request);
    return textOf(choices.find(isFirst)?.message.content);
  }
  let text = '';
  for await (const { choices } of await client.chat.completions.create({ ...request, stream: true })) {
    const choice = ((choices as typeof choices | null | undefined) ?? []).find(isFirst);
    text += textOf((choice?.delta as { content?: unknown } | null | undefined)?.content);
  }
  return text;
}

describe.each([
  ...vendors.map(({ name, replies }) => ({
    name,
    vendor: vendors.find((one) => one.name === name) ?? openAi,
    replies,
  })),
  { name: 'gateways and proxies', vendor: openAi, replies: gatewayReplies },
])('replies of $name', ({ vendor, replies }: { vendor: Vendor; replies: readonly RecordedReply[] }) => {
  let fixture: OpenAiFixture;
  let client: OpenAI;

  beforeAll(async () => {
    fixture = await startVendorFixture(vendor);
    client = new OpenAI({ baseURL: `${fixture.server.origin}/v1`, apiKey: 'test-key', maxRetries: 0, logLevel: 'off' });
  });
  afterAll(() => fixture.close());

  const cases = replies.map(
    (reply) => [`${reply.name}, ${reply.stream ? 'streamed' : 'in one piece'}`, reply] as const,
  );

  it.each(cases)('reads %s', async (_name, reply) => {
    fixture.server.script = (exchange) => sendRecordedReply(exchange, reply);
    const translating = translateAll(fixture.engine, reply.stream ? longFinal : {});
    if (typeof reply.becomes === 'string') {
      await expect(translating).rejects.toBeInstanceOf(errorTypes[reply.becomes]);
      return;
    }
    const { text, usage } = await translating;
    expect({ text, usage }).toEqual({ usage: undefined, ...reply.becomes });
  });

  it.each(cases)('reads what the official client reads of %s, if it ended well', async (_name, reply) => {
    fixture.server.script = (exchange) => sendRecordedReply(exchange, reply);
    const read = await readByClient(client, reply.stream).catch(() => undefined);
    if (typeof reply.becomes === 'string') {
      // What the client takes for a text has a bad end, or none; it doesn't look.
      expect(reply.client).toBe(read === undefined ? undefined : 'bad-end');
    } else if (reply.client === 'less') {
      expect(read).not.toBe(reply.becomes.text);
    } else {
      expect(read).toBe(reply.becomes.text);
    }
  });
});

describe.each(vendors)('whole replies of $name', (vendor) => {
  it.each([false, true])('read as the official client reads them, streamed: %s', async (stream) => {
    const fixture = await startVendorFixture(vendor);
    const { basePath, query = '' } = vendor;
    const baseURL = `${fixture.server.origin}${basePath}`;
    const client = new OpenAI({
      baseURL,
      apiKey: 'test-key',
      maxRetries: 0,
      ...(query === '' ? {} : { defaultQuery: Object.fromEntries(new URLSearchParams(query)) }),
    });
    fixture.translateAs('Buenos días a todos.');
    expect(await readByClient(client, stream)).toBe('Buenos días a todos.');
    const { text, usage } = await translateAll(fixture.engine, stream ? longFinal : {});
    expect({ text, usage }).toEqual({
      text: 'Buenos días a todos.',
      usage: { promptTokens: 40, completionTokens: 7 },
    });
    await fixture.close();
  });
});

describe.each(vendors)('errors of $name', (vendor) => {
  let fixture: OpenAiFixture;

  beforeAll(async () => {
    fixture = await startVendorFixture(vendor);
  });
  afterAll(() => fixture.close());

  it.each(vendor.errors.map((error) => [error.statusCode, error.name, error] as const))(
    '%i, %s',
    async (_statusCode, _name, error) => {
      fixture.server.script = (exchange) => sendErrorAnswer(exchange, error);
      const thrown: unknown = await translateAll(fixture.engine).catch((reason: unknown) => reason);
      expect(thrown).toBeInstanceOf(errorTypes[error.becomes]);
      if (thrown instanceof EngineRateLimitedError) expect(thrown.retryAfterMs).toBe(error.retryAfterMs);
      expect(String(thrown)).not.toMatch(/morning/);
    },
  );
});
