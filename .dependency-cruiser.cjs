/**
 * Who may import whom. Each line: folder -> what it may import besides itself.
 * Run: depcruise shared engine strategies artifacts market-data results activities workflows worker api cli web
 */
const vendor = '^node_modules/(?!@temporalio/|fastify/)';
/** A test may use the runner, files and fixtures: the rule is about what runs in production. */
const tests = '\\.test\\.ts$';
const allowed = {
  shared: ['^node_modules/zod/'],
  engine: ['^shared/'],
  strategies: ['^shared/', '^engine/', '^node_modules/jsep/'],
  'module-host': ['^shared/', '^strategies/', '^node_modules/zod/'],
  artifacts: ['^shared/', vendor],
  // timeframes: slower bars of a source are made by the same definition as those that a strategy asks for.
  monitoring: ['^shared/', '^package\\.json$', vendor],
  'market-data': ['^shared/', '^artifacts/', '^engine/timeframes/', vendor],
  results: ['^shared/', vendor],
  webhooks: ['^shared/', vendor],
  activities: [
    '^shared/',
    '^engine/',
    '^strategies/',
    '^module-host/',
    '^artifacts/',
    '^market-data/',
    '^results/',
    '^orchestration/',
    '^webhooks/',
    '^node_modules/(@temporalio/(activity|common)|piscina|uuid)/',
  ],
  orchestration: ['^shared/', '^node_modules/@temporalio/(client|common|proto)/'],
  workflows: ['^shared/', '^activities/', '^results/', '^node_modules/@temporalio/(workflow|common)/'],
  worker: [
    '^(shared|engine|strategies|module-host|artifacts|market-data|monitoring|results|activities|workflows|orchestration|webhooks)/',
    '^node_modules/',
  ],
  // finish-curve: the curve of a run that goes on has its drawdown by the same definition as the finished one; run-simulation: what its checkpoint says.
  api: [
    '^(shared|strategies|module-host|artifacts|market-data|monitoring|results|workflows|orchestration|webhooks)/',
    '^engine/(finish-curve|run-simulation|metrics/tables/[a-z-]+)\\.ts$',
    '^node_modules/',
  ],
  cli: ['^shared/', '^node_modules/'],
  web: ['^(shared|strategies)/', '^node_modules/'],
};

const onlyAllowed = Object.entries(allowed).map(([folder, paths]) => ({
  name: `${folder}-imports`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: tests },
  to: { pathNot: [`^${folder}/`, ...paths], dependencyTypesNot: ['core'] },
}));

const typesOnly = (name, from, path, pathNot) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { path, ...(pathNot && { pathNot }), dependencyTypesNot: ['type-only'] },
});

module.exports = {
  forbidden: [
    ...onlyAllowed,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-folders-use-no-node-builtins',
      severity: 'error',
      from: { path: '^(shared|engine|strategies|workflows)/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    typesOnly('workflows-see-activities-and-stores-as-types', '^workflows/', '^(activities|results)/'),
    typesOnly('workflows-keep-zod-out-of-the-bundle', '^workflows/', '^shared/', '^shared/(names|errors)\\.ts$'),
    typesOnly('api-sees-workflows-as-types', '^api/', '^workflows/'),
    typesOnly('activities-see-stores-as-types', '^activities/', '^(artifacts|market-data|results|orchestration|webhooks)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/(\\.next|out|node_modules)/' },
    webpackConfig: { fileName: require.resolve('./.dependency-cruiser-aliases.cjs') },
    tsPreCompilationDeps: true, // sees `import type`
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'default'] }, // some packages name nothing else
    parser: 'swc', // TypeScript 7 has no JS API: without this line 0 modules are cruised and the check passes
  },
};
