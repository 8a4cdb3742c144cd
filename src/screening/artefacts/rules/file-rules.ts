import { type Rule, rebuild, resave } from './rule.ts'

/** Rules of archives, of names that belie their content, and of what lies beside the models. */
export const fileRules = {
  'extension-mismatch': {
    severity: 'medium',
    title: 'The content is of another format than the name says',
    meaning: 'Checks that go by the name look at it in the wrong way or skip it.',
    hint: 'give the file the name of its format, or find out why it has another',
  },
  'file-polyglot': {
    severity: 'high',
    title: 'The file is two formats at once',
    meaning: 'One tool sees one content, another tool the other. Ordinary tools never write such files.',
    hint: rebuild,
  },
  'archive-path-traversal': {
    severity: 'critical',
    title: 'An archive member is written outside the folder that it is unpacked to',
    meaning: 'Unpacking with a careless tool overwrites files elsewhere, which can run code later.',
    hint: rebuild,
  },
  'archive-link': {
    severity: 'medium',
    title: 'An archive holds a link',
    meaning: 'Members that are unpacked later may be written through it.',
    hint: 'unpack with a tool that refuses links, or ask for an archive without them',
  },
  'archive-link-outside': {
    severity: 'high',
    title: 'An archive holds a link that leads outside it',
    meaning: 'Reading or writing through it after unpacking touches files elsewhere.',
    hint: rebuild,
  },
  'archive-device': {
    severity: 'high',
    title: 'An archive holds a device, a pipe or another special file',
    meaning: 'Reading it may never end; writing to it may damage the system.',
    hint: rebuild,
  },
  'archive-bomb': {
    severity: 'high',
    title: 'An archive inflates to far more than is plausible',
    meaning: 'Unpacking or loading it fills memory or disk.',
    hint: rebuild,
  },
  'archive-nesting': {
    severity: 'high',
    title: 'Archives lie within archives, too deep to look into',
    meaning: 'Ordinary files do not nest so deep; bombs and attempts to hide do.',
    hint: rebuild,
  },
  'archive-duplicate-name': {
    severity: 'high',
    title: 'An archive holds a name twice',
    meaning: 'Which of the two counts differs between tools, so that a check may see the other one.',
    hint: rebuild,
  },
  'archive-inconsistent': {
    severity: 'high',
    title: 'The directory of an archive and its members disagree',
    meaning: 'One tool sees one content, another tool the other: a known way past scanners.',
    hint: rebuild,
  },
  'archive-hidden-member': {
    severity: 'high',
    title: 'An archive holds a member that its directory does not list',
    meaning: 'Tools that read from the start find it, tools that read the directory do not.',
    hint: rebuild,
  },
  'archive-checksum': {
    severity: 'medium',
    title: 'The checksum of an archive member is wrong',
    meaning: 'The file is damaged or was changed by hand. Loaders that skip the check load it all the same.',
    hint: resave,
  },
  'archive-encrypted': {
    severity: 'medium',
    title: 'An archive member is marked as encrypted',
    meaning: 'It can not be inspected, or the mark is false and only meant to stop scanners.',
    hint: 'ask for the file without encryption',
  },
  'native-code': {
    severity: 'medium',
    title: 'A program or native library lies beside the models',
    meaning: 'It was not inspected; it runs if something loads it.',
    hint: 'find out what it is for and where it comes from',
  },
  'script-file': {
    severity: 'info',
    title: 'A script or notebook lies beside the models',
    meaning: 'It runs if someone runs it, or if a loader imports it.',
    hint: 'read it before you run it',
  },
  'link-outside': {
    severity: 'medium',
    title: 'A link leads outside the folder',
    meaning: 'Links are not followed, so what it leads to was not inspected.',
    hint: 'scan what it leads to, or copy it here',
  },
} as const satisfies Readonly<Record<string, Rule>>
