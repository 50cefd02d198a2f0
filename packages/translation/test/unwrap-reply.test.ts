import { describe, expect, it } from '@jest/globals';
import { unwrapReply } from '../src/guard/unwrap-reply.ts';

describe('unwrapReply', () => {
  it.each([
    ['Good morning', ' Buenos días\n', 'Buenos días'],
    ['Good morning', '"Buenos días"', 'Buenos días'],
    ['Good morning', '“Buenos días”', 'Buenos días'],
    ['Good morning', '„Guten Morgen“', 'Guten Morgen'],
    ['Good morning', '« Bonjour »', 'Bonjour'],
    ['Good morning', '「おはよう」', 'おはよう'],
    ['It is late', "'It's late'", "It's late"],
    ['Good morning', '```\nBuenos días\n```', 'Buenos días'],
    ['Good morning', '```text\nBuenos días\n```', 'Buenos días'],
    ['Good morning', '`Buenos días`', 'Buenos días'],
  ])('%j -> %j is %j', (text, reply, expected) => {
    expect(unwrapReply(text, reply)).toBe(expected);
  });

  it.each([
    ['"Good morning"', '"Buenos días"'],
    ['He said "yes" and "no"', '"sí" y "no"'],
    ['He said yes and no', '"sí" y "no"'],
    ['Good morning', '"Buenos" días'],
    ['Good morning', '""'],
    ['in the evening', "'s avonds"],
    ['rock and roll', "'n roll and rock 'n'"],
  ])('leaves %j -> %j as it is', (text, reply) => {
    expect(unwrapReply(text, reply)).toBe(reply);
  });
});
