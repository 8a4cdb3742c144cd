const signs: readonly (readonly [RegExp, string])[] = [
  [/__(?:import|builtins|globals|subclasses|class|mro|base|reduce|code)__/, 'it names Python’s own attributes'],
  [/\b(?:eval|exec|compile)\s*\(/, 'it calls eval, exec or compile'],
  [/\b(?:os\.(?:system|popen)|subprocess\.\w+|pty\.spawn)\b/, 'it starts programs'],
  [/\bimport\s+(?:os|sys|subprocess|socket|ctypes|pickle)\b/, 'it imports modules of Python'],
  [/<script[\s>]|javascript:/i, 'it holds a script'],
  [/^(?:gASV|gAJ[a-zA-Z]|gAN[a-zA-Z]|gAR[a-zA-Z])[A-Za-z0-9+/=]{8}/, 'it is a pickle in Base64'],
  [/\/etc\/(?:passwd|shadow)|\/bin\/(?:ba)?sh\b|powershell/i, 'it names files or shells of the system'],
]

/** Why a text of a model’s metadata looks like code; undefined where it doesn’t. */
export const codeIn = (text: string): string | undefined =>
  signs.find(([sign]) => sign.test(text.slice(0, 1_000_000)))?.[1]
