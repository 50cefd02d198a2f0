/** Redis can't add these amounts, today or ever: they are no whole numbers of 64 bits, or their total would be none. */
export class AdditionRefusedError extends Error {
  override readonly name = 'AdditionRefusedError';
  readonly amounts: Readonly<Record<string, number>>;

  constructor(amounts: Readonly<Record<string, number>>) {
    const words = Object.entries(amounts).map(([field, amount]) => `${field} ${amount}`);
    super(`amounts that can not be added: ${words.join(', ')}`);
    this.amounts = amounts;
  }
}
