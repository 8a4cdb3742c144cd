const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/**
 * Modules of which nothing belongs in a model file: they run code or programs, load libraries, or reach files and the
 * network. Each stands for the modules below it too.
 */
export const dangerousModules: ReadonlySet<string> = new Set(
  words(`
    os posix nt ntpath posixpath genericpath sys subprocess _posixsubprocess popen2 commands platform pty tty
    importlib imp runpy zipimport pkgutil pkg_resources setuptools distutils pip ensurepip venv site sitecustomize
    code codeop bdb pdb trace timeit cProfile profile _lsprof pstats doctest unittest idlelib lib2to3 compileall
    py_compile dis inspect ast symtable tokenize linecache traceback faulthandler
    pickle _pickle cPickle pickletools dill cloudpickle shelve marshal jsonpickle copy
    ctypes _ctypes cffi _cffi_backend mmap gc _testcapi _xxsubinterpreters
    socket _socket ssl socketserver http urllib urllib2 httplib ftplib smtplib poplib imaplib nntplib telnetlib
    xmlrpc requests urllib3 aiohttp httpx webbrowser antigravity asyncio concurrent multiprocessing _multiprocessing
    threading _thread signal sched atexit shutil tempfile glob fileinput fcntl pwd spwd resource select selectors
    io _io codecs.open bz2 lzma gzip zipfile tarfile logging.config logging.handlers logging.FileHandler sqlite3 dbm
    tkinter turtle curses readline rlcompleter cmd shlex getpass
    functools.partial weakref._finalizer contextlib types.FunctionType types.CodeType
    IPython ipykernel jupyter_client nbconvert fabric paramiko invoke pexpect sh plumbum psutil winreg _winapi msvcrt
    yaml.load joblib.load joblib.memory joblib.parallel joblib.externals joblib._parallel_backends joblib.hashing
    numpy.testing numpy.f2py numpy.distutils numpy.ctypeslib numpy.lib.npyio numpy.lib._npyio_impl numpy.lib.format
    numpy.lib.utils numpy.lib._datasource numpy.compat numpy.conftest
    scipy.io scipy.weave scipy._lib._testutils scipy.datasets scipy.misc
    sklearn.externals sklearn.utils._testing sklearn.datasets sklearn.utils.parallel sklearn.conftest
    sklearn.utils._joblib
    torch.hub torch.jit.frontend torch.jit.unsupported_tensor_ops torch.package torch.testing
    torch.distributed.rpc torch.distributed.run torch.distributed.launch torch.distributed.elastic torch.distributed.nn
    torch.distributed.distributed_c10d torch.distributed.launcher
    torch.multiprocessing torch.onnx torch.fx torch.export torch._dynamo torch._inductor torch._functorch
    torch._export torch.compiler torch.serialization torch.utils.bottleneck torch.utils.collect_env
    torch.utils.cpp_extension torch.utils._cpp_extension_versioner torch.utils._config_module torch.utils.model_zoo
    torch.utils.hipify torch.utils.file_baton torch.utils.data.datapipes torch.utils.show_pickle torch.utils.tensorboard
    torch._appdirs torch._sources torch._classes torch._ops torch.ops torch.classes torch._namedtensor_internals
    torch._C._jit torch.cuda._memory_viz torch.profiler torch.autograd.profiler torch.backends
    tensorflow keras.utils keras.config keras.saving keras.src.saving keras.src.utils keras.models keras.src.models.model
    pandas.io pandas.core.computation pandas.util pandas.compat pandas._testing pandas._config
    transformers.dynamic_module_utils transformers.utils transformers.pipelines huggingface_hub datasets.load
    matplotlib PIL.ImageShow PIL.ImageMath cv2 cgi cgitb wsgiref
  `),
)

