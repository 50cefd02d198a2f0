import { done, events, half, openAiUsage, parts, sentence, usage, type RecordedReply } from './vendor.ts';

const chunkOf = (content: unknown, finishReason: unknown = null) => ({
  choices: [{ index: 0, delta: { content }, finish_reason: finishReason }],
});
const replyOf = (message: unknown, more: Record<string, unknown> = {}) => ({
  choices: [{ index: 0, message, finish_reason: 'stop' }],
  ...more,
});
const wholeReply = replyOf({ role: 'assistant', content: sentence }, { usage: openAiUsage });
const wholeStream = events([...parts.map((part) => chunkOf(part)), chunkOf('', 'stop'), done]);

const plain = (name: string, body: unknown, becomes: RecordedReply['becomes']): RecordedReply => ({
  name,
  stream: false,
  body,
  becomes,
});
const streamed = (name: string, body: string, becomes: RecordedReply['becomes']): RecordedReply => ({
  name,
  stream: true,
  body,
  becomes,
});
const toldUsage = (name: string, told: unknown, read?: typeof usage): RecordedReply =>
  plain(name, replyOf({ content: sentence }, { usage: told }), {
    text: sentence,
    ...(read === undefined ? {} : { usage: read }),
  });
const less = (reply: RecordedReply): RecordedReply => ({ ...reply, client: 'less' });
const badEnd = (reply: RecordedReply): RecordedReply => ({ ...reply, client: 'bad-end' });

/** Forms of the text, of the usage, and of what is around them. */
const looseReplies: readonly RecordedReply[] = [
  plain('only what is needed', { choices: [{ message: { content: sentence } }] }, { text: sentence }),
  plain('a refusal that is empty', replyOf({ content: sentence, refusal: '' }), { text: sentence }),
  plain('a refusal that is null', replyOf({ content: sentence, refusal: null }), { text: sentence }),
  plain('parts without types, and texts among them', replyOf({ content: [{ text: 'Buenos días ' }, 'a todos.'] }), {
    text: sentence,
  }),
  plain(
    'parts of other kinds',
    replyOf({ content: [{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: sentence }, null, 7] }),
    { text: sentence },
  ),
  plain(
    'another choice before the first one',
    {
      choices: [
        { index: 1, message: { content: 'Buen día.' }, finish_reason: 'length' },
        { index: 0, message: { content: sentence }, finish_reason: 'stop' },
      ],
    },
    { text: sentence },
  ),
  plain(
    'an index as text',
    { choices: [{ index: '0', message: { content: sentence }, finish_reason: 'stop' }] },
    {
      text: sentence,
    },
  ),
  plain('an error that is null', { ...wholeReply, error: null }, { text: sentence, usage }),
  plain('an error that is empty', { ...wholeReply, error: {} }, { text: sentence, usage }),
  plain('a code and a message of success', { ...wholeReply, code: 0, message: 'Success' }, { text: sentence, usage }),
  plain(
    'fields of unknown forms',
    { ...wholeReply, id: 7, created: 'now', model: null, object: [] },
    {
      text: sentence,
      usage,
    },
  ),
  plain('empty lines and spaces around it', ` \r\n\n${JSON.stringify(wholeReply)}\n\n`, { text: sentence, usage }),
  plain('a byte order mark', `\uFEFF${JSON.stringify(wholeReply)}`, { text: sentence, usage }),
  toldUsage('a usage that is null', null),
  toldUsage('a usage that is empty', {}),
  toldUsage('a usage of another form', 'unknown'),
  toldUsage('counts that are null', { prompt_tokens: null, completion_tokens: null }),
  toldUsage('one count that is missing', { prompt_tokens: 40 }),
  toldUsage('one count that is missing, and the total', { prompt_tokens: 40, total_tokens: 47 }, usage),
  toldUsage('the other count that is missing, and the total', { completion_tokens: 7, total_tokens: 47 }, usage),
  toldUsage('a count below zero', { prompt_tokens: 40, completion_tokens: -1 }),
  toldUsage('counts as text', { prompt_tokens: '40', completion_tokens: '7' }, usage),
  toldUsage('a count as a word', { prompt_tokens: 'many', completion_tokens: 7 }),
  toldUsage('counts that are not whole', { prompt_tokens: 39.5, completion_tokens: 6.1 }, usage),
  badEnd(plain('no choice', { choices: [], usage: openAiUsage }, 'bad-reply')),
  plain('choices that are null', { choices: null, usage: openAiUsage }, 'bad-reply'),
  plain('a bare error', { object: 'error', message: 'Overloaded.', code: 503 }, 'unavailable'),
  plain('an error of FastAPI', { detail: 'Internal error' }, 'unavailable'),
  plain('an error of Anthropic', { type: 'error', error: { type: 'overloaded_error' } }, 'unavailable'),
  plain('an error as text', { error: 'overloaded' }, 'unavailable'),
  badEnd(plain('an error with a half', { ...replyOf({ content: half }), error: { message: 'Cut.' } }, 'unavailable')),
];

