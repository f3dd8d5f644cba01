/// Words that number, measure and count.
enum NumberWords {
    static let cardinals = """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen \
        twenty thirty forty fifty sixty seventy eighty ninety
        """
    static let scales =
        "hundred thousand million billion trillion dozen hundreds thousands millions billions trillions dozens tens scores lakh crore bn mn tn k m b t"
    static let ordinals =
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fifteenth sixteenth twentieth"
    static let currencies = """
        dollar dollars euro euros pound pounds yen yuan ruble rubles rouble roubles rupee rupees cent cents pence peso pesos franc francs \
        krona kronor krone kroner lira won hryvnia hryvnias zloty shekel shekels bitcoin bitcoins usd eur gbp jpy chf rand marks
        """
    static let measures = """
        percent per-cent percentage points metre metres meter meters kilometre kilometres kilometer kilometers km mile miles foot feet inch inches yard yards acre acres hectare \
        hectares ton tons tonne tonnes kilogram kilograms kg gram grams pound pounds ounce ounces litre litres liter liters gallon gallons barrel barrels \
        degree degrees watt watts kilowatt kilowatts megawatt megawatts mw kw gw gigawatts hertz mph kph cm mm mg ml lb lbs oz centimetres centimeters millimetres millimeters
        """
    /// Plural, or standing for people, without an -s.
    static let countNouns = """
        people men women children dead injured wounded missing killed others percent staff police personnel troops aircraft sheep cattle fish jurors \
        feet teeth deaths hurt arrested homeless person man woman child crew series species dogs lives
        """
    /// Words whose number is a name.
    static let labels = """
        number no nos gate page pages chapter section article figure fig table version route highway flight room level phase channel model type grade class category unit item \
        volume vol issue part step interstate line apartment suite rule amendment resolution clause title box platform terminal pier
        """

    /// What a hyphen joins to a number without counting it: `three-way`.
    static let uncounted = [
        "way", "dimensional", "fold", "sided", "handed", "time", "term", "size", "faced", "off", "on", "stop", "to", "on", "half",
    ]

    /// Symbols of units, as they are written.
    static let symbols: Set<String> = [
        "m", "mm", "cm", "km", "nm", "kg", "g", "mg", "l", "ml", "L", "mL", "s", "ms", "h", "ha", "Hz", "kHz", "MHz", "GHz", "kB",
        "MB", "GB", "TB", "W", "kW",
        "MW", "GW", "kWh", "MWh", "V", "kV", "A", "K", "J", "kJ", "Pa", "kPa", "MPa", "hPa", "ppm", "ppb", "dB", "keV", "MeV",
        "mol", "km2", "m2", "m3", "mph", "μm", "µm", "μg", "µg", "μl", "µl", "μL", "µL", "μM", "µM", "mM", "nM", "pM", "μs", "µs",
        "ns",
        "Ma", "ka", "kyr", "Myr", "Gyr", "yr", "eV", "bar", "mbar", "μbar", "µbar", "atm", "Å", "N", "kN", "rpm", "kbps", "Mbps",
        "Gbps",
        "kcal", "cal", "lb", "lbs", "oz", "mi", "ft", "min", "hr", "hrs", "sec", "U", "kph", "au", "AU", "pc", "kpc", "Mpc", "kt",
    ]

    /// The value of a number word below 100, or of a scale.
    static func value(_ word: String) -> Int? { values[word] }

    private static let values: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
        "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90,
        "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000,
        "dozen": 12, "lakh": 100_000, "crore": 10_000_000, "tens": 10, "hundreds": 100, "thousands": 1000, "millions": 1_000_000,
        "billions": 1_000_000_000,
        "trillions": 1_000_000_000_000, "dozens": 12, "scores": 20, "k": 1000, "m": 1_000_000, "mn": 1_000_000,
        "bn": 1_000_000_000,
        "b": 1_000_000_000, "tn": 1_000_000_000_000, "t": 1_000_000_000_000,
    ]
}
