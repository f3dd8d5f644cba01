import Glibc
import Synchronization

@testable import HeadwaterStore

/// The steps that stores took on a disk, numbered from 0. One of them, or all from one on, can be made to fail.
final class DiskLog: Sendable {
    /// What becomes of the step with the number that is to fail.
    enum Fault: CaseIterable, Sendable {
        case refused
        /// A write writes half of its bytes first.
        case shortWrite
        /// All later steps fail as well.
        case deadDisk
    }

    private let taken = Mutex<[Disk.Step]>([])
    private let faulty: Int
    private let fault: Fault

    init(_ fault: Fault = .refused, at number: Int = .max) {
        self.fault = fault
        faulty = number
    }

    var steps: [Disk.Step] { taken.withLock { $0 } }
    var count: Int { taken.withLock { $0.count } }

    var disk: Disk {
        Disk(watch: { step in
            let number = self.taken.withLock { steps in
                steps.append(step)
                return steps.count - 1
            }
            switch self.fault {
            case .refused where number == self.faulty: return Disk.Refusal(code: number % 2 == 0 ? ENOSPC : EIO)
            case .shortWrite where number == self.faulty:
                if case .write(_, _, let bytes) = step { return Disk.Refusal(code: ENOSPC, written: bytes.count / 2) }
                return nil
            case .deadDisk where number >= self.faulty: return Disk.Refusal(code: EIO)
            default: return nil
            }
        })
    }
}
