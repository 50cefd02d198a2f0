const maxLines = 100;

/** What must not happen in a run: the first lines, and how many there were. */
export class Problems {
  readonly lines: string[] = [];
  count = 0;

  add(line: string): void {
    this.count += 1;
    if (this.lines.length < maxLines) this.lines.push(line);
  }

  /** Runs a step whose failure is a problem. */
  async watch(name: string, step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.add(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
