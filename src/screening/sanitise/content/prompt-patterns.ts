/** A phrase that turns a text into an instruction for a language model, and how much it says by itself (0 to 1). */
export interface PromptPattern {
  readonly rule: string
  readonly weight: number
  readonly pattern: RegExp
}

/** A few words may stand between: "ignore all of the previous instructions". */
const some = '(?:[\\p{L}\\p{M}\\d\'’"-]{1,20}[\\s,]{1,4}){0,4}'
const between = '[\\s]{1,4}'
const phrase = (rule: string, weight: number, verbs: string, nouns: string): PromptPattern => ({
  rule,
  weight,
  pattern: new RegExp(`(?<![\\p{L}\\p{M}])(?:${verbs})${between}${some}(?:${nouns})(?![\\p{L}\\p{M}])`, 'giu'),
})
const plain = (rule: string, weight: number, source: string): PromptPattern => ({
  rule,
  weight,
  pattern: new RegExp(source, 'giu'),
})

/** Weights: 0.8 is an attack in nearly any text; 0.3 needs a second sign beside it to be reported. */
export const promptPatterns: readonly PromptPattern[] = [
  phrase(
    'override-en',
    0.8,
    'ignore|disregard|forget|override|bypass',
    '(?:previous|prior|above|preceding|earlier|original|system|all)(?: \\p{L}{1,12}){0,2} (?:instructions?|prompts?|rules|directions|directives|guidelines|context|messages?)',
  ),
  phrase(
    'override-de',
    0.8,
    'ignorier(?:e|en|t)?|vergiss|vergessen|missachte',
    '(?:vorherigen|bisherigen|obigen|vorigen|früheren|alle) (?:\\p{L}{1,12} )?(?:anweisungen|instruktionen|regeln|befehle|vorgaben)',
  ),
  phrase(
    'override-fr',
    0.8,
    'ignore[rz]?|oublie[rz]?',
    '(?:instructions|consignes|règles|directives) (?:précédentes|antérieures|ci-dessus|du système)',
  ),
  phrase(
    'override-es',
    0.8,
    'ignora|ignore|olvida|olvide',
    '(?:instrucciones|reglas|indicaciones|órdenes) (?:anteriores|previas|del sistema)',
  ),
  phrase(
    'override-pt',
    0.8,
    'ignore|esqueça|desconsidere',
    '(?:instruções|regras|orientações) (?:anteriores|prévias|do sistema)',
  ),
  phrase(
    'override-it',
    0.8,
    'ignora|dimentica|trascura',
    '(?:istruzioni|regole|indicazioni) (?:precedenti|di sistema)',
  ),
  phrase('override-nl', 0.8, 'negeer|vergeet', '(?:vorige|eerdere|bovenstaande) (?:instructies|regels|opdrachten)'),
  phrase(
    'override-pl',
    0.8,
    'zignoruj|ignoruj|zapomnij',
    '(?:poprzednie|wcześniejsze|powyższe) (?:instrukcje|polecenia|zasady)',
  ),
  phrase(
    'override-ru',
    0.8,
    'игнорируй(?:те)?|проигнорируй(?:те)?|забудь(?:те)?',
    '(?:предыдущие|прежние|вышеуказанные|все) (?:\\p{L}{1,12} )?(?:инструкции|указания|правила)',
  ),
  phrase(
    'override-tr',
    0.8,
    'önceki|yukarıdaki',
    '(?:talimatları|kuralları|yönergeleri) (?:yok say|unut|görmezden gel)',
  ),
  plain(
    'override-zh',
    0.8,
    '(?:忽略|无视|無視|忘记|忘記|不要理会)[^。\\n]{0,8}(?:之前|以上|先前|前面|上述|所有)[^。\\n]{0,6}(?:指令|指示|提示|规则|規則|说明|說明|内容)',
  ),
  plain(
    'override-ja',
    0.8,
    '(?:以前|上記|これまで|前|すべて)の[^。\\n]{0,8}(?:指示|命令|ルール|プロンプト)を?[^。\\n]{0,4}(?:無視|忘れ)',
  ),
  plain('override-ko', 0.8, '(?:이전|위의|앞의|모든)[^.\\n]{0,8}(?:지시|명령|지침|규칙)[^.\\n]{0,8}(?:무시|잊어)'),
  plain('override-ar', 0.8, '(?:تجاهل|انس)[^.\\n]{0,12}(?:التعليمات|الأوامر|القواعد)[^.\\n]{0,8}(?:السابقة|أعلاه)'),
  plain('override-hi', 0.8, '(?:पिछले|पहले के|उपरोक्त)[^।\\n]{0,12}(?:निर्देश|आदेश|नियम)[^।\\n]{0,12}(?:अनदेखा|भूल)'),
  plain(
    'chat-markup',
    0.7,
    '<\\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\\|>|\\[/?INST\\]|<</?SYS>>|<(?:start|end)_of_turn>',
  ),
  plain('role-header', 0.35, '(?:^|\\n)[#*\\s]{0,6}(?:system|assistant)(?: (?:prompt|message))?\\s{0,2}:'),
  plain(
    'new-instructions',
    0.4,
    '(?<!\\p{L})(?:new|updated|real|actual) (?:system )?(?:instructions?|prompt)\\s{0,2}:|(?<!\\p{L})neue anweisungen?\\s{0,2}:|(?<!\\p{L})(?:nouvelles instructions|nuevas instrucciones)\\s{0,2}:',
  ),
  phrase(
    'leak-prompt',
    0.7,
    'reveal|repeat|print|show|output|display|leak|tell me',
    '(?:system|initial|hidden|secret|original) (?:prompt|instructions?|message)',
  ),
  phrase(
    'leak-prompt-de',
    0.7,
    'zeige?|verrate?|wiederhole|nenne',
    '(?:system-?prompt|systemanweisung(?:en)?|geheimen? anweisungen)',
  ),
  plain(
    'persona',
    0.5,
    '(?<!\\p{L})you are (?:now )?(?:DAN|in developer mode|an? (?:unrestricted|unfiltered|uncensored|jailbroken)[^.\\n]{0,40})|(?<!\\p{L})do anything now(?!\\p{L})|(?<!\\p{L})(?:enable|enter|activate) (?:developer|god|jailbreak|DAN) mode',
  ),
  plain(
    'persona-from-now',
    0.35,
    '(?<!\\p{L})from now on,? you (?:are|will|must|shall)|(?<!\\p{L})ab jetzt bist du|(?<!\\p{L})à partir de maintenant,? tu es|(?<!\\p{L})a partir de ahora,? eres',
  ),
  plain(
    'address-model',
    0.35,
    '(?<!\\p{L})(?:attention|note|message|instructions?) (?:to|for) (?:the )?(?:ai|llm|language model|assistant|chatbot|reviewer model)(?!\\p{L})|(?<!\\p{L})(?:as|if you are) an? (?:ai|llm|large language model|ai assistant)(?!\\p{L})',
  ),
  plain(
    'hide-from-user',
    0.5,
    "(?<!\\p{L})(?:do not|don't|never) (?:mention|tell|reveal|inform|show)[^.\\n]{0,30}(?:the user|to anyone|these instructions|this instruction)",
  ),
  plain(
    'exfiltrate',
    0.5,
    '(?<!\\p{L})(?:send|post|forward|upload|exfiltrate|append)[^.\\n]{0,60}(?:conversation|chat history|api keys?|credentials|passwords?|secrets)[^.\\n]{0,40}(?:to|at) (?:https?://|[\\w.]{1,40}@)|!\\[[^\\]\\n]{0,60}\\]\\(https?://[^)\\s]{1,200}[?&][^)\\s]{0,100}=\\s?[{<$]',
  ),
  plain(
    'rate-favourably',
    0.6,
    '(?<!\\p{L})(?:give|assign|output|return)[^.\\n]{0,30}(?:a positive review|the highest (?:score|rating)|positive review only)|(?<!\\p{L})recommend accept(?:ing|ance)? (?:this|the) (?:paper|candidate|resume)',
  ),
]

/** Words without which no pattern matches: a cheap test before them all. */
export const promptHint =
  /ignor|disregard|forget|override|bypass|verg[ie]|missacht|oubli|olvid|esque|desconsid|diment|trascur|neg[e]{2}r|zapomn|игнор|забуд|önceki|yukar|忽略|无视|無視|忘|不要理会|이전|위의|앞의|모든|تجاهل|انس|पिछले|पहले|उपरोक्त|<\|im_|<\|s|<\|us|<\|as|<\|e|\[\/?INST|<<\/?SYS|_of_turn|system|assistant|instruction|anweisung|instruccion|reveal|repeat|do anything|developer mode|unrestricted|unfiltered|uncensored|jailbr|god mode|from now on|ab jetzt|partir de|language model|chatbot|llm|\bai\b|api key|credential|password|secret|conversation|chat history|review|rating|score|recommend|\]\(http/i
