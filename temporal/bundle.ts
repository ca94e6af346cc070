import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Compiles the workflow code once; every worker of a process shares the result. */
export async function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(import.meta.resolve('../workflows/index.ts')),
    logger: new DefaultLogger('WARN'),
    failureConverterPath: fileURLToPath(import.meta.resolve('./failure-converter.ts')),
  });
}
