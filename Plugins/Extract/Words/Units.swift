import HeadwaterPluginKit

/// The table of units: what each symbol and word stands for, and how much of the base unit it is.
///
/// Factors are exact by definition (BIPM, "The International System of Units", 9th edition; NIST SP 811 for the others). Words
/// that mean several units (`ton`, `gallon`, `pound`) and scales with another zero (`°F`) have none.
enum Units {
    struct Unit: Sendable {
        /// The base unit: `m`, `kg`, `s`, `m2`, `m3`, `J`, `W`, `Hz`, `Pa`, `km/h`, `B`, `1`.
        var base: String
        /// How much of it one is, as a decimal.
        var factor: Decimal
    }

    /// The unit of a word or symbol. Symbols are read as they are written, words in small letters.
    static func unit(_ written: String) -> Unit? { table[written] }

    private static let table: [String: Unit] = {
        var out: [String: Unit] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count > 2, let factor = Decimal(reading: Array(parts[1].utf8)[...]) else { continue }
            for name in parts.dropFirst(2) {
                out[name.split(separator: "_").joined(separator: " ")] = Unit(base: String(parts[0]), factor: factor)
            }
        }
        return out
    }()

    /// Base unit, factor, and what is written for it; `_` stands for a space.
    private static let lines = """
        m 1 m metre metres meter meters
        m 1000 km kilometre kilometres kilometer kilometers
        m 0.01 cm centimetre centimetres centimeter centimeters
        m 0.001 mm millimetre millimetres millimeter millimeters
        m 0.000001 μm µm micrometre micrometres micrometer micrometers micron microns
        m 0.000000001 nm nanometre nanometres nanometer nanometers
        m 1609.344 mi mile miles
        m 1852 nautical_mile nautical_miles
        m 0.9144 yd yard yards
        m 0.3048 ft foot feet
        m 0.0254 inch inches
        kg 1 kg kilogram kilograms kilogramme kilogrammes kilo kilos
        kg 0.001 g gram grams
        kg 0.000001 mg milligram milligrams
        kg 0.000000001 μg µg microgram micrograms
        kg 1000 tonne tonnes
        kg 0.45359237 lb lbs
        kg 0.028349523125 oz ounce ounces
        m2 1 m2 square_metres square_meters square_metre square_meter
        m2 1000000 km2 square_kilometres square_kilometers square_kilometre square_kilometer
        m2 2589988.110336 square_mile square_miles
        m2 0.09290304 square_foot square_feet
        m2 10000 ha hectare hectares
        m2 4046.8564224 acre acres
        m3 1 m3 cubic_metre cubic_metres cubic_meter cubic_meters
        m3 0.028316846592 cubic_foot cubic_feet
        m3 0.001 l L litre litres liter liters
        m3 0.000001 ml mL millilitre millilitres milliliter milliliters
        m3 0.158987294928 barrel barrels
        s 1 s sec
        s 0.001 ms millisecond milliseconds
        s 60 min
        s 3600 h hr hrs
        Hz 1 Hz hertz
        Hz 1000 kHz
        Hz 1000000 MHz
        Hz 1000000000 GHz
        J 1 J joule joules
        J 1000 kJ
        J 4184 kcal
        J 3600000 kWh kilowatt-hour kilowatt-hours
        J 3600000000 MWh
        W 1 W watt watts
        W 1000 kW kw kilowatt kilowatts
        W 1000000 MW mw megawatt megawatts
        W 1000000000 GW gw gigawatt gigawatts
        Pa 1 Pa
        Pa 100 hPa mbar
        Pa 1000 kPa
        Pa 1000000 MPa
        Pa 100000 bar
        km/h 1 km/h kph
        km/h 1.609344 mph
        B 1 bytes byte
        B 1000 kB
        B 1000000 MB
        B 1000000000 GB
        B 1000000000000 TB
        1 0.01 percent
        1 0.001 ‰
        1 0.000001 ppm
        1 0.000000001 ppb
        """
}
