import { defineLayer } from '../layer.ts'

export const dropout = defineLayer({
  name: 'dropout',
  usage: 'dropout [RATIO]',
  help: 'in training, this share of the values (0.5) is 0 and the others grow to keep the mean; else nothing',
  read(args) {
    const ratio = args.number('the ratio', 0, 1, 0.5)
    return (draft, x) => {
      const name = draft.named('dropout')
      return draft.node(name, 'Dropout', [x, draft.filled(`${name}.ratio`, [], ratio)])
    }
  },
})
