import HeadwaterTesting
import Testing

@testable import HeadwaterStore

/// Files that lie in a store's folder and are no part of it.
@Suite struct AsideTests {
    private let old = noise(300, seed: 1)
    private let new = noise(5000, seed: 2)

    @Test("Whatever step fails, the file is as it was or as it is to be, and the next writer finds nothing left over")
    func faults() throws {
        var number = 0
        var replaced = 0
        while true {
            var count = 0
            for fault in DiskLog.Fault.allCases {
                let folder = try TemporaryFolder(inMemory: true)
                let log = DiskLog(fault, at: number)
                do {
                    let store = try Store.open(at: folder.path, .write)
                    try store.setAside(as: "notes/of one/a") { try $0(old) }
                    try store.close()
                    var settings = Store.Settings()
                    settings.disk = log.disk
                    let next = try? Store.open(at: folder.path, .write, settings)
                    let isSaid = (try? next?.setAside(as: "notes/of one/a") { try $0(new) }) != nil
                    let found = try read(folder("notes/of one/a"))
                    #expect(found == (isSaid ? new : old), "\(fault) at step \(number)")
                    replaced += isSaid ? 1 : 0
                }
                try Store.open(at: folder.path, .write).close()
                #expect(try snapshot(folder, "tmp").isEmpty, "\(fault) at step \(number)")
                count = max(count, log.count)
            }
            if count <= number { break }
            number += 1
        }
        #expect(number > 5 && replaced >= 3)
    }

    @Test("Who reads sets nothing aside")
    func reader() throws {
        let folder = try TemporaryFolder(inMemory: true)
        try Store.open(at: folder.path, .write).close()
        let reader = try Store.open(at: folder.path, .read)
        #expect(kind { try reader.setAside(as: "notes") { try $0(old) } } == .notWritable)
    }
}
