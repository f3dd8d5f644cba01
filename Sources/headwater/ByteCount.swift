import Foundation

/// A number of bytes as people read it: `812 B`, `48.3 kB`, `1.20 GB`; powers of 1000.
enum ByteCount {
    static func text(_ count: Int) -> String {
        if count < 1000 { return "\(count) B" }
        var value = Double(count)
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        while value >= 999.5 && unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return String(format: value < 9.995 ? "%.2f %@" : value < 99.95 ? "%.1f %@" : "%.0f %@", value, units[unit])
    }
}
