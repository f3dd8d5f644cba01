/// How dates are written in a language: the names of its months, and whether the month stands first in digits.
struct DateLocale: Sendable {
    /// Month names and their short forms, in small letters, with 1 for January to 12.
    let months: [String: Int]
    /// Whether `3/4/2025` is the fourth of March.
    let isMonthFirst: Bool

    /// The locale of a language tag (BCP 47); one whose language has no names here reads digits only.
    init(languageTag tag: String) {
        let parts = tag.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" }).map(String.init)
        let language = parts.first ?? "en"
        var months: [String: Int] = [:]
        for (number, names) in (Self.names[language] ?? "").split(separator: " ").enumerated() {
            for name in names.split(separator: "|") { months[String(name)] = number + 1 }
        }
        self.months = months
        // CLDR's short date patterns: of the countries that write English, the United States and the Philippines put the month first.
        isMonthFirst = language == "en" && (parts.count == 1 || parts.contains("us") || parts.contains("ph"))
    }

    /// Words that may stand between the parts of a date: `14 de marzo de 2025`, `den 14 mars`.
    static let joints = ["de", "del", "d", "di", "of", "den", "dne", "г", "року"]

    /// From January to December, with the forms that stand behind a day (CLDR 44, formatted and abbreviated months).
    private static let names: [String: String] = [
        "de":
            "januar|jänner|jan februar|feber|feb märz|mär|mrz april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov dezember|dez",
        "fr":
            "janvier|janv février|févr|fevrier mars avril|avr mai juin juillet|juil août|aout septembre|sept octobre|oct novembre|nov décembre|déc|decembre",
        "es":
            "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago septiembre|setiembre|sept|sep octubre|oct noviembre|nov diciembre|dic",
        "it":
            "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago settembre|set ottobre|ott novembre|nov dicembre|dic",
        "pt":
            "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set outubro|out novembro|nov dezembro|dez",
        "nl":
            "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep oktober|okt november|nov december|dec",
        "sv":
            "januari|jan februari|feb mars april|apr maj juni juli augusti|aug september|sep oktober|okt november|nov december|dec",
        "da":
            "januar|jan februar|feb marts april|apr maj juni juli august|aug september|sep oktober|okt november|nov december|dec",
        "no":
            "januar|jan februar|feb mars april|apr mai juni juli august|aug september|sep oktober|okt november|nov desember|des",
        "nb":
            "januar|jan februar|feb mars april|apr mai juni juli august|aug september|sep oktober|okt november|nov desember|des",
        "fi":
            "tammikuuta|tammikuu helmikuuta|helmikuu maaliskuuta|maaliskuu huhtikuuta|huhtikuu toukokuuta|toukokuu kesäkuuta|kesäkuu heinäkuuta|heinäkuu elokuuta|elokuu syyskuuta|syyskuu lokakuuta|lokakuu marraskuuta|marraskuu joulukuuta|joulukuu",
        "pl":
            "stycznia|styczeń lutego|luty marca|marzec kwietnia|kwiecień maja|maj czerwca|czerwiec lipca|lipiec sierpnia|sierpień września|wrzesień października|październik listopada|listopad grudnia|grudzień",
        "cs":
            "ledna|leden února|únor března|březen dubna|duben května|květen června|červen července|červenec srpna|srpen září října|říjen listopadu|listopad prosince|prosinec",
        "sk":
            "januára|január februára|február marca|marec apríla|apríl mája|máj júna|jún júla|júl augusta|august septembra|september októbra|október novembra|november decembra|december",
        "hu":
            "január|jan február|febr március|márc április|ápr május|máj június|jún július|júl augusztus|aug szeptember|szept október|okt november|nov december|dec",
        "ro":
            "ianuarie|ian februarie|feb martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug septembrie|sept octombrie|oct noiembrie|nov decembrie|dec",
        "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga|studenog prosinca",
        "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "ru":
            "января|январь|янв февраля|февраль|фев марта|март апреля|апрель|апр мая|май июня|июнь июля|июль августа|август|авг сентября|сентябрь|сен октября|октябрь|окт ноября|ноябрь|ноя декабря|декабрь|дек",
        "uk":
            "січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень серпня|серпень вересня|вересень жовтня|жовтень листопада|листопад грудня|грудень",
        "el":
            "ιανουαρίου|ιανουάριος φεβρουαρίου|φεβρουάριος μαρτίου|μάρτιος απριλίου|απρίλιος μαΐου|μάιος ιουνίου|ιούνιος ιουλίου|ιούλιος αυγούστου|αύγουστος σεπτεμβρίου|σεπτέμβριος οκτωβρίου|οκτώβριος νοεμβρίου|νοέμβριος δεκεμβρίου|δεκέμβριος",
    ]
}
