/** The `id` of a frame that is not handled, so that its error can name it; `undefined` where none can be read. */
export function messageId(frame: string): string | undefined {
  try {
    const { id } = JSON.parse(frame) as { id?: unknown };
    return typeof id === 'string' && id.length <= 200 ? id : undefined;
  } catch {
    return undefined; // No JSON, or none that has fields.
  }
}
