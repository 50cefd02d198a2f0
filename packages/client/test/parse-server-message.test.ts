import { describe, expect, it } from '@jest/globals';
import { serverMessageSchema } from '@parley/protocol';
import { z } from 'zod';
import { UnreadableFrameError } from '../src/index.ts';
import { parseServerMessage } from '../src/parse-server-message.ts';
import { seededRandom, testSeed } from '../../../test/harness/seeded-random.ts';

type Json = z.core.JSONSchema.JSONSchema;
type Fields = Record<string, unknown>;

/** Builds a value that fits a JSON schema; optional fields are there or not. */
function generate(schema: Json, random: () => number): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[Math.floor(random() * schema.enum.length)];
  switch (schema.type) {
    case 'string':
      return ['', 'es', 'Buenos días', '\u202b'][Math.floor(random() * 4)];
    case 'number':
      return [0, -1, 0.5, 2 ** 53 - 1][Math.floor(random() * 4)];
    case 'boolean':
      return random() < 0.5;
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => generate(schema.items as Json, random));
    case 'object': {
      const fields: Fields = {};
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        const isRequired = schema.required?.includes(name) ?? false;
        if (isRequired || random() < 0.5) fields[name] = generate(field as Json, random);
      }
      return fields;
    }
    default:
      throw new Error(`no generator for ${JSON.stringify(schema)}`);
  }
}

const wrongValues: readonly unknown[] = ['text', 7, true, null, [7], ['text'], { a: 1 }];

/** The message with one field, at any depth, removed or replaced by a value of another type. */
function* mutations(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Fields;
  for (const name of Object.keys(fields)) {
    const rest = Array.isArray(value)
      ? undefined
      : Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
    if (rest !== undefined && name !== 'type') yield rest;
    const replace = (other: unknown): unknown =>
      Array.isArray(value) ? value.with(Number(name), other) : { ...fields, [name]: other };
    const kind = kindOf(fields[name]);
    for (const wrong of wrongValues) if (name !== 'type' && kindOf(wrong) !== kind) yield replace(wrong);
    for (const inner of mutations(fields[name])) yield replace(inner);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isReadable(message: unknown): boolean {
  try {
    return parseServerMessage(JSON.stringify(message)) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableFrameError) return false;
    throw error;
  }
}

describe('the check of server messages', () => {
  const random = seededRandom(testSeed('server messages'));

  it.each(serverMessageSchema.options.map((schema) => [schema.shape.type.value, schema] as const))(
    'agrees with the schema of %s',
    (type, schema) => {
      const jsonSchema = z.toJSONSchema(schema) as Json;
      for (let round = 0; round < 50; round += 1) {
        const message = generate(jsonSchema, random);
        expect(message).toMatchObject({ type });
        expect(schema.safeParse(message).success).toBe(true);
        expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
        for (const mutation of mutations(message)) {
          const expected = schema.safeParse(mutation).success;
          expect({ mutation, isReadable: isReadable(mutation) }).toEqual({ mutation, isReadable: expected });
        }
      }
    },
  );

  it('tolerates what a newer server may send', () => {
    expect(parseServerMessage('{"type":"pong","sentAtMs":1}')).toEqual({ type: 'pong', sentAtMs: 1 });
    expect(parseServerMessage('{"type":"session.rescheduled"}')).toBeUndefined();
    expect(parseServerMessage('{"type":"toString"}')).toBeUndefined();
    const error = { type: 'error', code: 'newer-code', message: '', retryable: false };
    expect(parseServerMessage(JSON.stringify(error))).toEqual(error);
  });

  it.each([
    ['not JSON', '{', 'not JSON'],
    ['not an object', '[]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['without a type', '{}', 'type'],
    ['with an invalid field', '{"type":"transcript.accepted","segmentId":"1"}', 'transcript.accepted .*: segmentId'],
  ])('names the problem of a frame that is %s', (_name, frame, problem) => {
    expect(() => parseServerMessage(frame)).toThrow(UnreadableFrameError);
    expect(() => parseServerMessage(frame)).toThrow(new RegExp(problem));
  });
});
