/** The edge can't listen where it is told to, because another process does. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: unknown) {
    super(`port ${port} on ${host} is taken by another process; set PORT to another one (0: any free one)`, { cause });
    this.host = host;
    this.port = port;
  }
}
