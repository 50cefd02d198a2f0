import { SentinelConnector, type SentinelConnectionOptions } from 'ioredis';

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

  override connect(...parameters: Parameters<SentinelConnector['connect']>): ReturnType<SentinelConnector['connect']> {
    this.disconnect();
    return super.connect(...parameters);
  }
}
