// Who may import whom. The folders are layers: a rule that fails here is a design that has changed, so
// change docs/architecture.md with it.

const npm = '^node_modules/';

/** Everything of `layer` outside the folders and packages that it may import. */
function only(layer, allowed, comment) {
  return {
    name: `${layer.name}-imports`,
    comment,
    severity: 'error',
    from: { path: layer.path },
    to: { pathNot: [layer.path, ...allowed] },
  };
}

const packages = (...names) => names.map((name) => `${npm}${name}(/|$)`);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    only(
      { name: 'domain', path: '^domain/' },
      [],
      'The rules are pure: no I/O, clock, environment or SDK, so that they run in a workflow and in a property test.',
    ),
    only(
      { name: 'workflows', path: '^workflows/' },
      ['^domain/', '^activities/', ...packages('@temporalio/workflow', '@temporalio/common')],
      'Workflow code is replayed: it may only use what is deterministic.',
    ),
    {
      name: 'workflows-import-activities-as-types',
      comment: 'An activity runs in the worker, never inside a workflow: only its type may be known here.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-imports',
      comment: 'An activity knows the rules and its ports. Database, API and vendors are behind the ports.',
      severity: 'error',
      from: { path: '^activities/', pathNot: '^activities/(adapters|emails)/' },
      to: {
        pathNot: ['^activities/', '^domain/', ...packages('@temporalio/activity', '@temporalio/common')],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'adapters-imports',
      comment:
        'Adapters and emails are the only places that know a vendor, and know nothing of db, api or temporal.',
      severity: 'error',
      from: { path: '^activities/(adapters|emails)/' },
      to: { path: '^(db|api|temporal|workflows|web|dev|test|bench)/|^(worker|config)\\.ts$' },
    },
    {
      name: 'vendors-in-adapters',
      comment: 'A vendor is replaced in one folder.',
      severity: 'error',
      from: { pathNot: ['^activities/(adapters|emails)/', '^(dev|test|bench|web)/'] },
      to: { path: packages('stripe', 'postmark', 'standardwebhooks', '@react-email/[^/]+', 'react') },
    },
    {
      name: 'db-imports',
      comment: 'The database layer implements ports; it knows the rules and the database, nothing else.',
      severity: 'error',
      from: { path: '^db/' },
      to: {
        pathNot: [
          '^db/',
          '^domain/',
          '^(activities|api)/ports\\.ts$',
          '^config\\.ts$',
          ...packages('drizzle-orm', 'postgres', 'uuid'),
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'ports-are-types',
      comment: 'A port is a promise between layers, never code.',
      severity: 'error',
      from: { path: '^(db|temporal)/' },
      to: { path: '/ports\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'temporal-imports',
      comment:
        'The relay moves marks from the database to workflows: it knows both, and the messages between.',
      severity: 'error',
      from: { path: '^temporal/' },
      to: {
        pathNot: [
          '^temporal/',
          '^domain/',
          '^db/',
          '^workflows/(messages|search-attributes)\\.ts$',
          '^(activities|api)/ports\\.ts$',
          ...packages(
            '@temporalio/client',
            '@temporalio/common',
            '@temporalio/worker',
            '@temporalio/proto',
            'pino',
            'prom-client',
          ),
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'api-imports',
      comment:
        'Routes know the rules and the database. Only server.ts and keys.ts compose what talks to a vendor.',
      severity: 'error',
      from: { path: '^api/', pathNot: '^api/(server|keys)\\.ts$' },
      to: {
        path: '^(temporal|workflows|activities|web|dev|test|bench)/|^(worker|config)\\.ts$',
        pathNot: '^activities/ports\\.ts$',
      },
    },
    {
      name: 'server-imports',
      comment: 'The API does not run workflows or activities, nor what is made for development.',
      severity: 'error',
      from: { path: '^api/(server|keys)\\.ts$' },
      to: { path: '^(workflows|web|dev|test|bench)/|^worker\\.ts$|^activities/(?!adapters/|ports\\.ts$)' },
    },
    {
      name: 'web-imports',
      comment: 'The pages know the API by HTTP alone, through the client that its own document generates.',
      severity: 'error',
      from: { path: '^web/', pathNot: '^web/vite\\.config\\.ts$' },
      to: {
        pathNot: [
          '^web/',
          ...packages(
            '@mantine/[^/]+',
            '@tanstack/[^/]+',
            '@tabler/icons-react',
            'react',
            'react-dom',
            'react-intl',
            'recharts',
            'uplot',
          ),
        ],
      },
    },
    {
      name: 'web-parts',
      comment: 'What both pages need is shared; neither page knows the other, and the rest knows neither.',
      severity: 'error',
      from: { path: '^web/(client|shared|credits|console)/' },
      to: { path: '^web/(credits|console)/', pathNot: '^web/$1/' },
    },
    {
      name: 'nobody-imports-dev',
      comment: 'What is made for development and tests never reaches production.',
      severity: 'error',
      from: { pathNot: ['^(dev|test|bench)/', '\\.config\\.ts$'] },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'nobody-imports-test',
      comment: 'Tests know everything, nothing knows the tests.',
      severity: 'error',
      from: { pathNot: ['^(test|bench)/', '\\.config\\.ts$'] },
      to: { path: '^test/' },
    },
    {
      name: 'nobody-imports-a-program',
      comment:
        'worker.ts, api/server.ts, migrate.ts and check-invariants.ts compose; they are run, not imported.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^((worker|migrate|check-invariants)\\.ts|api/server\\.ts)$' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no order in which it can be read.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be resolved escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.data|coverage|dist|web/dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
