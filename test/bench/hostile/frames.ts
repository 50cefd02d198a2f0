const finalFrame = 0x80;
const textOpcode = 0x1;
const maskBit = 0x80;
/** A mask of zeros leaves the payload as it is, so that a frame can be built once and sent often. */
const zeroMask = Buffer.alloc(4);

/** Returns the header of a client's frame (RFC 6455, section 5.2) whose payload has, or is said to have, this length. */
export function frameHeader(length: number, { opcode = textOpcode, isLast = true } = {}): Buffer {
  const first = (isLast ? finalFrame : 0) | opcode;
  if (length < 126) return Buffer.from([first, maskBit | length, ...zeroMask]);
  const extended = Buffer.alloc(length < 65_536 ? 4 : 10);
  extended[0] = first;
  extended[1] = maskBit | (length < 65_536 ? 126 : 127);
  if (length < 65_536) extended.writeUInt16BE(length, 2);
  else extended.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([extended, zeroMask]);
}

/** Returns a whole text frame. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([frameHeader(payload.byteLength), payload]);
}

/** Returns the text frame of a message. */
export function messageFrame(message: object): Buffer {
  return textFrame(JSON.stringify(message));
}
