import HeadwaterModel
import HeadwaterPluginKit

/// Makes a record of what a plugin says of it. The text is cut out of the inputs here, so that its origin is known by
/// construction and not by word of the plugin.
struct DraftBuilder {
    private let emission: PluginMessage.Emission
    private let inputs: TaskInputs

    init(_ emission: PluginMessage.Emission, _ inputs: TaskInputs) {
        self.emission = emission
        self.inputs = inputs
    }

    func draft() throws -> RecordDraft {
        for (index, parent) in emission.parents.enumerated() where inputs.record(parent) == nil {
            throw MessageFault(field: "parents[\(index)]", "\(parent.short) is no record of this task's input")
        }
        let only = emission.continued ?? (emission.parents.count == 1 ? emission.parents[0] : nil)
        var evidence: [TracedText] = []
        var text = TracedText()
        for (index, piece) in emission.text.enumerated() {
            text.append(try self.text(of: piece, only, "text[\(index)]", &evidence))
        }
        var draft = try started(text)
        for (name, value) in emission.fields.sorted(by: { $0.key < $1.key }) { draft.set(name, value) }
        for (name, cites) in emission.cites.sorted(by: { $0.key < $1.key }) { try cite(name, cites, only, in: &draft) }
        for part in evidence { draft.rest(on: part) }
        return draft
    }

    private func started(_ text: TracedText) throws -> RecordDraft {
        guard let id = emission.continued else {
            return RecordDraft(kind: emission.kind, text: text, parents: emission.parents)
        }
        guard let continued = inputs.record(id) else {
            throw MessageFault(field: "continues", "\(id.short) is no record of this task's input")
        }
        var draft = RecordDraft(continuing: continued, text: text)
        if !emission.kind.isEmpty { draft.kind = emission.kind }
        if !emission.parents.isEmpty { draft.parents = emission.parents }
        return draft
    }

    private func text(
        of piece: TextPiece, _ only: RecordID?, _ field: String, _ evidence: inout [TracedText]
    ) throws -> TracedText {
        switch piece {
        case .literal(let text): return .synthetic(text)
        case .generated(let text, let slices):
            for (index, slice) in slices.enumerated() {
                evidence.append(try inputs.text(of: slice, only: only, field: "\(field).evidence[\(index)]"))
            }
            try inputs.refuseOverlaps(slices, only: only, field: "\(field).evidence")
            return .generated(text)
        case .slice(let slice, let rules):
            var text = try inputs.text(of: slice, only: only, field: "\(field).slice")
            for rule in rules { text = try applied(rule, to: text, "\(field).rule") }
            return text
        }
    }

    /// What the text becomes by a rule, as the operations of `TracedText` do it.
    private func applied(_ rule: Rewriting.Rule, to text: TracedText, _ field: String) throws -> TracedText {
        switch rule {
        case .entity: return text.decodingEntities()
        case .escape(let format): return text.decodingEscapes(of: format)
        case .space: return text.collapsingSpace()
        case .lowercase: return text.lowercased()
        case .nfc: return text.composed()
        case .nfkc: return text.compatibilityComposed()
        case .ligature: return text.expandingLigatures()
        case .mojibake: return text.repairingMojibake()
        case .mask(let kind): return text.masking([kind]).text
        case .lineBreak(let kind):
            let made = text.asBreak(kind)
            guard !made.isEmpty else {
                throw MessageFault(field: field, "the slice holds more than white space and markup, so it is no break")
            }
            return made
        case .cut(let start, let length):
            guard let range = ByteRange(start: start, length: length).checked(within: text.count) else {
                throw MessageFault(field: field, "\(rule) is outside the \(text.count) bytes before it")
            }
            return text[range]
        case .charset: throw MessageFault(field: field, "\(rule) is no rule for a text, which is decoded already")
        }
    }

    private func cite(_ name: String, _ cites: [FieldCite], _ only: RecordID?, in draft: inout RecordDraft) throws {
        guard let value = draft.fields[name] else {
            throw MessageFault(field: "cites.\(name)", "the record has no field \(name)")
        }
        var places: [(source: Digest, range: ByteRange)] = []
        var slices: [TextPiece.Slice] = []
        for (index, cite) in cites.enumerated() {
            let field = "cites.\(name)[\(index)]"
            switch cite {
            case .slice(let slice):
                places += try inputs.text(of: slice, only: only, field: field).citations
                slices.append(slice)
            case .field(let record, let cited):
                guard let id = record ?? only, let input = inputs.record(id) else {
                    throw MessageFault(field: field, "it does not say of which record of the input")
                }
                guard input.fields[cited] != nil else {
                    throw MessageFault(field: field, "record \(id.short) has no field \(cited)")
                }
                places += input.cite(of: cited)
            }
        }
        try inputs.refuseOverlaps(slices, only: only, field: "cites.\(name)")
        draft.set(name, value, citing: places)
    }
}
