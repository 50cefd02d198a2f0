import { SentinelConnector, type SentinelConnectionOptions } from 'ioredis';

type NetStream = Awaited<ReturnType<SentinelConnector['connect']>>;

/**
 * Asks the sentinels for the master at each attempt to connect.
 *
 * While a connection is open, ioredis also subscribes to the sentinels, and closes it when they announce another master. In ioredis
 * 6.0.0 the subscription outlives the connection: an announcement during the next attempt aborts it, which ioredis treats like
 * `disconnect()` and never reconnects. So the subscription is closed before each attempt.
 */
export class MasterConnector extends SentinelConnector {
  /** @param options those of the client */
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
  }

  /** ioredis would let a socket that is being opened open, and then subscribe to the sentinels for good. */
  override disconnect(): void {
    super.disconnect();
    // Undefined until the first attempt.
    const stream = this.stream as NetStream | undefined;
    if (stream?.connecting === true) stream.destroy();
  }

  override connect(...parameters: Parameters<SentinelConnector['connect']>): ReturnType<SentinelConnector['connect']> {
    this.disconnect();
    return super.connect(...parameters);
  }
}
