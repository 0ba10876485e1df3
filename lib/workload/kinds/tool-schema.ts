/** A small set of tools in OpenAI's format, such as an assistant for orders and files would have. */
export const TOOLS: readonly unknown[] = [
  tool('search_orders', 'Find orders of a customer', {
    customer: { type: 'string', description: 'Name or number of the customer' },
    state: { type: 'string', enum: ['open', 'sent', 'returned'] },
  }),
  tool('read_file', 'Read a text file of the workspace', {
    path: { type: 'string', description: 'Path relative to the workspace' },
  }),
  tool('run_query', 'Run a read-only SQL query on the warehouse', {
    sql: { type: 'string' },
    limit: { type: 'integer', description: 'Most rows to return' },
  }),
]

function tool(name: string, description: string, properties: Record<string, unknown>): unknown {
  return {
    type: 'function',
    function: {
      name,
      description,
      parameters: { type: 'object', properties, required: Object.keys(properties).slice(0, 1) },
    },
  }
}