/** Callables that run code, give access to it, or load more of it, by module. */
const dangerousNames: Readonly<Record<string, readonly string[]>> = {
  builtins: words(`
    eval exec execfile compile open file __import__ getattr setattr delattr globals locals vars dir input raw_input
    breakpoint help apply map filter reduce reload super classmethod staticmethod property __build_class__ callable
    memoryview exit quit license copyright credits
  `),
  operator: words('attrgetter methodcaller call'),
  _operator: words('attrgetter methodcaller call'),
  functools: words('partial partialmethod reduce cached_property singledispatch'),
  _functools: words('partial reduce'),
  itertools: words('starmap accumulate'),
  types: words('FunctionType LambdaType CodeType ModuleType MethodType GeneratorType new_class'),
  codecs: words('open lookup register EncodedFile'),
  copyreg: words('add_extension pickle constructor __newobj_ex__ __newobj__'),
  numpy: words('load loadtxt genfromtxt fromfile memmap savetxt save savez tofile DataSource fromregex vectorize'),
  joblib: words('load dump Memory Parallel delayed'),
  'joblib.numpy_pickle': words('load load_temporary_memmap _unpickle dump NumpyUnpickler NumpyPickler'),
  'joblib.numpy_pickle_compat': words('load_compatibility ZipNumpyUnpickler'),
  torch: words('load save hub compile from_file import_ir_module'),
  'torch.jit': words('load save script trace CompilationUnit import_ir_module'),
  'torch._C': words('PyTorchFileReader PyTorchFileWriter import_ir_module import_ir_module_from_buffer'),
  'torch._jit_internal': words('createResolutionCallbackFromEnv createResolutionCallbackFromClosure fake_range'),
  'torch.storage': words('_share_filename_cpu_ _new_shared_filename_cpu'),
  'torch.utils': words('data'),
  weakref: words('finalize'),
  'numpy.core._internal': words('_ctypes'),
  yaml: words('load load_all unsafe_load unsafe_load_all full_load'),
  pandas: words('read_pickle read_csv read_table read_json read_html read_excel read_hdf read_sql eval'),
  lightgbm: words('train cv'),
  xgboost: words('train rabit'),
  enum: words('_decompose'),
  keras: words('load_model'),
}

const named = new Set(
  Object.entries(dangerousNames).flatMap(([module, names]) => names.map((name) => `${module}.${name}`)),
)

/** Packages of which something is dangerous, in the spelling of Python 2 too, for searches of bytes. */
export const dangerousRoots: ReadonlySet<string> = new Set(
  [...dangerousModules, ...Object.keys(dangerousNames), '__builtin__'].map((path) => path.replace(/\..*/, '')),
)

/**
 * What no harmless module should lend under its own name: a module or a callable that another module happens to import
 * is reached through it (`torch.serialization.os.system`, or `os` of any module).
 */
const reachedThrough = new Set(
  words(`
    os posix nt sys subprocess importlib runpy shutil socket ctypes builtins __builtins__ __import__ eval exec execfile
    compile system popen spawn getattr setattr globals check_output check_call Popen run_path run_module loads
    import_module load_module exec_module pickle marshal code_object runstring runcode runsource interact
  `),
)

/** Python 2 and its aliases in Python 3. */
const aliases: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
  _functools: 'functools',
  _operator: 'operator',
}

export const canonicalModule = (module: string): string => aliases[module] ?? module

/** Whether a module or one above it is in the set. */
const isWithin = (set: ReadonlySet<string>, path: string): boolean => {
  for (let at = path.length; at > 0; at = path.lastIndexOf('.', at - 1)) if (set.has(path.slice(0, at))) return true
  return false
}

/** Whether the import is one of those that no model file needs. */
export const isDangerousImport = (module: string, name: string): boolean => {
  const parts = name.split('.')
  return (
    isWithin(dangerousModules, module) ||
    parts.some(
      (part, i) =>
        named.has([module, ...parts.slice(0, i + 1)].join('.')) ||
        reachedThrough.has(part) ||
        isWithin(dangerousModules, [module, ...parts.slice(0, i + 1)].join('.')),
    )
  )
}
