/// The version of Headwater, as the command prints it and servers are told it.
public enum ProgramVersion {
    public static let text = "0.1.0"
}
