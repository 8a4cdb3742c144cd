/** What is written with a capital next to a name without being part of one, and names that are mostly other words. */

const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''))

/** Given or family names that are more often a word, a place, a month or a brand: weak by themselves. Without diacritics. */
export const doubtful = set(`
  will mark may grace hope art bill rose jack august paris long young king brown green white black gray grey hill wood woods stone bush field fields page price rich dean chase grant faith joy dawn summer autumn
  april june july violet ivy lily daisy pearl ruby crystal amber jade iris heather holly olive ginger rusty sandy rocky buddy chip drew frank gene glen guy harper hunter mason parker carter cooper taylor miller
  baker cook fisher porter potter carpenter archer knight bishop pope abbott dean major judge duke earl prince sterling lane park parks brook brooks lake forest rivers marsh moss snow frost winters day week
  little short small sharp strong swift best case cross power powers banks bond cash penny nickel gold silver diamond jordan israel chad georgia austin dallas houston washington lincoln madison jackson charlotte
  virginia carolina florence sydney victoria santiago valencia madrid london berlin milan lisbon kent sierra destiny harmony melody serenity trinity genesis eden angel christian pat sue rob nick don ray jay lee
  van den can eren deniz al man an ho do le du ma he she ai lin mai long hai nam bin ali mars nova sol luz rosa blanca clara alba mora vera viva real van ver lo la los pan pop star stoica mina art bush love
  max nova mercedes dolores pilar concepcion encarnacion consuelo esperanza soledad paloma reina alma flora sara perla marina luna leon sol fe cruz reyes santos ramos flores torres castillo iglesias
  prieto blanco rubio delgado moreno calvo bravo crespo petit blanc roux brun noir gay carre berger boulanger fleury klein gross kurz lang schwarz weiss braun jung alt kaiser konig graf richter bauer koch
  schneider fischer muller jager zimmermann winter sommer herbst montag sonntag freitag engel fuchs wolf vogel stein berg stern bosch ford lincoln dell hewlett morgan chase wells fargo goodman hall ward house church
  temple street north south east west england ireland holland french german english spanish roman ocean ariel siri alexa cortana watson oracle amazon apple june bell wall ring rings star moon sun sky storm rain
  bird fish fox wolf bear lamb bull crane swan drake finch robin martin jay hawk eagle buck rice bean berry cherry apple plum peach olive pepper sage basil rosemary ginger bailey english story read reed ross
  major minor senior junior master page pace pool poole rush rust sparks spring summers wise wilde savage noble moody merry gentle good goode fair fairchild bright smart sharp stout strong hardy swift quick hastings
  case close cope court crews cruise curry dance daily dale dell dear dove drew ely ember favor ferry flood floyd flowers forge gates gore grove grow guest ha hooker hunt huff ives jewel job key keys land law lord loud
  low lunch lunch marks means mills mix more nap new newman noel nuance oh ok one pack paige paste patience peace pine pitt polish post prime pride queen race ransom ray read rest rich rider ring road rock royal sang see
  seal sell sellers shade shell ship short silence sleep so song speed spice stock story stout street style such sweet tell test tide tower town trace trip true tune via view vine wade walker walls wan war waters way wayne weed
  weeks welcome wells win wing wish wolf wonder work worth wu yes york you`)

/** Names of the longer lists that are words of English, or places, before they are names. */
export const alsoWords = set(`
  battle booker block brand christ funk held hammer horn stark storm slot roche rey mast mol dam pol post pace petty marks miles hazel homer savage stout vienna stella viola perla placido tan can er ay alp nil su ela eda cam dal tas kok boz
  beat primo secondo quinto sesto felice modesto clemente celeste asia aurora iris linda italo romano costa porta ponte rocca chiesa festa forte papa re natale venezia palermo milano messina salerno turco spagnolo tedesco toscano calabrese
  real conde prado torre casas campos campo arenas paz claus honor english flood burger real roman rose prinz freund kaiser maximum novel sierra segovia toledo valle aragon cordoba granada leal lobo pires silver fors alm ek palm bang bro beck koch bach dam toft moll mann
  tate travis york lance chester clay cliff clifton dale dusty earl ernest faith fern forrest garrett gilbert lane lance leo mills mona morgan nelson norman oscar otis otto penny quincy randall regina rex ross rowan royal stella victor virgil ada alma angus delta della fay flora ida ira lyle myra olive polly ruby vera viola wade wanda
  durham lancaster preston bradford burnley winchester hastings hampton clifton dudley nash reading warwick cleveland newell mercer mackay sheffield stafford`)

