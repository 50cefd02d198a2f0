const maxChars = 64;

/**
 * The name of a room as the server takes it: "Sunday Service" is `sunday-service`. Empty if there is nothing of a name.
 */
export function roomName(typed: string): string {
  const plain = typed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxChars)
    .replace(/^-|-$/g, '');
}
