import { manifestsOf, readOptions, type K8sPlan, type Manifest } from '../../../cli/k8s/index.ts'
import { merged, type Variant } from './merge.ts'
import { templateOf } from './template.ts'

/** Nothing that can be left out: a schedule that collects, whose records come from the pods' logs. */
const PLAIN: K8sPlan = {
  name: '@name@',
  namespace: '@namespace@',
  image: '@image@',
  parallelism: 900_001,
  separate: false,
  cleanup: false,
  files: [],
  script: { route: 'image', path: '/k6/dist/@scenario@.js', why: '' },
  variables: { '@variable@': '@value@', RESULTS: 'none' },
  secrets: [{ variable: '@secretVariable@', secret: '@secretName@', key: '@secretKey@' }],
  cpu: '@cpu@',
  memory: '@memory@',
  pods: podSettings(),
  prometheus: undefined,
  resultsClaim: undefined,
  schedule: {
    cron: '@cron@',
    timeZone: undefined,
    kubectlImage: '',
    collect: { image: '@cliImage@', gate: undefined, tolerances: [], push: undefined },
  },
}

type Change = (plan: K8sPlan) => K8sPlan
const pods =
  (change: Partial<K8sPlan['pods']>): Change =>
  (plan) => ({ ...plan, pods: { ...plan.pods, ...change } })
const scheduled =
  (change: Partial<NonNullable<K8sPlan['schedule']>>): Change =>
  (plan) => ({ ...plan, schedule: { ...plan.schedule!, ...change } })
const collected =
  (change: object): Change =>
  (plan) =>
    scheduled({ collect: { ...plan.schedule!.collect!, ...change } })(plan)

/** What each optional value of the chart changes, by the condition on it. */
const OPTIONS: Readonly<Record<string, Change>> = {
  '$.Values.separate': (plan) => ({ ...plan, separate: true }),
  '$.Values.resultsClaim': (plan) => {
    const { RESULTS: _, ...variables } = plan.variables
    return { ...plan, variables, resultsClaim: '@claim@' }
  },
  '$.Values.caBundle': pods({
    caBundle: { kind: 'configMap', name: '@caName@', key: '@caKey@' },
  }),
  '$.Values.prometheusUrl': (plan) => ({ ...plan, prometheus: '@prometheus@' }),
  '$.Values.timeZone': scheduled({ timeZone: '@zone@' }),
  '$.Values.collect.gate': collected({ gate: '@gate@' }),
  '$.Values.collect.tolerances': collected({ tolerances: ['@tolerance@'] }),
  '$.Values.collect.push.url': collected({ push: { url: '@pushUrl@', secret: undefined } }),
  '$.Values.collect.push.secret': collected({ push: { url: undefined, secret: '@pushSecret@' } }),
  '$.Values.imagePullSecrets': pods({ imagePullSecrets: ['@imagePullSecrets@'] }),
  '$.Values.imagePullPolicy': pods({ imagePullPolicy: '@pullPolicy@' }),
  '$.Values.starterImage': pods({ starterImage: '@starterImage@' }),
  '$.Values.initializerImage': pods({ initializerImage: '@initializerImage@' }),
  '$.Values.nodeSelector': pods({ nodeSelector: { '@nodeSelector@': '' } }),
  '$.Values.tolerations': pods({ tolerations: [{ key: '@tolerations@', operator: 'Exists' }] }),
  '$.Values.spread': pods({ spread: ['@spread@'] }),
  '$.Values.affinity': pods({ affinity: { '@affinity@': '' } }),
  '$.Values.priorityClassName': pods({ priorityClass: '@priorityClass@' }),
  '$.Values.serviceAccountName': pods({ serviceAccount: '@serviceAccount@' }),
  '$.Values.labels': pods({ labels: { '@labels@': '' } }),
  '$.Values.annotations': pods({ annotations: { '@annotations@': '' } }),
  '$.Values.anyUser': pods({ user: 'none' }),
  '$.Values.user': pods({ user: { uid: 900_002, gid: 900_003 } }),
}

/**
 * The templates of the chart, made of what `k6-inference k8s` writes: paths in the chart's folder to texts.
 * Each option is written alone, and the forms are put together.
 */
export function chartTemplates(): Record<string, string> {
  const plans = Object.entries(OPTIONS).map(([when, change]) => ({ when, plan: change(PLAIN) }))
  const forms = (of: (plan: K8sPlan) => Manifest): [Variant, ...Variant[]] => [
    { when: undefined, value: of(PLAIN) },
    ...plans.map(({ when, plan }) => ({ when, value: of(plan) })),
  ]
  const template = (of: (plan: K8sPlan) => Manifest) => templateOf(merged(forms(of)))
  const objects = scheduleOf(PLAIN).map((_, i) => template((plan) => scheduleOf(plan)[i]!))
  const run = template((plan) => manifestsOf({ ...plan, schedule: undefined }).test[0]!)
  return {
    'templates/_testrun.tpl': `${MADE}{{- define "k6-inference.testrun" -}}\n${run}{{- end }}\n`,
    'templates/schedule.yaml': MADE + NAME_LIMIT + objects.join('---\n'),
  }
}

const MADE = '{{- /* Made by `npm run k8s:examples`, of what k6-inference k8s writes. */ -}}\n'
const NAME_LIMIT = `{{- if gt (len $.Release.Name) 40 }}
{{- fail "the release's name goes into names of jobs and hosts: at most 40 characters" }}
{{- end }}
`

/** The TestRun within is a template of its own. */
function scheduleOf(plan: K8sPlan): Manifest[] {
  return manifestsOf(plan).test.map((object) =>
    object.kind === 'ConfigMap' ? { ...object, data: { 'testrun.yaml': '@testrun@' } } : object,
  )
}

/** Those of a command line without options about pods. */
function podSettings(): K8sPlan['pods'] {
  const read = readOptions(['chat-steady', '--parallelism', '1'])
  if (!read.ok) throw new Error(read.problems.join('; '))
  return read.options.pods
}
