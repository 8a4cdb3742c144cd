import { gzipSync } from 'node:zlib'
import { tar, zip } from './archives.ts'
import { bytes, utf8 } from './bytes.ts'
import { calling, p, pickle } from './pickle.ts'
import { evilPickle, listed, type Sample } from './sample.ts'

const harmless = pickle(p.emptyDict)

/** Archives that mislead scanners, write elsewhere, or carry code. */
export const maliciousArchives: readonly Sample[] = [
  ...listed('archive-path-traversal', 'm.zip', [
    ['zip: a name that leads upward', zip([{ name: '../../.bashrc', data: utf8('x') }])],
    ['zip: an absolute name', zip([{ name: '/etc/cron.d/x', data: utf8('x') }])],
    ['zip: a drive', zip([{ name: 'C:\\x.dll', data: utf8('x') }])],
    ['zip: backslashes', zip([{ name: 'a\\..\\..\\x', data: utf8('x') }])],
  ]),
  ...listed('archive-link-outside', 'm.zip', [
    ['zip: a link outside', zip([{ name: 'a', data: utf8('../../etc/passwd'), mode: 0o120777 }])],
  ]),
  ...listed('archive-duplicate-name', 'm.zip', [
    [
      'zip: a name twice',
      zip([
        { name: 'a', data: utf8('1') },
        { name: 'a', data: utf8('2') },
      ]),
    ],
  ]),
  ...listed('archive-inconsistent', 'm.zip', [
    ['zip: another method in the member’s own header', zip([{ name: 'a', data: utf8('1'), localMethod: 8 }])],
  ]),
  ...listed('archive-path-traversal', 'm.tar', [
    ['tar: a name that leads upward', tar([{ name: '../x', data: utf8('x') }])],
  ]),
  ...listed('archive-link-outside', 'm.tar', [
    ['tar: a symbolic link outside', tar([{ name: 'a', type: '2', link: '/etc' }])],
    ['tar: a hard link outside', tar([{ name: 'a', type: '1', link: '../../etc/passwd' }])],
  ]),
  ...listed('archive-device', 'm.tar', [
    ['tar: a device', tar([{ name: 'd', type: '3' }])],
    ['tar: a pipe', tar([{ name: 'd', type: '6' }])],
  ]),
  ...listed('pickle-dangerous-import', 'm.tar.gz', [
    ['tar.gz: a pickle within', gzipSync(tar([{ name: 'm/model.pkl', data: evilPickle }]))],
  ]),
  ...listed('file-polyglot', 'm.pkl', [
    ['a pickle with a zip archive behind it', bytes(harmless, zip([{ name: 'a/data.pkl', data: evilPickle }]))],
  ]),
  ...listed('torchscript-file-access', 'm.pt', [
    [
      'TorchScript: reading a file',
      zip([
        { name: 'm/data.pkl', data: harmless },
        { name: 'm/code/__torch__.py', data: utf8('x = torch.from_file("/etc/passwd", False, 10)\n') },
      ]),
    ],
  ]),
  ...listed('pickle-dangerous-import', 'model.mar', [
    [
      'a torch model archive with a handler’s pickle',
      zip([{ name: 'weights.pth', data: pickle(calling('os', 'system')) }]),
    ],
  ]),
  ...listed('native-code', 'plugin.so', [['a native library', bytes('\x7fELF', new Uint8Array(60))]]),
]
