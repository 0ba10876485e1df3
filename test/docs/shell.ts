/** A command of a shell script: its words, without variables set before it, redirections and comments. */
export type Command = string[]

/** Shell blocks of a Markdown text. */
export function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
}

/** Commands in `…` inside sentences that begin with one of these programs. */
export function inlineCommands(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '')
  return [
    ...prose.matchAll(
      /`((?:npx k6-inference|k6 (?:run|new|archive)|npm run) [^`\n]+(?:\n[^`\n]+)?)`/g,
    ),
  ].map(([, code = '']) => code.replace(/\n\s*/g, ' '))
}

/** The commands of a script, enough of the shell's grammar for documentation. */
export function commandsOf(script: string): Command[] {
  return script
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => line.replace(/\s#\s.*$/, '').split(/\s(?:&&|\|\||\||&)(?:\s|$)|;/))
    .map(words)
    .map((command) => {
      const at = command.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && word !== 'trap')
      return at < 0 ? [] : command.slice(at).filter((word) => !/^[<>]/.test(word))
    })
    .filter((command) => command.length > 0)
}

/** Words of a line; quotes are taken off, and `$(…)` stays whole. */
function words(line: string): string[] {
  const found = line.matchAll(/(?:"(?:\$\([^)]*\)|[^"])*"|'[^']*'|\$\([^)]*\)|[^\s"'])+/g)
  return [...found].map(([word]) => word.replace(/"((?:\$\([^)]*\)|[^"])*)"|'([^']*)'/g, '$1$2'))
}
