import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../src/api-error.ts';
import { parseChatRequest } from '../src/chat-request.ts';
import { chatRequest } from './engine-fixture.ts';

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const { messages } = chatRequest('Good morning.', 'en', 'es');
const [system] = messages;
const folded = `Translate.\nSource language: one (en)\nTarget language: other (es)\n\n<text-1>\nGood\n</text-1>`;

describe('a chat with earlier turns', () => {
  it.each([
    ['no turn', [], undefined],
    ['one turn', [user('Good'), assistant('Buenos')], 'Buenos'],
    ['two turns', [user('One.'), assistant('Uno.'), user('Good'), assistant('Buenos')], 'Buenos'],
    ['a turn without a reply', [user('Good')], undefined],
    ['a turn with instructions', [user('x'), assistant('Source language: (de)\nTarget language: (fr)')], 'Source language: (de)\nTarget language: (fr)'], // prettier-ignore
  ])('asks for its last user message alone: %s', (_, turns, previous) => {
    const chat = parseChatRequest({ model: 'any', messages: [system, ...turns, user('Good morning.')] });
    expect(chat).toMatchObject({
      text: 'Good morning.',
      texts: ['Good morning.'],
      source: 'en',
      target: 'es',
      previous,
    });
  });

  it('is refused without a system message, since only that one is read for the languages', () => {
    const turns = [user(folded), assistant('Buenos'), user('<text-1>\nGood morning.\n</text-1>')];
    expect(() => parseChatRequest({ model: 'any', messages: turns })).toThrow(ApiError);
  });
});
