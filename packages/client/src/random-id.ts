/** A random ID of 128 bits. `crypto.randomUUID` exists only in secure contexts, so not in a page of the local network. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
