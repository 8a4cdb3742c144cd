/** Names of months and their usual short forms, January first. */
const names = [
  'january jan januar jänner janvier janv enero ene janeiro gennaio gen januari stycznia styczeń ocak января январь января ledna leden ianuarie január tammikuuta siječnja січня ιανουαρίου',
  'february feb februar février févr fév febrero fevereiro fev febbraio februari lutego luty şubat февраля февраль února únor februarie február helmikuuta veljače лютого φεβρουαρίου',
  'march mar märz mars marzo março maart marca marzec mart марта март března březen martie március maaliskuuta ožujka березня μαρτίου',
  'april apr avril avr abril abr aprile kwietnia kwiecień nisan апреля апрель dubna duben aprilie április huhtikuuta travnja квітня απριλίου',
  'may mai mayo maio maggio mag mei maja maj mayıs мая май května květen május toukokuuta svibnja травня μαΐου',
  'june jun juni juin junio junho giugno giu czerwca czerwiec haziran июня июнь června červen iunie június kesäkuuta lipnja червня ιουνίου',
  'july jul juli juillet juil julio julho luglio lug lipca lipiec temmuz июля июль července červenec iulie július heinäkuuta srpnja липня ιουλίου',
  'august aug août agosto ago augustus augusti sierpnia sierpień ağustos августа август srpna srpen augusztus elokuuta kolovoza серпня αυγούστου',
  'september sep sept septembre septiembre setembro set settembre september września wrzesień eylül сентября сентябрь září septembrie szeptember syyskuuta rujna вересня σεπτεμβρίου',
  'october oct okt oktober octobre octubre outubro out ottobre ott października październik ekim октября октябрь října říjen octombrie október lokakuuta listopada жовтня οκτωβρίου',
  'november nov novembre noviembre novembro listopad kasım ноября ноябрь noiembrie marraskuuta studenoga листопада νοεμβρίου',
  'december dec dez dezember décembre déc diciembre dic dezembro dicembre december grudnia grudzień aralık декабря декабрь prosince prosinec decembrie joulukuuta prosinca грудня δεκεμβρίου',
]

/** The number of a month by its name in lower case. "Listopada" is October in Croatian and November in Polish: either is a month. */
export const months: ReadonlyMap<string, number> = new Map(
  names.flatMap((line, i) => line.split(' ').map((name) => [name, i + 1] as const)),
)
