public import HeadwaterModel

/// What a collection keeps. Everything else in the store may go.
///
/// The store knows nothing of runs and names: whoever has it collected says which blobs and bindings are needed, those
/// included that others need only to be understood. A binding that is kept does not keep its value.
public struct LiveSet: Sendable {
    let keepsBlob: @Sendable (Digest) -> Bool
    let keepsBinding: @Sendable (Binding) -> Bool

    /// - Parameters:
    ///   - keepsBlob: whether the blob is needed; asked once for each copy.
    ///   - keepsBinding: whether the binding is; asked once for each copy.
    public init(keepsBlob: @escaping @Sendable (Digest) -> Bool, keepsBinding: @escaping @Sendable (Binding) -> Bool) {
        self.keepsBlob = keepsBlob
        self.keepsBinding = keepsBinding
    }

    /// - Parameter bindings: identities of bindings, as `Binding.digest` has them.
    public init(blobs: Set<Digest>, bindings: Set<Digest>) {
        self.init(keepsBlob: { blobs.contains($0) }, keepsBinding: { bindings.contains($0.digest) })
    }
}
