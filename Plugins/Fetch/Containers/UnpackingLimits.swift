/// How much one stream of packed bytes may unpack to: few of them may stand for more than a disk holds.
struct UnpackingLimits: Sendable {
    /// In bytes.
    var maximum = 64 << 30
    /// More bytes than so many for each packed one are a bomb's, once there are `least`. Text comes to 20 at most where it
    /// does not repeat itself; zeros come to 1032 with gzip and to many thousands with others.
    var bomb = (ratio: 200, least: 256 << 20)

    /// What keeps so many bytes from being taken; nil where they may be.
    func fault(packed: Int, unpacked: Int) -> MemberFault? {
        if unpacked > maximum {
            return MemberFault(
                "it unpacks to more than \(maximum) bytes, and 'maximumUnpacked' allows no more", reason: "too-large")
        }
        if unpacked > bomb.least, unpacked / bomb.ratio > packed {
            return MemberFault(
                "it unpacks to more than \(bomb.ratio) times its size, as bombs do; if it is none, unpack it yourself and name "
                    + "what it holds in 'from'", reason: "too-large")
        }
        return nil
    }
}
