import HeadwaterPluginKit

@main struct Main {
    static func main() throws { try PluginServer.serve(Passages.self) }
}
