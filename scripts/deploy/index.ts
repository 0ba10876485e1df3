import { kustomizeBase } from '../../cli/k8s/index.ts'
import { chartTemplates } from './chart/index.ts'
import { examples } from './examples.ts'

export { examples } from './examples.ts'

/** All files of deploy/ that are made of what `k6-inference k8s` writes: paths in it to texts. */
export function deployFiles(): Record<string, string> {
  const shown = examples()
  const { plan, text } = shown.find((example) => example.plan.schedule !== undefined)!
  const command = text.slice(0, text.indexOf('\n'))
  const base = kustomizeBase(plan)
  base['kustomization.yaml'] = `${command} --kustomize --out base\n${base['kustomization.yaml']}`
  return {
    ...under('kubernetes', Object.fromEntries(shown.map(({ file, text }) => [file, text]))),
    ...under('kustomize/base', base),
    ...under('helm/k6-inference', chartTemplates()),
  }
}

function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]),
  )
}