/** Words with a capital that aren't names: what begins sentences, what follows a name in a name of something else. */
export const notNames = set(`
  area areas islands coast gulf sales business text author trial query remote buffer vulnerability builder edition guide customer customers valued friend friends everyone colleague colleagues all team sirs readers subscribers
  the a an and or but if then else when where while who whom whose which what why how this that these those there here i you he she it we they me him her us them my your his its our their mine yours ours
  is are was were be been being am do does did done has have had having can could shall should will would may might must not no nor yes as at by for from in into of off on onto out over to under up upon with without
  after before since until during about above below between against among through again once also just only even still yet so too very more most less least many much few some any all both each every either neither other
  another such same own new old first last next previous one two three four five six seven eight nine ten hello hi hey dear thanks thank please sorry regards sincerely cheers best welcome congratulations note notes
  subject re fw fwd date from sent received reply message mail email phone fax address contact call name title company department office team group inc ltd llc corp corporation co gmbh ag sa plc limited international national
  university college school institute academy hospital clinic church temple museum library bank hotel restaurant cafe bar store shop market mall center centre theater theatre stadium airport station bridge tower
  street st road rd avenue ave boulevard blvd drive dr lane ln court ct place pl square terrace way highway park river lake mountain mount island bay beach valley forest garden gardens hill hills city town village county state
  country north south east west northern southern eastern western central american british french german spanish italian russian chinese japanese indian european african asian canadian australian english dutch polish
  monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december today tomorrow yesterday
  government ministry minister president senator congress parliament council committee commission court judge police army navy force department agency association foundation society union party board bureau
  act agreement award awards cup league championship festival prize project program programme system service services software hardware network web site website page server client windows linux unix microsoft apple
  google amazon oracle ibm intel facebook twitter internet computer data database file files error warning version release update download free click list user users password account order invoice number total price product
  article section chapter figure table report review news times post journal magazine press media radio television film movie music song album band game book books
  effect effects law theorem syndrome disease test method index model theory algorithm equation process principle paradox award
  mr mrs ms miss sir madam lord lady doctor professor prof rev hon
  der die das den dem des ein eine einer eines einem einen und oder aber wenn ist sind war waren hat haben wird werden kann nicht mit von zu zum zur bei nach vor auf aus für über unter durch gegen ohne um wir ihr sie er es ich mein meine
  dein ihre unser unsere bitte danke hallo guten sehr geehrte geehrter herr frau kunde kundin patient patientin antrag rechnung bestellung nummer straße firma termin heute morgen gestern anruf
  el la los las un una unos unas y o u e pero si es son era fue ha han con de del al por para sin sobre entre desde hasta hacia como que quien cual donde cuando mi tu su nuestro nuestra yo ella nosotros ellos estimado estimada
  hola gracias señor señora cliente pedido factura número calle empresa
  le les l un une des du de et ou mais est sont était a ont avec pour dans sur sous par sans chez vers en au aux ce cette ces mon ma mes ton son sa ses notre votre leur je il elle nous vous ils elles bonjour merci cher chère
  monsieur madame mademoiselle client cliente commande facture numéro rue société
  il lo gli i uno e o ma è sono era ha hanno con di da del della dei per su tra fra nel nella al alla questo questa mio mia suo sua noi voi loro io ciao grazie gentile signor signora cliente ordine fattura numero via
  o os as um uma e ou mas é são foi com de da do das dos para por em no na nos nas ao à pelo pela seu sua meu minha eu ele ela nós eles olá obrigado prezado senhor senhora cliente pedido
  het een en of maar is zijn was met van voor op in aan bij naar uit over onder door tegen zonder ik jij hij zij wij jullie mijn jouw haar ons onze beste geachte heer mevrouw klant
  i a w z na do od po za przez o u dla jest są był była nie tak ten ta to ja ty on ona my wy oni pan pani pana pani klient szanowny dzień dobry
  och eller men är var har med av för på i till från om under jag du han hon vi ni de min din sin hej tack bästa kund
  ve veya ama ile için bir bu şu ben sen o biz siz onlar sayın bay bayan müşteri merhaba
  je a ale nebo se s v z na do od po za pro byl byla jsem jste pan paní vážený zákazník
  и в на с по к от для из о у не что как это он она мы вы они я ты его её их был была были клиент уважаемый уважаемая здравствуйте спасибо господин госпожа пациент договор`)
