import { bytes, u16, u32 } from './bytes.ts'
import { calling, instance, p, pickle } from './pickle.ts'
import { evilPickle, listed, type Sample } from './sample.ts'

const png = bytes('\x89PNG\r\n\x1a\n', new Uint8Array(64).fill(0x55))

/** What somebody who has read the scanner would try with bare pickles. */
export const evasivePickles: readonly Sample[] = [
  ...listed('pickle-dangerous-import', 'm.pkl', [
    [
      'a name put into the memo by a tuple that is popped with its mark',
      pickle(
        p.mark,
        p.text('os'),
        p.memoize,
        p.text('system'),
        p.memoize,
        bytes('1'),
        p.binGet(0),
        p.binGet(1),
        p.stackGlobal,
        p.text('id'),
        p.tuple1,
        p.reduce,
      ),
    ],
    [
      'names from the memo by LONG_BINGET, put there by LONG_BINPUT',
      pickle(
        p.text('os'),
        bytes('r', u32(70_000)),
        p.text('system'),
        bytes('r', u32(4)),
        p.pop,
        p.pop,
        bytes('j', u32(70_000)),
        bytes('j', u32(4)),
        p.stackGlobal,
        p.text('id'),
        p.tuple1,
        p.reduce,
      ),
    ],
    [
      'a call within the arguments of a harmless call',
      pickle(
        p.text('collections'),
        p.text('OrderedDict'),
        p.stackGlobal,
        p.mark,
        calling('posix', 'system'),
        p.tuple,
        p.reduce,
      ),
    ],
    [
      'a state that replaces __setstate__ before a second BUILD',
      pickle(
        instance(
          'sklearn.svm._classes',
          'SVC',
          bytes(p.emptyDict, p.text('__setstate__'), p.text('os'), p.text('system'), p.stackGlobal, p.setItem),
        ),
        p.text('id'),
        p.build,
      ),
    ],
    [
      'INST within a list that APPENDS takes',
      bytes(p.emptyList, p.mark, p.mark, p.quoted('id'), p.inst('nt', 'system'), p.appends, p.stop),
    ],
    [
      'OBJ whose class comes from the memo',
      bytes(p.global('os', 'system'), p.put(1), p.pop, p.mark, p.get(1), p.quoted('id'), p.obj, p.stop),
    ],
    [
      'a class fetched by GLOBAL and kept behind DUP',
      bytes(p.global('subprocess', 'call'), p.dup, p.pop, p.mark, p.quoted('id'), p.tuple, p.reduce, p.stop),
    ],
    [
      'a name of BINUNICODE8',
      pickle(
        bytes(0x8d, u32(2), u32(0), 'os'),
        bytes(0x8d, u32(6), u32(0), 'system'),
        p.stackGlobal,
        p.text('id'),
        p.tuple1,
        p.reduce,
      ),
    ],
  ]),
  ...listed('pickle-dangerous-import', 'm.pkl', [
    ['line ends of Windows in GLOBAL', bytes('cos\r\nsystem\r\n', p.quoted('id'), p.tuple1, p.reduce, p.stop)],
  ]),
  ...listed('pickle-extension', 'm.pkl', [
    ['EXT2', pickle(bytes(0x83, u16(700)), p.text('id'), p.tuple1, p.reduce)],
    ['EXT4', pickle(bytes(0x84, u32(70_000)), p.text('id'), p.tuple1, p.reduce)],
  ]),
  ...listed('pickle-import-changed', 'm.pkl', [
    [
      'BUILD of a class with slots',
      pickle(
        p.global('sklearn.svm._classes', 'SVC'),
        p.none,
        p.emptyDict,
        p.text('predict'),
        p.int(1),
        p.setItem,
        p.tuple2,
        p.build,
      ),
    ],
  ]),
  ...listed('pickle-hidden', 'logo.png', [['a pickle behind the header of a picture', bytes(png, evilPickle)]]),
]
