/** Marks that stand for values of the chart in a plan, and the expressions that Helm puts in their place. */
export const MARKS: Readonly<Record<string, string>> = {
  '@name@': '$.Release.Name',
  '@namespace@': '$.Release.Namespace',
  '@image@': '$.Values.image',
  '@scenario@': '$.Values.scenario',
  '@cpu@': '$.Values.cpu',
  '@memory@': '$.Values.memory',
  '@prometheus@': '$.Values.prometheusUrl | replace "$" "$$"',
  '@claim@': '$.Values.resultsClaim',
  '@cron@': '$.Values.schedule',
  '@zone@': '$.Values.timeZone',
  '@cliImage@': '$.Values.collect.image',
  '@gate@': '$.Values.collect.gate',
  '@pushUrl@': '$.Values.collect.push.url',
  '@pushSecret@': '$.Values.collect.push.secret',
  '@pullPolicy@': '$.Values.imagePullPolicy',
  '@starterImage@': '$.Values.starterImage',
  '@initializerImage@': '$.Values.initializerImage',
  '@priorityClass@': '$.Values.priorityClassName',
  '@serviceAccount@': '$.Values.serviceAccountName',
  '@caName@': '$.Values.caBundle.configMap',
  '@caKey@': '$.Values.caBundle.key',
  // Of one item of a list or map.
  '@variable@': '$name',
  // The kubelet makes one of two.
  '@value@': '$value | replace "$" "$$"',
  '@secretVariable@': '.variable',
  '@secretName@': '.secret',
  '@secretKey@': '.key',
  '@spread@': '.',
  '@tolerance@': '.',
}

/** Numbers that stand for numbers. */
export const NUMBERS: Readonly<Record<number, string>> = {
  900_001: '$.Values.parallelism',
  900_002: '$.Values.user.uid',
  900_003: '$.Values.user.gid',
}

/** An item with one of these is repeated. */
export const REPEATED: Readonly<Record<string, string>> = {
  '@variable@': 'range $name, $value := $.Values.variables',
  '@secretVariable@': 'range $.Values.secrets',
  '@spread@': 'range $.Values.spread',
  '@tolerance@': 'range $.Values.collect.tolerances',
}

/** A field with one of these, or the entry that has it as its key, is the value itself, as Kubernetes writes it. */
export const BLOCKS: Readonly<Record<string, string>> = {
  '@imagePullSecrets@': '$.Values.imagePullSecrets',
  '@nodeSelector@': '$.Values.nodeSelector',
  '@tolerations@': '$.Values.tolerations',
  '@affinity@': '$.Values.affinity',
  '@labels@': '$.Values.labels',
  '@annotations@': '$.Values.annotations',
}

/** A text made by a named template. */
export const INCLUDED: Readonly<Record<string, string>> = {
  '@testrun@': 'k6-inference.testrun',
}
