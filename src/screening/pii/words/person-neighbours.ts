const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''))

/** After a name these make it the name of something else ("John Hopkins University", "Smith Street"). */
export const institutions =
  set(`university college school institute academy hospital clinic church cathedral chapel museum library bank hotel inn restaurant cafe bar store shop market mall center centre theater theatre stadium arena airport station bridge tower building house hall park
  street st road rd avenue ave boulevard blvd drive lane court place square terrace way highway parkway circle crescent close alley trail plaza river lake mountain island islands area coast gulf sales bay beach valley forest garden gardens hills city town village county airport
  inc ltd llc corp corporation co company gmbh ag sa plc limited group holdings partners associates brothers bros sons foundation trust fund society association union party committee commission agency bureau institute labs laboratories industries systems technologies solutions consulting motors records
  award prize medal cup league championship tournament festival act law theorem syndrome disease effect test method index scale model equation process principle amendment doctrine treaty agreement
  magazine journal times post news tribune gazette herald show series album edition collection press books publishing
  straße strasse str weg platz allee gasse schule universität krankenhaus klinik stiftung verlag bibliothek museum straat laan plein kerk ziekenhuis caddesi sokak sokağı bulvarı mahallesi utca út tér ulice náměstí gatan vägen torg`)

/** Before a name these make it a place. */
export const placePrefixes = set(
  'mount mt lake saint st san santa santo fort ft port cape camp point new north south east west fort los las el rio sierra são sankt university hotel via rue calle rua street avenue plaza place piazza ulica улица',
)

/** What people do, just after a name, in some languages. */
export const personVerbs =
  set(`said says asked wrote writes called calls lives lived works worked joined signed sent told was is has had will would born paid visited moved bought agreed confirmed reported requested received submitted died
  sagte sagt schrieb wohnt arbeitet hat ist wurde war rief dijo dice vive trabaja escribió llamó firmó ha es fue a dit habite travaille écrit est été disse abita lavora scrisse mora trabalha vive woont werkt zei schreef heeft powiedział powiedziała mieszka pracuje napisał
  bor arbetar sade skrev dedi yaşıyor çalışıyor yazdı сказал сказала живёт живет работает написал написала позвонил řekl bydlí pracuje asuu työskentelee sanoi`)