/** Forms of streams, as https://html.spec.whatwg.org/multipage/server-sent-events.html allows them, and others. */
const looseStreams: readonly RecordedReply[] = [
  streamed('line ends of two characters', wholeStream.replaceAll('\n', '\r\n'), { text: sentence }),
  streamed('line ends of a carriage return', wholeStream.replaceAll('\n', '\r'), { text: sentence }),
  streamed('no space after the colons', wholeStream.replaceAll('data: ', 'data:'), { text: sentence }),
  streamed('a byte order mark', `\uFEFF${wholeStream}`, { text: sentence }),
  streamed('empty lines before it', `\n\n\n${wholeStream}`, { text: sentence }),
  streamed('comments, names and numbers of events', `: ping\n\nevent: message\nid: 7\nretry: 500\n${wholeStream}`, {
    text: sentence,
  }),
  streamed('data of several lines', wholeStream.replace('{"choices"', '{\ndata: "choices"'), { text: sentence }),
  streamed('no [DONE]', wholeStream.replace(done, ''), { text: sentence }),
  streamed('no empty line after [DONE]', wholeStream.trimEnd(), { text: sentence }),
  streamed('no line end after the last chunk, and no [DONE]', wholeStream.replace(done, '').trimEnd(), { text: sentence }), // prettier-ignore
  streamed('the last text with the reason', events([chunkOf('Buenos días '), chunkOf('a todos.', 'stop'), done]), {
    text: sentence,
  }),
  streamed('a reason in each chunk', events([chunkOf('Buenos días ', 'stop'), chunkOf('a todos.', 'stop'), done]), {
    text: sentence,
  }),
  streamed(
    'nulls for choices, a choice, a delta and a content',
    events([
      { choices: null },
      {},
      { choices: [] },
      { choices: [{ index: 0, delta: null }] },
      chunkOf(null),
      chunkOf(sentence),
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      { choices: null, usage: openAiUsage },
      done,
    ]),
    { text: sentence, usage },
  ),
  streamed('null as the word for no reason', events([chunkOf(sentence, 'null'), chunkOf('', 'stop'), done]), {
    text: sentence,
  }),
  streamed('a ping between', events([chunkOf(half), { type: 'ping' }, chunkOf(' a todos.', 'stop'), done]), {
    text: sentence,
  }),
  streamed('an error that is null', events([{ ...chunkOf(sentence, 'stop'), error: null }, done]), { text: sentence }),
  streamed(
    'chunks of a second choice',
    events([
      chunkOf(half),
      { choices: [{ index: 1, delta: { content: 'Buen día' }, finish_reason: null }] },
      chunkOf(' a todos.', 'stop'),
      { choices: [{ index: 1, delta: { content: ' a' }, finish_reason: 'length' }] },
      done,
    ]),
    { text: sentence },
  ),
  streamed(
    'the usage twice, the first one a guess',
    events([
      { ...chunkOf(sentence), usage: { prompt_tokens: 0, completion_tokens: 0 } },
      { ...chunkOf('', 'stop'), usage: openAiUsage },
      done,
    ]),
    { text: sentence, usage },
  ),
  streamed(
    'a usage that is null after the one that is told',
    events([{ ...chunkOf(sentence, 'stop'), usage: openAiUsage }, { choices: [], usage: null }, done]),
    { text: sentence, usage },
  ),
  less(streamed('empty data', `data:\n\n${wholeStream}`, { text: sentence })),
  less(streamed('spaces after [DONE]', wholeStream.replace('[DONE]', '[DONE] '), { text: sentence })),
  less({
    ...streamed('one piece where a stream was asked for', JSON.stringify(wholeReply), { text: sentence, usage }),
  }),
  less({ ...plain('a stream where one piece was asked for', wholeStream, { text: sentence }) }),
  less({
    ...plain('a stream where one piece was asked for, by its content type too', wholeStream, { text: sentence }),
    headers: { 'content-type': 'text/event-stream' },
  }),
  {
    ...plain('a content type of plain text', JSON.stringify(wholeReply), { text: sentence, usage }),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    client: 'less',
  },
  {
    ...streamed('a stream with the content type of JSON', wholeStream, { text: sentence }),
    headers: { 'content-type': 'application/json' },
  },
  badEnd(streamed('no reason and no [DONE]', events([chunkOf(half)]), 'unavailable')),
  badEnd(streamed('[DONE] without a reason', events([chunkOf(half), done]), 'unavailable')),
  badEnd(streamed('[DONE] alone', done, 'unavailable')),
  badEnd(streamed('nothing', '', 'unavailable')),
  badEnd(streamed('an empty reason', events([chunkOf('Buenos ', ''), chunkOf('días', ''), done]), 'unavailable')),
  badEnd(streamed('a bad end, and a good one after it', events([chunkOf(half, 'length'), chunkOf('', 'stop'), done]), 'bad-reply')), // prettier-ignore
  badEnd(streamed('a bare error', events([chunkOf(half), { message: 'Overloaded.', type: 'server_error' }]), 'unavailable')), // prettier-ignore
  badEnd(streamed('an error after a good end', events([chunkOf(half, 'stop'), { detail: 'Cut.' }, done]), 'unavailable')), // prettier-ignore
  badEnd(streamed('an error of FastAPI', events([chunkOf(half), { detail: 'Internal error' }, done]), 'unavailable')),
  streamed('an error of Anthropic', `${events([chunkOf(half)])}event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n`, 'unavailable'), // prettier-ignore
  streamed('an error that is text', `${events([chunkOf(half)])}event: error\ndata: overloaded\n\n`, 'unavailable'),
  streamed('an error that is empty', `${events([chunkOf(half)])}event: error\ndata:\n\n`, 'unavailable'),
  streamed('no JSON', `${events([chunkOf(half)])}data: Buenos\n\n`, 'unavailable'),
  badEnd(streamed('the page of a proxy', '<html><body>Bad gateway</body></html>', 'unavailable')),
];

/** What gateways, proxies and smaller servers make of replies. */
export const gatewayReplies: readonly RecordedReply[] = [...looseReplies, ...looseStreams];
