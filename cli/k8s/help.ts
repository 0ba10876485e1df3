import { podOptionsHelp } from './pod-options.ts'
import { IMAGE_FOLDER } from './route.ts'

export const DEFAULT_IMAGE = 'k6-inference:0.1.0'
export const DEFAULT_CLI_IMAGE = 'k6-inference-cli:0.1.0'
export const DEFAULT_KUBECTL_IMAGE = 'registry.k8s.io/kubectl:v1.34.1'

export const HELP = `Usage: k6-inference k8s SCENARIO --parallelism N [options] --out DIR

Writes manifests for k6-operator: DIR/script.yaml (kubectl apply --server-side, once) and DIR/test.yaml
(kubectl create, for each run). Without --out both go to standard output. Notes go to standard error.
SCENARIO is a scenario's name (chat-spike) or the path of a bundle. \`k6-inference k8s run DIR/test.yaml\` creates
the test, waits for it, merges and reports it (k6-inference k8s run --help).

  --parallelism N         number of pods that share the load
  --name NAME             name of the test (default: the scenario's)
  --namespace NS          namespace of all objects
  --image IMAGE           image with k6 and the socket module (default ${DEFAULT_IMAGE};
                          deploy/docker/Dockerfile builds it)
  -e, --env NAME=VALUE    scenario variable; may be repeated
  --key-secret NAME[/KEY] Secret that holds the API key (default KEY: api-key)
  --secret-env VARIABLE=NAME/KEY   any other variable from a Secret, e.g. HEADERS; may be repeated
  --file PATH             data file that the script opens, placed beside the bundle; may be repeated
  --script ROUTE          where pods find the script: configMap, claim or image (default: by size)
  --claim NAME            PersistentVolumeClaim that already holds the bundle and the files
  --cpu Q                 CPU that each pod asks for (default 1); k6-inference plan computes it
  --memory Q              memory of each pod, both request and limit (default: what its VUs and
                          requests need, as k6 counts them); too little is refused
  --separate              run the pods on different nodes
  --cleanup               delete jobs and pods, with their logs, when the test ends
  --prometheus URL        remote-write address
  --results-claim NAME    PersistentVolumeClaim for results and records, one folder per pod; without
                          it the records go to the pods' logs
  --schedule CRON         write a CronJob that creates a new TestRun each time, e.g. "0 2 * * *"
  --time-zone ZONE        time zone of the schedule, e.g. Europe/Berlin
  --collect               with --schedule: the job waits for the run, merges, reports and judges it, and fails
                          when a limit is missed; with --results-claim the reports go to its reports/RUN/
  --cli-image IMAGE       image of the job that collects (default ${DEFAULT_CLI_IMAGE};
                          deploy/docker/Dockerfile, target cli)
  --gate PATH             with --collect: baseline to judge against, e.g. /results/baseline
  --tolerance ID=P%       for the gate; may be repeated
  --push URL              with --collect: push the results to URL/RUN/, e.g. s3://BUCKET/PREFIX
                          (k6-inference k8s run --help)
  --push-secret NAME      Secret whose keys are set in that job's environment: AWS_ACCESS_KEY_ID and so on,
                          PUSH_HEADERS, or PUSH_URL in place of --push
  --kubectl-image IMAGE   image of the job that only creates the run (default ${DEFAULT_KUBECTL_IMAGE})
  --kustomize             with --schedule and --out: write a base of Kustomize (deploy/kustomize has overlays)
  --out DIR               folder for the manifests
  --no-inspect            do not ask k6 whether every pod gets VUs and has memory for them
  --help

Of the pods:
${podOptionsHelp()}

In the image, bundles lie in ${IMAGE_FOLDER}/.`
