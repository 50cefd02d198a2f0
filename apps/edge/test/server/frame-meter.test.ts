import { describe, expect, it } from '@jest/globals';
import { seededRandom, testSeed } from '../../../../test/harness/seeded-random.ts';
import { FrameMeter } from '../../src/server/frame-meter.ts';

/** A masked frame of a client with an empty payload of this length. */
function frame(opcode: number, length: number, fin = true): Buffer {
  const head = [(fin ? 0x80 : 0) | opcode];
  if (length < 126) head.push(0x80 | length);
  else if (length < 65_536) head.push(0x80 | 126, length >> 8, length & 0xff);
  else head.push(0x80 | 127, ...Buffer.from(BigInt(length).toString(16).padStart(16, '0'), 'hex'));
  return Buffer.concat([Buffer.from([...head, 1, 2, 3, 4]), Buffer.alloc(length)]);
}

const text = (length: number, fin = true) => frame(1, length, fin);
const rest = (length: number, fin = true) => frame(0, length, fin);
const ping = () => frame(9, 5);

describe('a frame meter', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])('follows a message of %i bytes', (length) => {
    const meter = new FrameMeter();
    const message = text(length);
    expect(meter.push(message.subarray(0, -1))).toBe(false);
    const arrived = message.byteLength - 1;
    // Of an empty message only the header can be missing, in which nothing is buffered.
    expect(meter.unfinishedBytes).toBe(length === 0 ? 0 : arrived);
    expect(meter.push(message.subarray(-1))).toBe(true);
    expect(meter.unfinishedBytes).toBe(0);
  });

  it('counts fragments, and the control frames between them', () => {
    const meter = new FrameMeter();
    const parts = [text(100, false), ping(), rest(50, false), ping()];
    for (const part of parts) expect(meter.push(part)).toBe(false);
    expect(meter.unfinishedBytes).toBe(Buffer.concat(parts).byteLength);
    expect(meter.push(rest(0))).toBe(true);
    expect(meter.unfinishedBytes).toBe(0);
  });

  it('counts nothing for control frames alone', () => {
    const meter = new FrameMeter();
    expect(meter.push(Buffer.concat([ping(), ping(), frame(8, 2)]))).toBe(false);
    expect(meter.unfinishedBytes).toBe(0);
  });

  it('counts only the message that is unfinished', () => {
    const meter = new FrameMeter();
    const next = text(1000).subarray(0, 500);
    expect(meter.push(Buffer.concat([text(3000), text(0), next]))).toBe(true);
    expect(meter.unfinishedBytes).toBe(500);
  });

  it('gives the same result wherever the stream is cut', () => {
    const random = seededRandom(testSeed('frame meter'));
    const frames = [text(3), text(200, false), ping(), rest(70_000, false), rest(5), text(0), text(90_000)];
    const stream = Buffer.concat(frames).subarray(0, -7);
    const whole = new FrameMeter();
    whole.push(stream);
    for (let round = 0; round < 50; round++) {
      const meter = new FrameMeter();
      for (let position = 0; position < stream.byteLength;) {
        const length = 1 + Math.floor(random() ** 4 * 40_000);
        meter.push(stream.subarray(position, position + length));
        position += length;
      }
      expect(meter.unfinishedBytes).toBe(whole.unfinishedBytes);
    }
    expect(whole.unfinishedBytes).toBe(text(90_000).byteLength - 7);
  });
});
