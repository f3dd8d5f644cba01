import Glibc

extension StoreError {
    /// The error for a system call that failed with this `errno`; `action` completes "could not …".
    static func system(_ code: Int32, _ path: String, _ action: String) -> StoreError {
        let fact = "could not \(action): \(String(cString: strerror(code)))"
        return switch code {
        case ENOSPC, EDQUOT:
            StoreError(.fullDisk, path, fact, remedy: "free some space and run again; what was committed is safe")
        case EACCES, EPERM, EROFS:
            StoreError(.notPermitted, path, fact, remedy: "check who owns it and how its file system is mounted")
        case EFBIG:
            StoreError(.fileSizeLimit, path, fact, remedy: "raise the limit on file sizes (ulimit -f) and run again")
        default:
            StoreError(.system(code), path, fact, remedy: "see to the cause and run again; what was committed is safe")
        }
    }
}
