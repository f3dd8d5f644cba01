import HeadwaterModel
import Testing

@Suite struct TaskEntryTests {
    @Test("an entry's bytes are those of its JSON, and read back to it, with and without what it may lack")
    func canonical() throws {
        for log in [nil, Digest(of: [1])] {
            for containers in [nil, Digest(of: [2])] {
                let entry = TaskEntry(
                    phase: .apply, partition: "news/\"a\".html", key: Digest(of: [3]), result: Digest(of: [4]), isHit: log == nil,
                    log: log, containers: containers)
                #expect(entry.canonical == entry.json.canonical)
                #expect(try TaskEntry(json: JSON(parsing: entry.canonical)) == entry)
            }
        }
    }

    @Test("a container reads back as it was written, with ranges and without")
    func container() throws {
        let container = Container(
            source: "a.tar.gz!/b", file: "a.tar.gz", digest: Digest(of: [5]), number: 7,
            layers: [
                .init(.gzip, ByteRange(start: 3, length: 40)), .init(.stored, ByteRange(start: 512, length: 9)), .init(.zstd),
            ])
        #expect(try Container(json: JSON(parsing: container.json.canonical)) == container)
        for damaged in [#"["rar",1,2]"#, #"["gzip",-1,2]"#, #"["gzip",1]"#, "7"] {
            var json = container.json.object ?? [:]
            json["layers"] = .array([try JSON(parsing: Array(damaged.utf8))])
            #expect(throws: DocumentError.self) { try Container(json: .object(json)) }
        }
    }
}
