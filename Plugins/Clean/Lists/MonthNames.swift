/// Names and abbreviations of the months, January first, as dates on pages spell them. Lower case.
let monthNames: [[String]] = [
    [
        "january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene", "janeiro", "gennaio", "januari", "stycznia",
        "января",
    ],
    ["february", "feb", "februar", "février", "févr", "febrero", "fevereiro", "febbraio", "februari", "lutego", "февраля"],
    ["march", "mar", "märz", "mars", "marzo", "março", "maart", "marca", "марта"],
    ["april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwietnia", "апреля"],
    ["may", "mai", "mayo", "maio", "maggio", "mei", "maja", "мая"],
    ["june", "jun", "juni", "juin", "junio", "junho", "giugno", "czerwca", "июня"],
    ["july", "jul", "juli", "juillet", "juil", "julio", "julho", "luglio", "lipca", "июля"],
    ["august", "aug", "août", "agosto", "augustus", "sierpnia", "августа"],
    ["september", "sep", "sept", "septembre", "septiembre", "setembro", "settembre", "września", "сентября"],
    ["october", "oct", "oktober", "okt", "octobre", "octubre", "outubro", "ottobre", "października", "октября"],
    ["november", "nov", "novembre", "noviembre", "novembro", "listopada", "ноября"],
    ["december", "dec", "dezember", "dez", "décembre", "déc", "diciembre", "dic", "dezembro", "dicembre", "grudnia", "декабря"],
]
/// Words that stand beside a date in a line that only says when.
let dateCompanions = """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    am pm a.m p.m at on et est edt cst cdt pst pdt pt ct gmt utc bst ist cet cest noon midnight
    published updated posted modified last first date created added original originally from to of the hours
    st nd rd th h uhr um am den le à el de del di года г в
    montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica
    """
