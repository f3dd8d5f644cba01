import HeadwaterModel
import HeadwaterStore

/// Tells what is wrong with a store from what only stood in the way of reading it.
public enum Damage {
    /// Whether the error means that something the store should hold is missing, altered or not what its place calls for.
    public static func isMeant(by error: any Error) -> Bool {
        switch error {
        case let error as StoreError:
            if case .missingBlob = error.kind { return true }
            return error.isDamage
        case is RecordError, is DocumentError, is JSONError: return true
        default: return false
        }
    }
}
