/** Light colours, then the same names for dark. Every text colour has a contrast of at least 4.5 on its background. */
const colours = `
:root{color-scheme:light dark;
--paper:#fafaf7;--card:#fff;--ink:#1b2026;--muted:#59636e;--line:#dfe2de;--soft:#f0f1ed;
--accent:#1f5f8b;--pass:#1c6b44;--pass-soft:#e7f2ec;--fail:#a6281d;--fail-soft:#fbeae7;--warn:#80520a;--warn-soft:#faf1dd;
--s0:#1f5f8b;--s1:#b3501a;--s2:#47742f;--s3:#77468f;--s4:#59636e}
@media (prefers-color-scheme:dark){:root{
--paper:#14171a;--card:#1a1e22;--ink:#e4e7ea;--muted:#a1aab3;--line:#31373d;--soft:#22272c;
--accent:#83bce6;--pass:#86d3a8;--pass-soft:#1a2b22;--fail:#ff9d91;--fail-soft:#35201e;--warn:#e7bd72;--warn-soft:#302817;
--s0:#83bce6;--s1:#f0a36b;--s2:#9fd083;--s3:#cda6e5;--s4:#a1aab3}}`

const text = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
.page{overflow-wrap:anywhere;max-width:1040px;margin:0 auto;padding:0 24px 72px}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:2rem;letter-spacing:-.015em}h2{font-size:1.35rem;letter-spacing:-.01em}h3{font-size:1.05rem}
p{margin:.5em 0}a{color:var(--accent);text-underline-offset:.18em}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85em}
pre{margin:.4em 0;padding:10px 12px;background:var(--soft);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.mono{overflow-wrap:anywhere}.muted{color:var(--muted)}.small{font-size:.875rem;line-height:1.4}.word{display:inline-block;max-width:100%}.num{white-space:nowrap}
.label{font-size:.8125rem;font-weight:600;color:var(--muted);margin:0}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px;top:8px;background:var(--card);padding:8px 12px;z-index:1}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`

const layout = `
header{padding:40px 0 20px}
header .kicker{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between;color:var(--muted);font-size:.875rem;margin:0 0 14px}
header .about{color:var(--muted);margin:.4em 0 0;overflow-wrap:anywhere}
section{margin-top:56px;scroll-margin-top:16px}section>h2{margin-bottom:6px}section>.lead{color:var(--muted);max-width:68ch;margin:0 0 18px}
nav ul{list-style:none;margin:28px 0 0;padding:14px 0;display:flex;flex-wrap:wrap;gap:6px 22px;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:.9375rem}
.verdict{margin-top:0;border-left:6px solid;border-radius:4px 10px 10px 4px;padding:20px 24px}
.verdict.passed{border-color:var(--pass);background:var(--pass-soft)}.verdict.failed{border-color:var(--fail);background:var(--fail-soft)}
.verdict h2{display:flex;align-items:flex-start;gap:10px;font-size:1.35rem}.verdict svg{flex:none}
.verdict.passed h2 strong{color:var(--pass)}.verdict.failed h2 strong{color:var(--fail)}
.verdict ul{margin:.7em 0 0;padding-left:1.2em}.verdict li{margin:.3em 0;overflow-wrap:anywhere}.verdict .todo{margin:.9em 0 0;overflow-wrap:anywhere}
.tiles{display:grid;grid-auto-rows:auto;grid-template-columns:repeat(auto-fit,minmax(205px,1fr));gap:16px;margin:20px 0 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0}
.tile{display:grid;grid-row:span 2;grid-template-rows:subgrid;gap:8px}.tile dt{font-size:.875rem;color:var(--muted);line-height:1.4}.tile dt strong{color:var(--ink)}
.tile dd{margin:0;line-height:1.4}.tile .big{font-size:1.9rem;font-weight:600;letter-spacing:-.02em;line-height:1.2}
.tile .gauge{display:block;width:100%;height:16px;margin:8px 0 6px}.tile.bad .need{color:var(--fail);font-weight:600}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin:16px 0;break-inside:avoid}
.card>p:last-child,.card>pre:last-child{margin-bottom:0}section>h3{margin-top:28px}.card h3{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center}
.chip{display:inline-block;font-size:.75rem;font-weight:600;line-height:1.5;padding:1px 9px;border-radius:99px;border:1px solid currentColor;white-space:nowrap}
.chip.fail{color:var(--fail)}.chip.pass{color:var(--pass)}.chip.warn{color:var(--warn)}.chip.plain{color:var(--muted)}
.callout{border-left:4px solid var(--warn);background:var(--warn-soft);border-radius:3px 8px 8px 3px;padding:14px 18px;margin:18px 0;break-inside:avoid}
.callout h3{color:var(--warn)}.callout ul{margin:.5em 0 0;padding-left:1.2em}
.facts{display:grid;grid-template-columns:minmax(130px,max-content) 1fr;gap:6px 20px;margin:10px 0 0}
.facts dt{color:var(--muted)}.facts dd{margin:0;overflow-wrap:anywhere;min-width:0}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:16px}.columns .card{margin:0;min-width:0}
details{margin:10px 0 0}summary{cursor:pointer;color:var(--accent);font-size:.9375rem}
footer{margin-top:64px;padding-top:16px;border-top:1px solid var(--line);color:var(--muted);font-size:.875rem}`

const tables = `
.wide{overflow-x:auto;margin:12px 0 0}
table{overflow-wrap:normal;border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{text-align:left;vertical-align:top;padding:9px 18px 9px 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.8125rem;color:var(--muted);font-weight:600;vertical-align:bottom}
tbody th{font-weight:600}td.right,th.right{text-align:right}td.any{overflow-wrap:anywhere}td.any .mono{font-size:.75rem}.whole{white-space:nowrap}
.measured{display:flex;gap:12px;align-items:center}.measured .num{min-width:4em;text-align:right}
.bar{display:block;width:100%;min-width:90px;max-width:300px;height:18px}
.track{fill:var(--soft)}.value{fill:var(--s0);opacity:.7}.whisker{stroke:var(--ink);stroke-width:1.5}.need-mark{stroke:var(--fail);stroke-width:2}`

const bins = `
.columns.start{align-items:start;margin-top:14px}
.bins caption{text-align:left;color:var(--muted);font-size:.875rem;padding:4px 0 8px}
.bins th,.bins td{padding:2px 12px 2px 0;border:0;font-size:.875rem;vertical-align:middle}
.bins tbody th{font-weight:400;overflow-wrap:anywhere;min-width:7.5em}.bins td.right,.bins th.right{padding:2px 0 2px 6px;white-space:nowrap}.bins .bar{min-width:50px}`

const heat = `
.heat{display:block;padding:4px 10px;border-radius:6px;background:color-mix(in srgb,var(--fail) var(--heat),var(--card))}
${Array.from({ length: 11 }, (_, tone) => `.h${tone}{--heat:${4 * tone}%}`).join('')}`

const corruptions = `
.severities{font-size:.875rem;max-width:760px}.severities caption{text-align:left;color:var(--muted);font-size:.875rem;padding:0 0 8px;text-wrap:pretty}
.severities th,.severities td{padding:4px 8px;vertical-align:middle;text-align:right;border-bottom:1px solid var(--paper)}.severities tbody th,.severities tfoot th,.severities th:first-child{text-align:left;padding-left:0;font-weight:400}.severities .chip{margin-left:4px}
.severities thead th,.severities tfoot th,.severities tfoot td,.severities .sum{font-weight:600}.severities tfoot th,.severities tfoot td{border-top:2px solid var(--line)}
.severities .reach{display:inline-block;min-width:8.5em;font-weight:400;color:var(--ink);font-size:.75rem;padding-left:8px}
.severities .lost{background:color-mix(in srgb,var(--fail) var(--heat),var(--paper))}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.strip{list-style:none;margin:12px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(112px,1fr));gap:14px 10px}
.strip img{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:var(--soft);border-radius:4px;image-rendering:pixelated}
.strip figcaption{font-weight:400;font-size:.75rem;line-height:1.35;margin:4px 0 0}.strip .wrong{color:var(--fail);font-weight:600}`

const made = `
.made-parts{display:flex;flex-wrap:wrap;gap:14px 20px;margin:12px 0 0}.made-parts figure{flex:none;width:176px}.made-parts .facts{flex:1 1 200px;grid-template-columns:1fr;gap:0;margin:0}.made-parts .facts dt{font-size:.875rem}.made-parts .facts dd{margin-bottom:8px}.made-parts .mono{font-size:.75rem}
.made img{display:block;width:100%;border:1px solid var(--line);border-radius:4px;image-rendering:pixelated}
.made figcaption{font-weight:400;font-size:.8125rem;color:var(--muted);margin:4px 0 0}`

const charts = `
figure{margin:0}figcaption{font-weight:600;margin-bottom:8px}
.chart{display:block;width:100%;max-width:520px;height:auto}
.chart text{font-size:12px;fill:var(--muted)}.chart .axis{fill:var(--ink)}
.grid{stroke:var(--line);stroke-width:1}.base{stroke:var(--muted);stroke-width:1}
.band{opacity:.16}.curve{fill:none;stroke-width:2}
${[0, 1, 2, 3, 4].map((i) => `.s${i} .band,.s${i} .mark{fill:var(--s${i})}.s${i} .curve{stroke:var(--s${i})}`).join('')}
.s1 .curve{stroke-dasharray:7 4}.s2 .curve{stroke-dasharray:2 3}.s3 .curve{stroke-dasharray:9 3 2 3}.s4 .curve{stroke-dasharray:4 4}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:6px 0 0;padding:0;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:6px}
.examples{list-style:none;margin:14px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:16px}
.example{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;break-inside:avoid}
.example .pictures{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:10px;margin:0 0 10px}
.example img{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:var(--soft);border-radius:4px;image-rendering:pixelated}
.example figcaption{font-weight:400;font-size:.8125rem;color:var(--muted);margin:4px 0 0}
.example p{margin:0;font-size:.9375rem}`

const phone = `
@media (max-width:640px){
.page{padding:0 16px 48px}header{padding:24px 0 16px}h1{font-size:1.55rem}section{margin-top:44px}
.verdict{padding:16px 18px}.tiles{grid-template-columns:1fr 1fr;gap:10px}.tile{padding:12px 14px}.tile .big{font-size:1.5rem}
.card{padding:16px}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:8px}
.severities{font-size:.75rem}.severities th,.severities td{padding:4px}.severities .reach{display:none}.strip{grid-template-columns:repeat(3,minmax(0,1fr))}
table.stack{overflow-wrap:anywhere}table.stack,.stack tbody,.stack tr,.stack td,.stack th{display:block}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{border-bottom:1px solid var(--line);padding:10px 0}
.stack td,.stack tbody th{border:0;padding:2px 0;text-align:left}
.stack td{display:grid;grid-template-columns:8.5em minmax(0,1fr);gap:10px}.stack td:empty{display:none}.stack .whole{white-space:normal}.measured{display:block}.stack .measured .bar{max-width:none}
.stack td::before{content:attr(data-label);color:var(--muted);font-size:.875rem}}`

const print = `
@page{size:A4;margin:16mm 14mm}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--muted:#444;--line:#bbb;--soft:#f2f2f2;
--accent:#1f5f8b;--pass:#1c6b44;--pass-soft:#fff;--fail:#a6281d;--fail-soft:#fff;--warn:#80520a;--warn-soft:#fff;
--s0:#1f5f8b;--s1:#b3501a;--s2:#47742f;--s3:#77468f;--s4:#444}
body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{max-width:none;padding:0}header{padding-top:0}section{margin-top:28px}nav,.skip{display:none}
table{font-size:8.5pt}th,td{padding:5px 10px 5px 0}.whole{white-space:normal}.bar{min-width:60px}.measured{gap:6px}.wide{overflow:visible}h2,h3{break-after:avoid}tr,figure,li{break-inside:avoid}
.tiles{grid-template-columns:repeat(4,1fr)}.columns{grid-template-columns:repeat(2,minmax(0,1fr))}.examples{grid-template-columns:repeat(3,minmax(0,1fr))}.example figcaption{font-size:7.5pt}
details::details-content{content-visibility:visible;block-size:auto}summary{color:var(--muted);list-style:none}figure details{display:none}a{color:inherit}}`

export const style = (
  colours +
  text +
  layout +
  tables +
  bins +
  heat +
  corruptions +
  made +
  charts +
  phone +
  print
).trim()
