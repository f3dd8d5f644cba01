import HeadwaterModel

/// One statement of W3C PROV (PROV-DM, section 5): that something is there, or how two things stand to each other.
struct ProvenanceStatement: Equatable {
    /// In the order in which an export has them, where it orders them by kind.
    enum Kind: String, CaseIterable {
        case entity, activity, agent
        case used, wasGeneratedBy, wasStartedBy, wasAssociatedWith
        case wasDerivedFrom, wasInfluencedBy, specializationOf, hadMember

        /// What PROV-JSON calls the arguments, in PROV-N's order; the name of an element itself is no argument.
        var arguments: [String] {
            switch self {
            case .entity, .agent: []
            case .activity: ["prov:startTime", "prov:endTime"]
            case .used: ["prov:activity", "prov:entity", "prov:time"]
            case .wasGeneratedBy: ["prov:entity", "prov:activity", "prov:time"]
            case .wasStartedBy: ["prov:activity", "prov:trigger", "prov:starter", "prov:time"]
            case .wasAssociatedWith: ["prov:activity", "prov:agent", "prov:plan"]
            case .wasDerivedFrom:
                ["prov:generatedEntity", "prov:usedEntity", "prov:activity", "prov:generation", "prov:usage"]
            case .wasInfluencedBy: ["prov:influencee", "prov:influencer"]
            case .specializationOf: ["prov:specificEntity", "prov:generalEntity"]
            case .hadMember: ["prov:collection", "prov:entity"]
            }
        }

        /// Whether it says that something is there. An element has a name; a relation has none.
        var isElement: Bool { self == .entity || self == .activity || self == .agent }
    }

    enum Argument: Equatable {
        case name(QualifiedName)
        /// Milliseconds since 1970.
        case time(Int)
    }

    enum Value: Equatable {
        case text(String)
        case number(Int)
        case name(QualifiedName)
    }

    /// One attribute; a name may occur several times.
    struct Attribute: Equatable {
        var name: QualifiedName
        var value: Value
    }

    var kind: Kind
    /// Of an element.
    var name: QualifiedName?
    /// As many as the kind has, nil for those that are not told.
    var arguments: [Argument?]
    var attributes: [Attribute]

    private init(_ kind: Kind, _ name: QualifiedName?, _ arguments: [Argument?], _ attributes: [Attribute]) {
        self.kind = kind
        self.name = name
        self.arguments = arguments + Array(repeating: nil, count: kind.arguments.count - arguments.count)
        self.attributes = attributes
    }

    // MARK: Elements

    static func entity(_ name: QualifiedName, _ attributes: [Attribute]) -> Self { Self(.entity, name, [], attributes) }

    static func agent(_ name: QualifiedName, _ attributes: [Attribute]) -> Self { Self(.agent, name, [], attributes) }

    static func activity(_ name: QualifiedName, started: Int? = nil, ended: Int? = nil, _ attributes: [Attribute]) -> Self {
        Self(.activity, name, [started.map { .time($0) }, ended.map { .time($0) }], attributes)
    }

    // MARK: Relations

    static func relation(_ kind: Kind, _ names: QualifiedName?..., with attributes: [Attribute] = []) -> Self {
        Self(kind, nil, names.map { $0.map { .name($0) } }, attributes)
    }
}

extension ProvenanceStatement.Attribute {
    /// What kind of thing it is, in Headwater's words.
    static func type(_ name: String) -> Self { Self(name: QualifiedName(.prov, "type"), value: .name(QualifiedName(.hw, name))) }

    /// What kind of thing it is, in PROV's words.
    static func provType(_ name: String) -> Self {
        Self(name: QualifiedName(.prov, "type"), value: .name(QualifiedName(.prov, name)))
    }

    static func role(_ role: String) -> Self { Self(name: QualifiedName(.prov, "role"), value: .text(role)) }

    static func text(_ name: String, _ value: String) -> Self { Self(name: QualifiedName(.hw, name), value: .text(value)) }

    static func number(_ name: String, _ value: Int) -> Self { Self(name: QualifiedName(.hw, name), value: .number(value)) }
}
