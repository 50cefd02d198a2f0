/** Returns the text of an unmasked server frame that holds a whole message (RFC 6455, section 5.2). */
export function frameText(frame: Buffer): string {
  const length = (frame[1] ?? 0) & 0x7f;
  const headerLength = length < 126 ? 2 : length === 126 ? 4 : 10;
  return frame.toString('utf8', headerLength);
}
