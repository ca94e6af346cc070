import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec, type PayloadKey } from './payload-codec.ts';

/** How clients and workers write to Temporal; all of them have to be given the same keys. */
export function createDataConverter(keys: readonly PayloadKey[]): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(keys)],
    failureConverterPath: fileURLToPath(import.meta.resolve('./failure-converter.ts')),
  };
}
