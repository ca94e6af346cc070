import { Connection } from '@temporalio/client';

export type TemporalAccess = {
  TEMPORAL_ADDRESS: string;
  TEMPORAL_API_KEY?: string | undefined;
  TEMPORAL_TLS: boolean;
};

/** How to reach Temporal: the same for client and worker. An API key (Temporal Cloud) implies TLS. */
export function connectionOptions(access: TemporalAccess): {
  address: string;
  tls: boolean;
  apiKey?: string;
} {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS: tls } = access;
  return { address, tls: tls || apiKey !== undefined, ...(apiKey === undefined ? {} : { apiKey }) };
}

/** A connection that is made when it is first used, so that the service starts while Temporal is away. */
export function connectLazily(access: TemporalAccess): Connection {
  return Connection.lazy(connectionOptions(access));
}
