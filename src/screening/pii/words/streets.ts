const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''))

/** Words that end an English street name and are seldom anything else after a number and a name. */
export const streetWords = set(
  `street st road rd avenue ave boulevard blvd drive dr lane ln court ct terrace ter highway hwy parkway pkwy crescent cres close mews alley aly turnpike tpke expressway expy freeway fwy`,
)

/** Suffixes of the US Postal Service (Publication 28, appendix C1) and British ones that are ordinary words too. */
export const streetLikeWords =
  set(`place pl square sq way circle cir trail trl plaza plz walk row rise view vista hill hills grove green gardens garden park point pt ridge run loop path pass pike bend branch bridge brook brooks burg bypass camp canyon cape causeway center centre cliff cliffs club common commons corner corners course cove coves creek crest crossing crossroad curve dale dam divide
  estate estates extension extensions fall falls ferry field fields flat flats ford fords forest forge forges fork forks fort gateway glen glens greens groves harbor harbors haven heights hollow inlet island islands isle junction junctions key keys knoll knolls lake lakes land landing light lights loaf lock locks lodge manor manors meadow meadows mill mills mission motorway mount mountain mountains neck orchard oval overpass approach bank brow chase copse croft crofts dene drives drove heath hey heys mead meade parade quay ridings spinney wharf wynd yard
  parks parkways passage pine pines plain plains points port ports prairie radial ramp ranch rapid rapids rest ridges river roads route rue shoal shoals shore shores skyway spring springs spur spurs squares station stravenue stream streets summit throughway trace track trafficway tunnel underpass union unions valley valleys viaduct lea laurels spinney side brow grange brae chase garth croft maltings hollies leys fold beeches oaks paddock paddocks birches cedars hawthorns poplars willows elms limes views village villages ville walks wall ways well wells yard quay wharf parade vale`)

/** Words that begin a street name, with the name after them and the number before or after. */
export const streetPrefixes =
  set(`rue avenue av boulevard bd blvd place pl chemin ch allée allées impasse quai route rte cours passage square faubourg sentier villa voie calle c cl avenida avda av paseo pº plaza plza pza carrera cra camino carretera ctra ronda travesía glorieta rambla pasaje callejón urbanización bulevar cuesta barrio polígono colonia partida poblado arrabal senda sendero subida bajada cañada explanada huerta ramal riera rincón sector torrente jardines lugar masía mercado muelle
  via viale v.le piazza p.za corso c.so largo vicolo strada borgo contrada rotonda piazzale lungomare salita incrocio rua r travessa alameda al praça pç largo estrada rodovia rod viela avenida quadra ulica ul ul. aleja aleje al plac pl osiedle os улица ул проспект пр просп переулок пер площадь пл шоссе бульвар набережная наб вулиця вул szosa park ogród droga wyspa bulw rondo rynek skwer marginal acceso parcela grupo quinta extramuros municipio sección rúa calleja solar edificio bloque conjunto aldea manzana barranco аллея ал strada str bulevardul bd calea aleea intrarea șoseaua jalan jl`)

/**
 * Spanish kinds of street (Dirección General del Catastro, tipos de vía) that are ordinary words as well: they count
 * before a comma and a number, or "s/n".
 */
export const weakPrefixes = set(
  `arroyo autopista autovía barranco barriada bloque calleja calzada caserío chalet costanilla costera entrada escalera escalinata estación extramuros extrarradio ferrocarril finca
  galería glorieta grupo jardín lado manzana monte municipio parcela parque pasadizo plazuela prolongación puente puerta quinta rampa ribera rinconada rúa salida sección solar terrenos transversal trasera urbanización vereda vía viaducto vial`,
)

/** Endings of Germanic street names that are one word ("Hauptstraße", "Kerkstraat", "Storgatan", "Mannerheimintie"). */
export const streetEndings =
  /.{2,}(?:straße|strasse|str|gasse|allee|weg|platz|ring|damm|ufer|steig|stieg|chaussee|promenade|markt|wall|graben|garten|winkel|berg|feld|hof|busch|kamp|siedlung|straat|laan|plein|plantsoen|gracht|kade|singel|dijk|dreef|steeg|pad|gatan|gata|gärdet|allén|backen|gården|stråket|svängen|leden|kroken|slingan|vägen|väg|gränd|gränden|stigen|torget|gate|gaten|gade|veien|vei|vej|allé|stræde|plads|katu|tie|kuja|polku|väylä|rinne|linja|raitti|ranta|park|kaari|penger|aukio|kaarre|rinteet|vænget|toften|svinget|løkken|vangen|haven|parken|bakken|engen|marken|stien|utca)$/

/** Those of them that end many other words as well. */
export const weakEndings =
  /(?:berg|feld|hof|busch|kamp|garten|winkel|markt|wall|ring|pad|(?<!.{5})tie|gate|park|ranta|graben|promenade|damm|haven|parken|bakken|engen|marken)$/

/** Words after a street's name, with the number behind them. */
export const streetAfter = set(
  'str улица ул аллея ал площадь пл проспект пр переулок пер бульвар шоссе набережная наб вулиця utca út tér körút köz sor caddesi cad sokak sokağı sok bulvarı blv mahallesi mah meydanı ulice náměstí nám třída nábřeží ulica cesta trg straße strasse weg platz allee gasse ring straat laan gata gatan väg vägen gate gade vej katu tie street road avenue',
)

/** What may stand between a street and its number. */
export const numberWords = set(
  'no nr nº n° n num número numero numéro no. nr. № д дом dom d č čp km kv snc bloc bl blok hausnummer bus bte appt apt kat daire',
)

/** German streets without an ending begin with these. */
export const streetOpeners = set(
  'am an im in auf zum zur beim unter hinter vor alte alter altes neue neuer neues große großer kleine obere untere hohe lange an-der auf-dem',
)

/** Parts of a building, after the street. */
export const unitWords = set(
  'apt apartment suite ste unit flat floor fl room rm bldg building appartement appt bât étage piso puerta pta bloque esc escalera planta izq dcha int interno scala apto apartamento bloco wohnung whg etage kat daire кв квартира корп корпус m lok mieszkanie lägenhet lgh',
)

/** States and provinces whose short form stands before a postcode. */
export const states = set(
  'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR AS GU VI AB BC MB NB NL NS NT NU ON PE QC SK YT NSW VIC QLD TAS ACT',
)

/** Lower-case words inside street names. */
export const streetParticles = set(
  'de la las los el del du des le les l d di della delle dei degli dello da das do dos e y et of the van der den het ten ter am an im zum zur auf dem unter und ul al i',
)
