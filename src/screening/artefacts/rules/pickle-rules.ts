import { dontLoad, type Rule, rebuild, resave } from './rule.ts'

/** Rules of pickles, in whatever they lie. */
export const pickleRules = {
  'pickle-dangerous-import': {
    severity: 'critical',
    title: 'A pickle imports what can run code, start programs or reach files and the network',
    meaning: 'Loading the file runs what its author wrote, with the rights of whoever loads it.',
    hint: dontLoad,
  },
  'pickle-attribute-chain': {
    severity: 'critical',
    title: 'A pickle reaches through attributes of an import',
    meaning: 'A dotted name leads from a harmless module to anything that this module itself imports.',
    hint: dontLoad,
  },
  'pickle-unresolved-import': {
    severity: 'high',
    title: 'A pickle computes the name of what it imports',
    meaning: 'What is imported is only known when the file is loaded; ordinary pickles write the name out.',
    hint: dontLoad,
  },
  'pickle-import-changed': {
    severity: 'high',
    title: 'A pickle changes a class or a function that it imported',
    meaning: 'Attributes set on an import outlive the load and change how the running program behaves.',
    hint: dontLoad,
  },
  'pickle-unknown-import': {
    severity: 'medium',
    title: 'A pickle imports something that is not known to be harmless',
    meaning: 'Loading imports the module and, where it is called, runs it with arguments from the file.',
    hint: 'read the code of what is imported; if it is your own or you trust it, name it with --allow',
  },
  'pickle-extension': {
    severity: 'medium',
    title: 'A pickle uses the extension registry',
    meaning: 'Which class stands behind the number depends on the program that loads the file.',
    hint: 'find out which class is meant; ordinary libraries do not use the registry',
  },
  'pickle-broken': {
    severity: 'medium',
    title: 'A pickle does not end as it should',
    meaning: 'Loading fails, but what stands before the break has run by then. All of that was inspected.',
    hint: resave,
  },
  'pickle-hidden': {
    severity: 'medium',
    title: 'A pickle lies within other data',
    meaning: 'A loader that skips to it would run it; scanners that look at the start only miss it.',
    hint: rebuild,
  },
  'pickle-trailing-data': {
    severity: 'low',
    title: 'Data follow the end of a pickle',
    meaning: 'A loader stops before them. They may be anything.',
    hint: resave,
  },
  'pickle-persistent-id': {
    severity: 'info',
    title: 'A pickle refers to objects outside it',
    meaning: 'Only a loader made for it can open it; what it fetches then is not in the file.',
    hint: 'check what the loader does with the names',
  },
} as const satisfies Readonly<Record<string, Rule>>
