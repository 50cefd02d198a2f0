import { SentinelConnector, type SentinelConnectionOptions } from 'ioredis';

/**
 * Asks the sentinels for the master at each attempt to connect.
 *
 * While a connection is open, ioredis listens to the sentinels too, and leaves the server when they announce another master. In
 * ioredis 6.0.0 that outlives the connection: an announcement during the next attempt would end the attempt, and the client with
 * it for good, since it takes that for its own wish. So each attempt begins with nobody listening.
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
